/** Where in a text of TypeScript something is defined, and what belongs to it. Looks at text alone, so that types and comments are there. */
import { cursorIn } from "./cursor.ts";
import { closing, endOfType } from "./declared-types.ts";

/** A definition in a text. */
export interface Definition {
  /** Its lines, comments above it included, moved to the left margin. */
  readonly text: string;
  /** The line its name stands on, from 1. */
  readonly line: number;
  /** The line its text begins on. */
  readonly firstLine: number;
}

const WORDS =
  "(?:(?:export|default|declare|abstract|async|static|public|private|protected|readonly|override|get|set|function|const|let|var|class|namespace|enum)\\b\\s*)*";
/** What may stand in front of a name on its line and belongs to it. */
const BEFORE = new RegExp(`^\\s*(?:@[^\\n]*\\s)?${WORDS}\\*?\\s*$`, "u");
const KEYWORD = /\b(?:function|class|namespace|enum|const|let|var)\s*\*?\s*$/u;

/** The definition at the end of a path, `["Kate", "sayName"]`, each name in the braces of the one before; `undefined` if it is not there. */
export function findDefinition(source: string, path: readonly string[]): Definition | undefined {
  const { masked } = cursorIn(source);
  let from = 0;
  let to = source.length;
  let at: number | undefined;
  for (const [depth, name] of path.entries()) {
    const found =
      depth === 0 ? (moduleAt(source, masked, name) ?? topAt(masked, name)) : memberAt(masked, from, to, name);
    if (found === undefined) return undefined;
    at = found;
    const open = openBrace(masked, headEnd(masked, at));
    const close = open < 0 ? -1 : closing(masked, open);
    if (close >= 0) [from, to] = [open + 1, close];
  }
  return at === undefined ? undefined : definitionAt(source, masked, at);
}

/**
 * The definition whose function begins at a place: from the name before it on, if that is what it is bound to.
 *
 * @param end where the function ends, if that is known
 */
export function definitionFrom(source: string, start: number, end?: number): Definition {
  const { masked } = cursorIn(source);
  const line = source.lastIndexOf("\n", start - 1) + 1;
  const bound = /([#\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?::[^=;{}]*)?[=:]\s*$/u.exec(masked.slice(line, start));
  if (bound !== null) return definitionAt(source, masked, line + bound.index);
  const word =
    /^(?:async\s+|static\s+|function\s*\*?\s*|class\s+|get\s+|set\s+|\*\s*)*/u.exec(masked.slice(start))?.[0].length ??
    0;
  if (
    /^[#\p{ID_Start}$_]/u.test(masked.slice(start + word)) &&
    !/^[\p{ID_Continue}$]+\s*=>/u.test(masked.slice(start + word))
  )
    return definitionAt(source, masked, start + word);
  const text = dedented(source, start, end ?? endOfValue(masked, start)).replace(/[,;]$/u, "");
  return { text, line: lineOf(source, start), firstLine: lineOf(source, start) };
}

/** The definition whose name stands at a place. */
export function definitionOfNameAt(source: string, name: number): Definition {
  return definitionAt(source, cursorIn(source).masked, name);
}

/** `defmodule("Chat.Router", …)`, or what is declared under the name that is given there. */
function moduleAt(source: string, masked: string, name: string): number | undefined {
  const text = name.replace(/[.$]/gu, "\\$&");
  const found = new RegExp(`\\bdefmodule\\s*\\(\\s*["'\`]${text}["'\`]`, "u").exec(source);
  if (found === null || masked[found.index] !== "d") return undefined;
  const given = /^\s*,\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*,?\s*\)/u.exec(
    masked.slice(found.index + found[0].length),
  )?.[1];
  return (given === undefined ? undefined : topAt(masked, given)) ?? found.index;
}

/** A declaration in no braces but a namespace's: of the name by a keyword, or an assignment to it. */
function topAt(masked: string, name: string): number | undefined {
  const text = name.replaceAll("$", "\\$");
  for (const pattern of [
    new RegExp(
      `\\b(?:class|function\\s*\\*?|const|let|var|namespace|enum)\\s+(?<name>${text})(?![\\p{ID_Continue}$])`,
      "dgu",
    ),
    new RegExp(`(?<![\\p{ID_Continue}$.])(?<name>${text})\\s*=(?!=)`, "dgu"),
  ]) {
    const found = [...masked.matchAll(pattern)]
      .filter(({ index }) => depthBetween(masked, 0, index) === 0)
      .map(({ index, indices }) => indices?.groups?.["name"]?.[0] ?? index);
    const at = found.find((one) => !isOverload(masked, one, name)) ?? found[0];
    if (at !== undefined) return at;
  }
  return undefined;
}

function memberAt(masked: string, from: number, to: number, name: string): number | undefined {
  const text = name.replaceAll("$", "\\$");
  const pattern = new RegExp(`(?<![\\p{ID_Continue}$.#])${text}\\s*[?!]?\\s*(?=[(<:=,}])`, "gu");
  const found = [...masked.slice(from, to).matchAll(pattern)]
    .map(({ index }) => from + index)
    .filter((at) => depthBetween(masked, from, at) === 0 && isBegun(masked, from, at));
  return found.find((at) => !isOverload(masked, at, name)) ?? found[0];
}

/** Whether what begins with the name there says only how the function below it is called. */
function isOverload(masked: string, at: number, name: string): boolean {
  if (!/^\s*[?!]?\s*[(<]/u.test(masked.slice(at + name.length))) return false;
  const end = endOf(masked, at);
  return masked[end - 1] === ";" || /^[ \t]*;/u.test(masked.slice(end));
}

/** The brace in which what is defined has its members: not one of its type parameters. */
function openBrace(masked: string, head: number): number {
  let at = head;
  while (/^\s*(?:extends\s+[\p{ID_Continue}$.]+\s*)?</u.test(masked.slice(at))) {
    const close = closing(masked, masked.indexOf("<", at));
    if (close < 0) break;
    at = close + 1;
  }
  return masked.indexOf("{", at);
}

/** Whether a member may begin there: after a separator, the brace, or its modifiers. */
function isBegun(masked: string, from: number, at: number): boolean {
  const before = masked
    .slice(from, at)
    .replace(new RegExp(`${WORDS}\\*?\\s*$`, "u"), "")
    .trimEnd();
  return (
    before === "" ||
    /[,;}]$/u.test(before) ||
    /\n\s*$/u.test(masked.slice(from, at).replace(new RegExp(`${WORDS}\\*?[^\\S\\n]*$`, "u"), ""))
  );
}

/** How deep in brackets `at` is, seen from `from`. */
function depthBetween(masked: string, from: number, at: number): number {
  let depth = 0;
  for (let i = from; i < at; i++) {
    const character = masked[i] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
  }
  return depth;
}

function definitionAt(source: string, masked: string, name: number): Definition {
  const line = source.lastIndexOf("\n", name - 1) + 1;
  const begun = BEFORE.test(masked.slice(line, name));
  const start = begun ? withComments(source, masked, line) : beginOf(masked, name);
  return {
    text: dedented(source, start, endOf(masked, name)),
    line: lineOf(source, name),
    firstLine: lineOf(source, start),
  };
}

/** Of several on one line: where the words in front of the name begin. */
function beginOf(masked: string, name: number): number {
  const words = new RegExp(`${WORDS}\\*?\\s*$`, "u").exec(masked.slice(0, name));
  return words === null ? name : words.index + (/^\s*/u.exec(words[0])?.[0].length ?? 0);
}

/** The lines of comments and decorators right above a line are part of what is below them. */
function withComments(source: string, masked: string, line: number): number {
  let start = line;
  for (let above = start; above > 0;) {
    above = source.lastIndexOf("\n", above - 2) + 1;
    const text = source.slice(above, start).split("\n")[0] ?? "";
    if (text.trim() === "" || (masked.slice(above, above + text.length).trim() !== "" && !/^\s*@/u.test(text))) break;
    start = above;
  }
  return start;
}

/** Behind the name and, where it is declared with one, its type. */
function headEnd(masked: string, name: number): number {
  const end = name + (/^[#\p{ID_Continue}$.]*\s*[?!]?/u.exec(masked.slice(name))?.[0].length ?? 0);
  const type = /^\s*:\s*/u.exec(masked.slice(end));
  const declared = /\b(?:const|let|var)\s+$/u.test(masked.slice(0, name));
  return type !== null && declared ? endOfType(masked, end + type[0].length) : end;
}

function endOf(masked: string, name: number): number {
  const keyword = KEYWORD.exec(masked.slice(0, name))?.[0].trim() ?? "";
  const head = headEnd(masked, name);
  const next = /^\s*(?<sign>[=:(<{]|extends\b|implements\b)?/u.exec(masked.slice(head))?.groups?.["sign"];
  const isBody = /^(?:function|class|namespace|enum)/u.test(keyword) || next === "(" || next === "<";
  if (!isBody) return endOfValue(masked, head);
  for (let at = head; at < masked.length; at++) {
    const character = masked[at] ?? "";
    if (character === "(" || character === "[" || character === "<") {
      const close = closing(masked, at);
      if (close < 0) return masked.length;
      at = close;
      // `handle(1)` in a call of defmodule is no body, but what it closes is the end of it.
      if (character === "(" && masked.startsWith("defmodule", name)) return withSemicolon(masked, at + 1);
    } else if (character === "{") {
      const close = closing(masked, at);
      if (close < 0) return masked.length;
      // The type of what it gives may have braces of its own.
      if (!/^\s*(?:\{|[|&[])/u.test(masked.slice(close + 1))) return close + 1;
      at = close;
    } else if (character === ";") return at + 1;
  }
  return masked.length;
}

/** The end of an initialiser or of a member's value, what closes it not included. */
function endOfValue(masked: string, from: number): number {
  for (let at = from; at < masked.length; at++) {
    const character = masked[at] ?? "";
    if ("([{".includes(character)) {
      const close = closing(masked, at);
      if (close < 0) return masked.length;
      at = close;
    } else if (")]}".includes(character)) return masked.slice(0, at).trimEnd().length;
    else if (character === ";") return at + 1;
    else if (character === ",") return at + 1;
    else if (character === "\n") {
      const before = masked.slice(from, at).trimEnd();
      const goesOn =
        /(?:[=(,?:+\-*/%&|<>.!~^]|=>)$/u.test(before) ||
        /^\s*[.?:+\-*/%&|<>=^,]/u.test(masked.slice(at)) ||
        before === "";
      if (!goesOn) return at;
    }
  }
  return masked.length;
}

function withSemicolon(masked: string, at: number): number {
  return masked[at] === ";" ? at + 1 : at;
}

function dedented(source: string, start: number, end: number): string {
  const line = source.lastIndexOf("\n", start - 1) + 1;
  const lead = source.slice(line, start);
  const lines = ((lead.trim() === "" ? lead : "") + source.slice(start, end)).split(/\r?\n/u);
  const margins = lines.filter((text) => text.trim() !== "").map((text) => /^[ \t]*/u.exec(text)?.[0].length ?? 0);
  // What begins within a line has no margin of its own.
  const margin = Math.min(...(lead.trim() === "" ? margins : margins.slice(1)), Infinity);
  return lines
    .map((text, index) => (index === 0 && lead.trim() !== "" ? text : text.slice(Number.isFinite(margin) ? margin : 0)))
    .join("\n")
    .trimEnd();
}

function lineOf(source: string, at: number): number {
  return source.slice(0, at).split("\n").length;
}
