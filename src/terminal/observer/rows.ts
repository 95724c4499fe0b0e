/** Rows of a full screen as pieces of styled text, and how they are made to fit. All text is escaped here: it may come from other nodes. */
import stringWidth from "string-width";
import { escapeControls } from "../../term/escape.ts";
import { type Hue, sgrOf } from "../../term/palette.ts";
import { graphemes } from "../graphemes.ts";

export type Colour = Hue;

export interface Style {
  readonly dim?: boolean;
  readonly bold?: boolean;
  readonly inverse?: boolean;
  /** One by its name, or by its SGR parameter. */
  readonly colour?: Colour | number | undefined;
}

export interface Span extends Style {
  readonly text: string;
}

export type Row = readonly Span[];

/** A piece of text, with what could steer a terminal escaped. */
export function span(text: string, style: Style = {}): Span {
  return { ...style, text: escapeControls(text).replaceAll("\t", "  ") };
}

export function widthOf(row: Row): number {
  return row.reduce((width, { text }) => width + stringWidth(text), 0);
}

/** `text`, which is escaped, in exactly `width` cells: cut with an ellipsis, or filled with blanks. */
export function cell(text: string, width: number, align: "left" | "right" = "left"): string {
  const own = stringWidth(text);
  if (own <= width) return align === "left" ? text + " ".repeat(width - own) : " ".repeat(width - own) + text;
  if (width <= 0) return "";
  let kept = "";
  let used = 0;
  for (const grapheme of graphemes(text)) {
    const cells = stringWidth(grapheme);
    if (used + cells > width - 1) break;
    kept += grapheme;
    used += cells;
  }
  return `${kept}…${" ".repeat(width - 1 - used)}`;
}

/** A row no wider than `columns`; what does not fit is cut with an ellipsis. */
export function fitted<T extends Span>(row: readonly T[], columns: number): readonly T[] {
  if (widthOf(row) <= columns) return row;
  const kept: T[] = [];
  let left = columns;
  for (const piece of row) {
    const width = stringWidth(piece.text);
    // The last cell is the ellipsis', as there is more than fits.
    if (width < left) kept.push(piece);
    else {
      kept.push({ ...piece, text: cell(`${piece.text} `, left) });
      break;
    }
    left -= width;
  }
  return kept;
}

export interface Column<T> {
  readonly title: string;
  readonly width: number;
  /** Takes what is left of the width. One of a table at most; `width` is then the least. */
  readonly grows?: boolean;
  readonly align?: "left" | "right";
  /** Columns with the highest number go first when the screen is narrow; 0 stays. */
  readonly rank: number;
  show(item: T, width: number): Span;
}

const GAP = 2;

/** The columns of a table that fit into so many cells, with their widths. */
export function columnsThatFit<T>(all: readonly Column<T>[], width: number): (readonly [Column<T>, number])[] {
  let columns = [...all];
  const needed = (): number => columns.reduce((sum, { width: own }) => sum + own + GAP, -GAP);
  while (needed() > width) {
    const rank = Math.max(...columns.map((column) => column.rank));
    if (rank === 0) break;
    columns = columns.filter((column) => column.rank < rank);
  }
  const spare = width - needed();
  return columns.map((column) => [column, column.grows === true ? Math.max(1, column.width + spare) : column.width]);
}

/** A table's head and its rows, each of exactly `width` cells. The row with the number `selected` is shown as such. */
export function table<T>(all: readonly Column<T>[], items: readonly T[], width: number, selected: number): Row[] {
  const columns = columnsThatFit(all, width);
  const line = (pieces: readonly Span[], style: Style = {}): Row =>
    fitted(
      pieces.flatMap((piece, index) => {
        const [column, own] = columns[index] as readonly [Column<T>, number];
        const text = cell(piece.text, own, column.align);
        const shown = style.inverse === true ? { ...style, text } : { ...piece, ...style, text };
        return index === 0 ? [shown] : [{ ...style, text: " ".repeat(GAP) }, shown];
      }),
      width,
    );
  return [
    line(
      columns.map(([{ title }]) => span(title)),
      { dim: true },
    ),
    ...items.map((item, index) =>
      line(
        columns.map(([column, own]) => column.show(item, own)),
        index === selected ? { inverse: true } : {},
      ),
    ),
  ];
}

/** The part of `count` rows that is shown in `height`, so that `selected` is among them: where it begins. */
export function windowStart(count: number, height: number, selected: number): number {
  return Math.max(0, Math.min(selected - Math.floor(height / 2), count - height));
}

/** A row as text for the terminal, with SGR sequences; without colours, what they would say is left to the words. */
export function sgr(row: Row, colours: boolean): string {
  return row
    .map(({ text, dim, bold, inverse, colour }) => {
      const on: number[] = [];
      if (bold === true) on.push(1);
      if (dim === true) on.push(2);
      if (inverse === true) on.push(7);
      if (colours && colour !== undefined) on.push(typeof colour === "number" ? colour : sgrOf(colour));
      return on.length === 0 ? text : `\x1b[${on.join(";")}m${text}\x1b[0m`;
    })
    .join("");
}
