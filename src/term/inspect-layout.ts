/**
 * The pretty printer behind `inspect`: a value is first described as a document whose widths are known, then laid out
 * in one pass. What fits in the rest of the line stays on it; what does not is broken, one item a line, except that
 * lists of plain values are filled.
 */

import { type Hue, sgrOf } from "./palette.ts";

/** A piece of text. `width` leaves the colours out, and is infinite if the text has several lines. */
export interface Leaf {
  readonly kind: "leaf";
  readonly text: string;
  readonly width: number;
}

/** Documents side by side: a key and its value. */
export interface Row {
  readonly kind: "row";
  readonly parts: readonly Doc[];
  readonly width: number;
}

/** Items between brackets. */
export interface Group {
  readonly kind: "group";
  readonly open: string;
  readonly close: string;
  readonly items: readonly Doc[];
  /** Whether the brackets stand apart from the items: `{ a: 1 }` but `[1]`. */
  readonly spaced: boolean;
  readonly width: number;
}

export type Doc = Leaf | Row | Group;

/** What a token is, for its colour. */
export type Token =
  | "string"
  | "number"
  | "constant"
  | "undefined"
  | "symbol"
  | "regexp"
  | "date"
  | "identifier"
  | "function"
  | "error"
  | "plain";

/** The colour of each token, which ends by the attribute's own code, so that it can stand inside another colour. */
const COLOURS: Readonly<Record<Token, Hue | "dim" | undefined>> = {
  string: "green",
  number: "magenta",
  constant: "magenta",
  undefined: "dim",
  symbol: "green",
  regexp: "red",
  date: "magenta",
  identifier: "cyan",
  function: "cyan",
  error: "red",
  plain: undefined,
};

export function leaf(text: string, token: Token, colors: boolean): Leaf {
  const colour = colors ? COLOURS[token] : undefined;
  const sgr = colour === undefined ? undefined : colour === "dim" ? [2, 22] : [sgrOf(colour), 39];
  return {
    kind: "leaf",
    text: sgr === undefined ? text : `\u001b[${String(sgr[0])}m${text}\u001b[${String(sgr[1])}m`,
    width: text.includes("\n") ? Infinity : text.length,
  };
}

export function row(...parts: readonly Doc[]): Row {
  return { kind: "row", parts, width: parts.reduce((sum, part) => sum + part.width, 0) };
}

export function group(open: string, items: readonly Doc[], close: string, spaced: boolean): Group {
  let width = open.length + close.length;
  for (const item of items) width += item.width + 2;
  if (items.length > 0 && !spaced) width -= 2;
  return { kind: "group", open, items, close, spaced, width };
}

/** The document as text of lines at most `breakLength` wide where that can be done. */
export function layOut(doc: Doc, breakLength: number): string {
  const out: string[] = [];
  place(doc, 0, 0, breakLength, out);
  return out.join("");
}

/** Appends `doc` from `column` on, its further lines indented by `indent`; the column it ends at. */
function place(doc: Doc, indent: number, column: number, breakLength: number, out: string[]): number {
  // One column is kept for the comma or bracket that follows.
  if (doc.kind === "leaf") {
    out.push(doc.width === Infinity ? doc.text.replaceAll("\n", `\n${" ".repeat(indent)}`) : doc.text);
    return column + doc.width;
  }
  if (column + doc.width < breakLength || (indent === 0 && column + doc.width <= breakLength)) {
    flat(doc, out);
    return column + doc.width;
  }
  if (doc.kind === "row") {
    for (const part of doc.parts) column = place(part, indent, column, breakLength, out);
    return column;
  }
  if (doc.items.length === 0) {
    out.push(doc.open, doc.close);
    return column + doc.width;
  }
  const inner = indent + 2;
  const newline = `\n${" ".repeat(inner)}`;
  const fill = !doc.spaced && doc.items.every((item) => item.kind === "leaf");
  out.push(doc.open);
  let at = Infinity;
  for (const [i, item] of doc.items.entries()) {
    if (i > 0) out.push(",");
    if (fill && at + item.width + 3 <= breakLength) {
      out.push(" ");
      at += 2;
    } else {
      out.push(newline);
      at = inner;
    }
    at = place(item, inner, at, breakLength, out);
  }
  out.push(`\n${" ".repeat(indent)}`, doc.close);
  return indent + doc.close.length;
}

function flat(doc: Doc, out: string[]): void {
  if (doc.kind === "leaf") out.push(doc.text);
  else if (doc.kind === "row") for (const part of doc.parts) flat(part, out);
  else {
    const space = doc.spaced && doc.items.length > 0 ? " " : "";
    out.push(doc.open, space);
    for (const [i, item] of doc.items.entries()) {
      if (i > 0) out.push(", ");
      flat(item, out);
    }
    out.push(space, doc.close);
  }
}
