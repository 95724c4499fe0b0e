/** Panes side by side on one terminal, as rows of cells: pure, so that a picture can be made of it as well. */
import { type Cell, cellsOf, fitted, PLAIN, type Style } from "./cells.ts";

/** What a stage shows of a pane. */
export interface Shown {
  readonly name: string;
  readonly row: (row: number) => readonly Cell[];
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Panes narrower than this stand one below the other. */
const NARROWEST = 36;

const TITLE: Style = { ...PLAIN, dim: true };
const FOCUSED: Style = { ...PLAIN, bold: true, inverse: true };
const EDGE: Style = { ...PLAIN, dim: true };
const FOOTER: Style = { ...PLAIN, inverse: true };

/** Whether panes stand beside each other, and how large each is. Titles, edges and the footer take the rest. */
export function layout({ columns, rows }: Size, count: number): { readonly beside: boolean; readonly pane: Size } {
  const width = Math.floor((columns - (count - 1)) / count);
  if (width >= NARROWEST) return { beside: true, pane: { columns: width, rows: Math.max(2, rows - 2) } };
  const height = Math.max(2, Math.floor((rows - 1) / count) - 1);
  return { beside: false, pane: { columns: Math.max(10, columns), rows: height } };
}

/** Where a pane's first cell is. */
export function originOf(size: Size, count: number, index: number): { readonly x: number; readonly y: number } {
  const { beside, pane } = layout(size, count);
  return beside ? { x: index * (pane.columns + 1), y: 1 } : { x: 0, y: index * (pane.rows + 1) + 1 };
}

/** All rows, from the top. */
export function compose(size: Size, panes: readonly Shown[], focus: number, footer: string): Cell[][] {
  const { beside, pane } = layout(size, panes.length);
  const title = ({ name }: Shown, index: number): Cell[] =>
    fitted(cellsOf(` ${name} `, index === focus ? FOCUSED : TITLE), pane.columns);
  const rows: Cell[][] = [];
  const edge = cellsOf("│", EDGE);
  const join = (parts: readonly (readonly Cell[])[]): Cell[] =>
    parts.flatMap((part, index) => (index === 0 ? [...part] : [...edge, ...part]));
  if (beside) {
    rows.push(join(panes.map(title)));
    for (let row = 0; row < pane.rows; row++) rows.push(join(panes.map((one) => fitted(one.row(row), pane.columns))));
  } else {
    for (const [index, one] of panes.entries()) {
      rows.push(title(one, index));
      for (let row = 0; row < pane.rows; row++) rows.push(fitted(one.row(row), pane.columns));
    }
  }
  const shown = rows.slice(0, Math.max(0, size.rows - 1)).map((row) => fitted(row, size.columns));
  while (shown.length < size.rows - 1) shown.push(fitted([], size.columns));
  shown.push(fitted(cellsOf(` ${footer}`, FOOTER), size.columns, FOOTER));
  return shown;
}

/** The footer's text, in so many columns: what is said, and the keys, the first of them even where there is room for no more. */
export function footerText(caption: string, keys: readonly string[], columns: number): string {
  const all = `${caption}   ${keys.join(" · ")}`;
  const room = columns - 1;
  if (all.length <= room) return all;
  const [first = ""] = keys;
  const said = room - first.length - 3;
  if (said < 1) return first;
  return `${caption.length > said ? `${caption.slice(0, said - 1)}…` : caption}   ${first}`;
}
