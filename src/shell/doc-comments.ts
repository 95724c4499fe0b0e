/** The doc comments and declarations of a text of TypeScript, by the names they are about; for code that runs without them. */
import { cursorIn } from "./cursor.ts";
import { closing, endOfType } from "./declared-types.ts";

/** A doc comment and what it stands in front of. */
export interface DocComment {
  /** The name with those of what it stands in: `Kate.sayName`. */
  readonly path: string;
  /** The line the name stands on, from 0. */
  readonly line: number;
  readonly doc: string;
}

const NAME = String.raw`[#\p{ID_Start}$_][\p{ID_Continue}$]*`;
const WORDS =
  "(?:(?:export|default|declare|abstract|async|static|public|private|protected|readonly|override|get|set)\\s+)*";
const KINDS = "(?:(?:function\\s*\\*?|const|let|var|class|namespace|interface|type|enum)\\s+)?";
const MODULE = String.raw`defmodule\s*\(\s*["'](?<module>[^"'\n]+)["']`;
const DECLARATION = new RegExp(`^\\s*(?:${MODULE}|${WORDS}${KINDS}\\*?\\s*(?<name>${NAME}))`, "u");
const HOLDER = new RegExp(
  `(?:${MODULE}[^]*?,\\s*|\\b(?:class|namespace)\\s+(?<made>${NAME})[^{};]*|(?<name>${NAME})\\s*(?::[^=;{}]*)?[=:]\\s*(?:Object\\.freeze\\()?)$`,
  "u",
);

/** The text of a doc comment, given what stands between its marks. */
export function textOfComment(comment: string): string {
  return comment.replace(/^[ \t]*\*[ \t]?/gmu, "").trim();
}

/** The doc comments of `source`, in order. */
export function docCommentsIn(source: string): DocComment[] {
  const { masked } = cursorIn(source);
  const found: DocComment[] = [];
  for (const match of source.matchAll(/\/\*\*(?!\/)(?<text>[^]*?)\*\//gu)) {
    const end = match.index + match[0].length;
    const declared = DECLARATION.exec(source.slice(end))?.groups;
    const name = declared?.["module"] ?? declared?.["name"];
    // Inside a string it is no comment; what stands there is blank as well, but its end is not followed by a name.
    if (name === undefined || masked.slice(match.index, end).trim() !== "") continue;
    const at = source.indexOf(name, end);
    found.push({
      path: [...holdersAt(source, masked, match.index), name].join("."),
      line: lineOf(source, at),
      doc: textOfComment(match.groups?.["text"] ?? ""),
    });
  }
  return found;
}

/** The comment about `path`, where several are of that name the one nearest to `line`. */
export function docCommentFor(comments: readonly DocComment[], path: string, line?: number): DocComment | undefined {
  const fitting = comments.filter(
    (comment) => comment.path === path || comment.path.endsWith(`.${path}`) || path.endsWith(`.${comment.path}`),
  );
  if (line === undefined) return fitting.find((comment) => comment.path === path) ?? fitting[0];
  return (
    fitting
      // Where types were taken off, a comment may have been drawn together into one line.
      .filter((comment) => Math.abs(comment.line - line) <= comment.doc.split("\n").length + 2)
      .sort((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line))[0]
  );
}

/** How a function is called, with its types as they were written, given its name and a line it does not stand before. */
export function typedSignature(source: string, name: string, line: number): string | undefined {
  const { masked } = cursorIn(source);
  const start = source.split("\n").slice(0, line).join("\n").length;
  const head = new RegExp(
    `(?<![\\p{ID_Continue}$.])${name.replaceAll("$", "\\$")}\\s*(?:[=:]\\s*(?:async\\s*)?(?:function\\s*\\*?\\s*(?:${NAME}\\s*)?)?)?(?=[(<])`,
    "gu",
  );
  head.lastIndex = start;
  for (let match = head.exec(masked); match !== null; match = head.exec(masked)) {
    const types = match.index + match[0].length;
    const open = masked[types] === "<" ? closing(masked, types) + 1 : types;
    const close = masked[open] === "(" ? closing(masked, open) : -1;
    const after = masked.slice(close + 1);
    // A call is no definition.
    if (close < 0 || !/^\s*(?::|=>|\{)/u.test(after)) continue;
    const result = /^\s*:\s*/u.exec(after);
    const end = result === null ? close + 1 : endOfType(masked, close + 1 + result[0].length);
    return name + source.slice(types, end).replace(/\s+/gu, " ").trim();
  }
  return undefined;
}

/** Which line of `text` a position is on, from 0. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length - 1;
}

/** What the braces around a position belong to, outermost first. */
function holdersAt(source: string, masked: string, position: number): string[] {
  return cursorIn(masked.slice(0, position))
    .open.filter(({ bracket }) => bracket === "{")
    .flatMap(({ at }) => {
      const groups = HOLDER.exec(source.slice(0, at))?.groups;
      const name = groups?.["module"] ?? groups?.["made"] ?? groups?.["name"];
      return name === undefined ? [] : [name];
    });
}
