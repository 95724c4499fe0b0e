/** The line of a statement or file that an error points at. */
import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import stringWidth from "string-width";
import { setDefaultPlace, type StackFrame } from "../process/format-exit.ts";

/** A line of source, and the column that is meant, from 1. */
export interface Excerpt {
  readonly line: number;
  readonly text: string;
  readonly column: number | undefined;
}

/** A place in what was typed, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number | undefined;
}

/** A statement that was evaluated. */
export interface Statement {
  /** As it was typed. */
  readonly source: string;
  /** The code that was made of it, on the same lines. */
  readonly code: string;
  /** The line of its file that it begins in. Default 1. */
  readonly firstLine?: number;
  /** Where in `code` a place in what is run stands. */
  place(line: number, column: number): { readonly line: number; readonly column: number };
}

/** How many statements are remembered. */
const MOST_STATEMENTS = 500;
const MOST_BYTES = 1_000_000;
const WORD = /^[\p{ID_Continue}$]+/u;

/** The statements of every session of the program. */
const sessions = new Set<WeakRef<Statements>>();

/** Where a frame was typed, in whichever session. Two of them may call their statements the same: then the column is not known. */
setDefaultPlace((frame) => {
  let found: Place | undefined;
  for (const ref of sessions) {
    const place = ref.deref()?.place(frame);
    if (ref.deref() === undefined) sessions.delete(ref);
    if (place === undefined) continue;
    const same = found === undefined || (found.line === place.line && found.column === place.column);
    found = same ? place : { line: place.line, column: undefined };
  }
  return found;
});

/** The statements of a session, by what stack frames call them. */
export class Statements {
  constructor() {
    sessions.add(new WeakRef(this));
  }

  /** A file has several, in order. */
  readonly #byName = new Map<string, Statement[]>();

  /** Remembers a statement. One of the same name and place is forgotten: it failed, or was of an earlier count. */
  add(name: string, statement: Statement): void {
    const { firstLine = 1 } = statement;
    const before = (this.#byName.get(name) ?? []).filter((other) => (other.firstLine ?? 1) < firstLine);
    this.#byName.delete(name);
    this.#byName.set(name, [...before.slice(1 - MOST_STATEMENTS), statement]);
    const [oldest] = this.#byName.keys();
    if (this.#byName.size > MOST_STATEMENTS && oldest !== undefined) this.#byName.delete(oldest);
  }

  #at(file: string, line: number): Statement | undefined {
    return this.#byName.get(file)?.findLast(({ firstLine = 1 }) => firstLine <= line);
  }

  /**
   * The line that a frame points at, `undefined` if it is not known. Of a statement that has but one line nothing is
   * shown for a frame that has no function's name: it stands right above.
   */
  excerpt(frame: StackFrame): Excerpt | undefined {
    const { file, fun, line, column, node } = frame;
    if (file === undefined || line === undefined || node !== undefined) return undefined;
    const statement = this.#at(file, line);
    if (statement === undefined) return fromFile(file, line, column);
    const lines = statement.source.split("\n");
    if (lines.length === 1 && fun === undefined && !isAbsolute(file)) return undefined;
    const place = this.place(frame);
    const text = place && lines[place.line - (statement.firstLine ?? 1)];
    return text === undefined ? undefined : { line: place?.line ?? line, text, column: place?.column };
  }

  /**
   * Where what a frame of a statement points at was typed: what runs was made of that, so its columns are others.
   * `undefined` for a frame of anything else; without a column where that can't be told.
   */
  place({ file, line, column }: StackFrame): Place | undefined {
    const statement = file === undefined || line === undefined ? undefined : this.#at(file, line);
    if (statement === undefined || line === undefined) return undefined;
    const above = (statement.firstLine ?? 1) - 1;
    // A frame of another program's statement, which merely has the same number.
    if (line - above > statement.code.split("\n").length) return undefined;
    const place = statement.place(line - above, column ?? 1);
    const text = statement.source.split("\n")[place.line - 1];
    if (text === undefined) return undefined;
    return { line: place.line + above, column: column === undefined ? undefined : columnIn(statement, text, place) };
  }
}

/** The part of a line that fits into so many cells, around the column that is meant; that is then counted in cells. */
export function cropped({ line, text, column }: Excerpt, cells: number): Excerpt {
  const shown = text.replaceAll("\t", " ");
  const before = column === undefined ? undefined : shown.slice(0, column - 1);
  const marked = before === undefined ? undefined : stringWidth(before) + 1;
  if (stringWidth(shown) <= cells) return { line, text: shown, column: marked };
  const graphemes = Array.from(segmenter.segment(shown), ({ segment }) => segment);
  // What leads to the place is worth more than what follows.
  let left = 0;
  const leading = Math.floor(cells * 0.75);
  for (const grapheme of graphemes) {
    if ((marked ?? 0) - left <= leading) break;
    left += stringWidth(grapheme);
  }
  let at = 0;
  let part = "";
  for (const grapheme of graphemes) {
    const width = stringWidth(grapheme);
    if (at >= left && at + width - left <= cells - (left > 0 ? 2 : 1)) part += grapheme;
    at += width;
  }
  const rest = at - left > stringWidth(part);
  const start = left > 0 ? "…" : "";
  return {
    line,
    text: `${start}${part}${rest ? "…" : ""}`,
    column: marked === undefined ? undefined : marked - left + start.length,
  };
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Where types were taken off columns have moved: the word that is meant is looked for, and must be the only one. */
function columnIn(
  { source, code }: Statement,
  text: string,
  place: { line: number; column: number },
): number | undefined {
  if (source === code) return place.column;
  const rest = code.split("\n")[place.line - 1]?.slice(place.column - 1) ?? "";
  const word = WORD.exec(rest)?.[0];
  if (word === undefined) return undefined;
  const at = text.indexOf(word);
  return at < 0 || text.includes(word, at + 1) ? undefined : at + 1;
}

function fromFile(file: string, line: number, column: number | undefined): Excerpt | undefined {
  if (!isAbsolute(file) || /[\\/]node_modules[\\/]/u.test(file)) return undefined;
  try {
    const source = readFileSync(file, "utf8");
    const text = source.length > MOST_BYTES ? undefined : source.split(/\r?\n/u)[line - 1];
    return text === undefined ? undefined : { line, text, column };
  } catch {
    return undefined;
  }
}
