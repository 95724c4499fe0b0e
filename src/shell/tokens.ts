/**
 * What the parts of a line of TypeScript are, for colours and brackets. It takes any text, however broken: what is typed
 * is mostly unfinished. A line needs only the state the one before it ended in, so a line that did not change is not read
 * again.
 */

export type TokenKind = "keyword" | "constant" | "string" | "number" | "comment" | "type" | "bracket";

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

export interface TokenizedLine {
  /** Their places are in UTF-16 units of the line. */
  readonly tokens: readonly Token[];
  /** What the next line begins in. */
  readonly state: string;
}

/** Reads a line that begins in `state`. */
export type Tokenize = (line: string, state: string) => TokenizedLine;

/**
 * What is open, outermost first: a template (`` ` ``), the code in it (`$`) and braces in that (`{`), a comment (`*`), a
 * text that goes on after a backslash (`'` or `"`). The last character says whether a slash begins a regular expression.
 */
export const START = "r";

const KEYWORDS = new Set(
  (
    "as async await break case catch class const continue debugger default delete do else enum export extends finally " +
    "for from function if implements import in instanceof interface let namespace new of return satisfies static super " +
    "switch this throw try typeof using var void while with yield"
  ).split(" "),
);
const CONSTANTS = new Set(["true", "false", "null", "undefined", "NaN", "Infinity"]);
/** Keywords that are values: behind them a slash divides. */
const VALUES = new Set(["this", "super"]);

const SPACE = /\s+/y;
const LINE_COMMENT = /\/\/.*|#!.*|#moebi:.*/y;
const COMMENT_END = /\*\//g;
const TEXT = { '"': /(?:[^"\\]|\\.)*/y, "'": /(?:[^'\\]|\\.)*/y } as const;
const TEMPLATE = /(?:[^`\\$]|\\.|\\$|\$(?!\{))*/y;
const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)n?/y;
const WORD = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const REGEX = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[a-z]*/y;

export const tokenizeLine: Tokenize = (line, state) => {
  const tokens: Token[] = [];
  const open = [...state.slice(0, -1)];
  let regex = state.endsWith("r");
  let at = 0;
  let property = false;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(line)?.[0];
  };
  const add = (kind: TokenKind | undefined, length: number): void => {
    if (kind !== undefined && length > 0) tokens.push({ kind, start: at, end: at + length });
    at += length;
  };

  while (at < line.length) {
    const inside = open.at(-1);
    if (inside === "*") {
      COMMENT_END.lastIndex = at;
      const end = COMMENT_END.exec(line);
      if (end) open.pop();
      add("comment", (end ? end.index + 2 : line.length) - at);
    } else if (inside === '"' || inside === "'") {
      open.pop();
      text(inside, 0);
    } else if (inside === "`") {
      add("string", match(TEMPLATE)?.length ?? 0);
      if (line[at] === "`") {
        add("string", 1);
        open.pop();
        regex = false;
      } else if (line.startsWith("${", at)) {
        add("string", 1);
        add("bracket", 1);
        open.push("$");
        regex = true;
      } else at = line.length;
    } else code();
  }
  return { tokens, state: open.join("") + (regex ? "r" : "d") };

  function text(quote: '"' | "'", opening: number): void {
    const pattern = TEXT[quote];
    pattern.lastIndex = at + opening;
    const body = pattern.exec(line)?.[0].length ?? 0;
    const end = at + opening + body;
    if (line[end] === "\\") open.push(quote);
    add("string", Math.min(line.length, end + 1) - at);
    regex = false;
  }

  function code(): void {
    const space = match(SPACE);
    if (space !== undefined) return add(undefined, space.length);
    const comment = match(LINE_COMMENT);
    if (comment !== undefined) return add("comment", comment.length);
    if (line.startsWith("/*", at)) {
      open.push("*");
      return add("comment", 2);
    }
    const character = line.charAt(at);
    if (character === '"' || character === "'") return text(character, 1);
    if (character === "`") {
      open.push("`");
      return add("string", 1);
    }
    const expression = regex ? match(REGEX) : undefined;
    if (expression !== undefined) {
      regex = false;
      return add("string", expression.length);
    }
    const number = match(NUMBER);
    if (number !== undefined) {
      regex = false;
      return add("number", number.length);
    }
    const word = match(WORD);
    if (word !== undefined) return name(word);
    if ("()[]{}".includes(character)) return bracket(character);
    property = character === "." && !line.startsWith("...", at) && line[at - 1] !== ".";
    regex = character !== ".";
    add(undefined, 1);
  }

  function name(word: string): void {
    const keyword = !property && KEYWORDS.has(word);
    const constant = !property && CONSTANTS.has(word);
    property = false;
    regex = keyword && !VALUES.has(word);
    add(keyword ? "keyword" : constant ? "constant" : /^\p{Lu}/u.test(word) ? "type" : undefined, word.length);
  }

  function bracket(character: string): void {
    property = false;
    regex = "([{".includes(character) || character === "}";
    if (character === "{" && open.length > 0) open.push("{");
    if (character === "}" && open.length > 0) open.pop();
    add("bracket", 1);
  }
};

/** A `tokenize` that remembers the lines it has read, the latest `limit` of them. */
export function remembering(tokenize: Tokenize = tokenizeLine, limit = 2000): Tokenize {
  const known = new Map<string, TokenizedLine>();
  return (line, state) => {
    const key = `${state}\n${line}`;
    let read = known.get(key);
    if (read === undefined) {
      read = tokenize(line, state);
      if (known.size >= limit) known.clear();
      known.set(key, read);
    }
    return read;
  };
}

/** The tokens of a text given in graphemes, as a buffer has it, their places counted in its graphemes. */
export function tokensOf({ text }: { readonly text: readonly string[] }, tokenize: Tokenize = tokenizeLine): Token[] {
  const tokens: Token[] = [];
  let state = START;
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const graphemes = text.slice(start, end);
    const line = graphemes.join("");
    const read = tokenize(line, state);
    state = read.state;
    const place = line.length === graphemes.length ? (unit: number) => start + unit : placesOf(graphemes, start);
    for (const token of read.tokens) {
      tokens.push({ kind: token.kind, start: place(token.start), end: place(token.end) });
    }
    start = end + 1;
  }
  return tokens;
}

/** From UTF-16 units of a line to positions in the text. */
function placesOf(graphemes: readonly string[], start: number): (unit: number) => number {
  const places: number[] = [];
  for (const [index, { length }] of graphemes.entries()) for (let n = 0; n < length; n++) places.push(start + index);
  places.push(start + graphemes.length);
  return (unit) => places[unit] ?? start + graphemes.length;
}
