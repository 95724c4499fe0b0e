/** Rows of cells as a picture. */
import type { Cell, Style } from "./cells.ts";

const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;
const FONT = 14;
const PAPER = "#1d1f21";
const INK = "#c5c8c6";

/** The sixteen colours that a terminal is asked for by number. */
const PALETTE = [
  ["#1d1f21", "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#c5c8c6"],
  ["#969896", "#d54e53", "#b9ca4a", "#e7c547", "#7aa6da", "#c397d8", "#70c0b1", "#eaeaea"],
].flat();

/** A picture of a terminal that shows these rows. */
export function svgOf(rows: readonly (readonly Cell[])[], title: string): string {
  const columns = Math.max(...rows.map((row) => row.reduce((sum, { width }) => sum + width, 0)));
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = rows.length * CELL.height + 2 * MARGIN;
  const body = rows.flatMap((row, index) => runsOf(row).map((run) => runSvg(run, MARGIN + index * CELL.height)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" role="img" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${String(FONT)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

/** Cells side by side that look alike. */
interface Run {
  readonly column: number;
  readonly width: number;
  readonly text: string;
  readonly style: Style;
}

function runsOf(row: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  let column = 0;
  for (const { text, width, style } of row) {
    const last = runs.at(-1);
    if (last !== undefined && sameStyle(last.style, style))
      runs[runs.length - 1] = { ...last, text: last.text + text, width: last.width + width };
    else runs.push({ column, width, text, style });
    column += width;
  }
  return runs;
}

const sameStyle = (one: Style, other: Style): boolean => JSON.stringify(one) === JSON.stringify(other);

function runSvg({ column, width, text, style }: Run, top: number): string {
  const x = MARGIN + column * CELL.width;
  const length = width * CELL.width;
  const [ink, paper] = coloursOf(style);
  const box =
    paper === PAPER
      ? ""
      : `<rect x="${x.toFixed(1)}" y="${String(top)}" width="${length.toFixed(1)}" height="${String(CELL.height)}" fill="${paper}"/>`;
  if (text.trim() === "") return box;
  const looks = [
    ...(style.bold ? ['font-weight="bold"'] : []),
    ...(style.italic ? ['font-style="italic"'] : []),
    ...(style.underline ? ['text-decoration="underline"'] : []),
    ...(style.dim ? ['opacity="0.6"'] : []),
  ];
  const at = `x="${x.toFixed(1)}" y="${String(top + FONT)}" textLength="${length.toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  return `${box}<text xml:space="preserve" ${at} fill="${ink}"${looks.map((look) => ` ${look}`).join("")}>${escaped(text)}</text>`;
}

function coloursOf({ foreground, background, inverse }: Style): [ink: string, paper: string] {
  const ink = colourOf(foreground, INK);
  const paper = colourOf(background, PAPER);
  return inverse ? [paper, ink] : [ink, paper];
}

function colourOf(colour: number | string, own: string): string {
  if (typeof colour === "string") return colour;
  if (colour < 0) return own;
  if (colour < 16) return PALETTE[colour] ?? own;
  // The cube of 6 × 6 × 6 colours, then greys.
  const hex = (value: number): string => Math.round(value).toString(16).padStart(2, "0");
  if (colour >= 232) return `#${hex(8 + (colour - 232) * 10).repeat(3)}`;
  const level = (value: number): number => (value === 0 ? 0 : 55 + 40 * value);
  const cube = colour - 16;
  return `#${hex(level(Math.floor(cube / 36)))}${hex(level(Math.floor(cube / 6) % 6))}${hex(level(cube % 6))}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
