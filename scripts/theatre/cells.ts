/** What a terminal shows, as cells: for panes drawn inside another terminal, and for pictures. */
import type xterm from "@xterm/headless";

/** How a cell is drawn. A colour is -1 for the terminal's own, 0 to 255 of the palette, or `#rrggbb`. */
export interface Style {
  readonly foreground: number | string;
  readonly background: number | string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface Cell {
  readonly text: string;
  /** Columns it takes; a wide character is followed by no cell of its own. */
  readonly width: number;
  readonly style: Style;
}

export const PLAIN: Style = {
  foreground: -1,
  background: -1,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

/** The cells of a row, from 0 at the top of what is visible. */
export function rowOf(terminal: xterm.Terminal, row: number): Cell[] {
  const buffer = terminal.buffer.active;
  const line = buffer.getLine(buffer.baseY + row);
  const cells: Cell[] = [];
  if (line === undefined) return cells;
  for (let column = 0; column < terminal.cols; column++) {
    const cell = line.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    cells.push({ text: cell.getChars() || " ", width: cell.getWidth(), style: styleOf(cell) });
  }
  return cells;
}

function styleOf(cell: xterm.IBufferCell): Style {
  const colour = (own: boolean, rgb: boolean, value: number): number | string =>
    own ? -1 : rgb ? `#${value.toString(16).padStart(6, "0")}` : value;
  return {
    foreground: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}

/** Cells of a text in one style. */
export function cellsOf(text: string, style: Style = PLAIN): Cell[] {
  return Array.from(text, (character) => ({ text: character, width: 1, style }));
}

/** A row that is exactly so many columns wide. */
export function fitted(cells: readonly Cell[], columns: number, style: Style = PLAIN): Cell[] {
  const row: Cell[] = [];
  let width = 0;
  for (const cell of cells) {
    if (width + cell.width > columns) break;
    row.push(cell);
    width += cell.width;
  }
  return [...row, ...cellsOf(" ".repeat(columns - width), style)];
}

/** A row as a terminal is told to draw it. */
export function ansiOf(cells: readonly Cell[]): string {
  let text = "";
  let last = "";
  for (const cell of cells) {
    const codes = codesOf(cell.style);
    if (codes !== last) text += `\x1b[0${codes}m`;
    last = codes;
    text += cell.text;
  }
  return last === "" ? text : `${text}\x1b[0m`;
}

function codesOf(style: Style): string {
  const codes: (number | string)[] = [];
  if (style.bold) codes.push(1);
  if (style.dim) codes.push(2);
  if (style.italic) codes.push(3);
  if (style.underline) codes.push(4);
  if (style.inverse) codes.push(7);
  codes.push(...colourCodes(style.foreground, 30), ...colourCodes(style.background, 40));
  return codes.map((code) => `;${String(code)}`).join("");
}

/** @param base 30 for the foreground, 40 for the background */
function colourCodes(colour: number | string, base: number): number[] {
  if (colour === -1) return [];
  if (typeof colour === "string") {
    const value = Number.parseInt(colour.slice(1), 16);
    return [base + 8, 2, value >> 16, (value >> 8) & 0xff, value & 0xff];
  }
  if (colour < 8) return [base + colour];
  return colour < 16 ? [base + 60 + colour - 8] : [base + 8, 5, colour];
}
