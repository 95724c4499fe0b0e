/** Where in a statement the cursor stands: inside which string and which brackets. Looks at text alone. */

/** A bracket that is still open. */
export interface OpenBracket {
  readonly bracket: "(" | "[" | "{";
  /** Where it stands. */
  readonly at: number;
}

/** What {@link cursorIn} finds. */
export interface Cursor {
  /** The string that is still open, with what is typed of it and where its quote stands. */
  readonly quoted: { readonly text: string; readonly at: number } | undefined;
  readonly comment: boolean;
  /** Innermost last. */
  readonly open: readonly OpenBracket[];
  /** The text with all that stands in strings, comments and regular expressions blanked out, of the same length. */
  readonly masked: string;
  readonly source: string;
}

/** Behind one of these a slash begins a regular expression, else it divides. */
const BEFORE_REGEXP = /(?:^|[=(,[!&|?:;{}+\-*%<>~^]|\b(?:return|typeof|case|in|of|await))\s*$/u;
const REGEXP = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/uy;

/** Reads `before`, the text up to the cursor. */
export function cursorIn(before: string): Cursor {
  const open: OpenBracket[] = [];
  /** How many brackets were open where a template's `${` began, innermost last. */
  const templates: number[] = [];
  let masked = "";
  let at = 0;
  const blank = (to: number): void => {
    masked += before.slice(at, to).replace(/[^\n]/gu, " ");
    at = to;
  };
  const ended = (quoted: Cursor["quoted"], comment: boolean): Cursor => {
    blank(before.length);
    return { quoted, comment, open, masked, source: before };
  };
  while (at < before.length) {
    const character = before[at] ?? "";
    if (before.startsWith("//", at) || before.startsWith("/*", at)) {
      const line = before[at + 1] === "/";
      const end = line ? before.indexOf("\n", at) : before.indexOf("*/", at + 2);
      if (end < 0) return ended(undefined, true);
      blank(line ? end : end + 2);
    } else if (character === "/" && BEFORE_REGEXP.test(masked)) {
      REGEXP.lastIndex = at;
      const found = REGEXP.exec(before);
      if (found === null) masked += before[at++];
      else blank(at + found[0].length);
    } else if (character === '"' || character === "'" || character === "`" || isTemplateEnd(character)) {
      const start = at + 1;
      if (character === "}") templates.pop();
      const quote = character === "}" ? "`" : character;
      const end = endOfString(before, start, quote);
      if (end === undefined) {
        const quoted = { text: before.slice(start), at };
        return ended(quoted, false);
      }
      if (before[end - 1] === "{") templates.push(open.length);
      blank(end);
    } else {
      if (character === "(" || character === "[" || character === "{") open.push({ bracket: character, at });
      else if (character === ")" || character === "]" || character === "}") open.pop();
      masked += character;
      at++;
    }
  }
  return { quoted: undefined, comment: false, open, masked, source: before };

  function isTemplateEnd(character: string): boolean {
    return character === "}" && templates.at(-1) === open.length;
  }
}

/** Behind the end of a string, or behind the `${` that interrupts it; `undefined` if it is still open. */
function endOfString(text: string, start: number, quote: string): number | undefined {
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    // A string of one line that was not closed is over; what follows is typed as code.
    else if (character === quote || (character === "\n" && quote !== "`")) return at + 1;
    else if (quote === "`" && text.startsWith("${", at)) return at + 2;
  }
  return undefined;
}

/** A call whose arguments the cursor is in. */
export interface OpenCall {
  /** What is called, as written: `Node.spawn`. */
  readonly callee: string;
  /** Which argument it is in, from 0. */
  readonly argument: number;
  /** Where each of its arguments begins. */
  readonly starts: readonly number[];
}

/** What stands before an open bracket as the thing called or constructed. */
const CALLEE = /(?<callee>[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\s*\??\.\s*[\p{ID_Start}$_][\p{ID_Continue}$]*)*)\s*$/u;

/** The call that an open parenthesis belongs to, `undefined` if it is none. */
export function callAt({ masked }: Pick<Cursor, "masked">, { bracket, at }: OpenBracket): OpenCall | undefined {
  if (bracket !== "(") return undefined;
  const callee = CALLEE.exec(masked.slice(0, at))?.groups?.["callee"]?.replace(/\s/gu, "");
  if (callee === undefined || /^(?:if|for|while|switch|catch|return|function|await)$/u.test(callee)) return undefined;
  const starts = [at + 1, ...commasBelow(masked, at + 1).map((comma) => comma + 1)];
  return { callee, argument: starts.length - 1, starts };
}

/** Where the commas stand that part what follows `start` at its own level. */
export function commasBelow(masked: string, start: number): number[] {
  const commas: number[] = [];
  let depth = 0;
  for (let at = start; at < masked.length; at++) {
    const character = masked[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "," && depth === 0) commas.push(at);
  }
  return commas;
}
