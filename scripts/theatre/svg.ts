/** What terminals show as a picture: windows one below the other, still or, from a recording, moving. */
import type { Cell, Style } from "./cells.ts";

const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;
const TITLE_HEIGHT = 28;
const GAP = 8;
const FONT = 14;
const PAPER = "#1d1f21";
const BAR = "#2d3035";
/** Seen on a light page and on a dark one. */
const EDGE = "#545a63";
const INK = "#c5c8c6";
/** How long the end of a recording is shown before it begins anew, in milliseconds. */
const HOLD_MS = 5000;

/** The sixteen colours that a terminal is asked for by number. */
const PALETTE = [
  ["#1d1f21", "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#c5c8c6"],
  ["#969896", "#d54e53", "#b9ca4a", "#e7c547", "#7aa6da", "#c397d8", "#70c0b1", "#eaeaea"],
].flat();

export type Rows = readonly (readonly Cell[])[];

/** One window at one time. */
export interface WindowShown {
  readonly title: string;
  readonly rows: Rows;
}

/** What all windows show from `at` on, in milliseconds. */
export interface Frame {
  readonly at: number;
  readonly windows: readonly WindowShown[];
}

/**
 * A picture of windows as wide as the widest of their terminals and as high as what they ever show. It moves if there is more than one
 * frame, again and again, and shows the last one where pictures do not move, or whoever looks wants none to.
 * @param about what is to be seen, for those who can't see it
 */
export function svgOf(frames: readonly Frame[], about: string): string {
  const last = frames.at(-1);
  if (last === undefined) throw new Error("There is nothing to show");
  const end = last.at - (frames[0]?.at ?? 0) + HOLD_MS;
  const columns = Math.max(...frames.flatMap(({ windows }) => windows.flatMap(({ rows }) => rows.map(widthOf))));
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const body: string[] = [];
  const moves = new Moves(frames, end);
  let top = 0;
  for (const [index, { title }] of last.windows.entries()) {
    const shown = frames.map(({ windows }) => windows[index]?.rows ?? []);
    const height = Math.max(1, ...shown.map(heightOf));
    const full = TITLE_HEIGHT + height * CELL.height + MARGIN;
    body.push(windowSvg(title, top, width, full));
    for (let row = 0; row < height; row++) {
      const y = top + TITLE_HEIGHT + 4 + row * CELL.height;
      body.push(...moves.of(shown.map((rows) => rowSvg(rows[row] ?? [], y))));
    }
    top += full + GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(top - GAP)}" width="${String(width)}" height="${String(top - GAP)}" role="img" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${String(FONT)}">`,
    `<title>${escaped(about)}</title>`,
    ...moves.style(),
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

/** How long each of the things that change is seen, as CSS. What is seen at the same times shares a rule. */
class Moves {
  readonly #frames: readonly Frame[];
  readonly #end: number;
  readonly #classes = new Map<string, string>();

  constructor(frames: readonly Frame[], end: number) {
    this.#frames = frames;
    this.#end = end;
  }

  /** All that is shown in one place, frame by frame, as elements. */
  of(texts: readonly string[]): string[] {
    const elements: string[] = [];
    for (let from = 0; from < texts.length;) {
      const text = texts[from] ?? "";
      let to = from + 1;
      while (to < texts.length && texts[to] === text) to++;
      if (text !== "") {
        const name = this.#during(from, to);
        const kept = to === texts.length ? "" : ' visibility="hidden"';
        elements.push(name === undefined ? text : `<g class="${name}"${kept}>${text}</g>`);
      }
      from = to;
    }
    return elements;
  }

  /** The class of what is seen from one frame to before another; none for what is always seen. */
  #during(from: number, to: number): string | undefined {
    if (from === 0 && to === this.#frames.length) return undefined;
    const key = `${String(from)}-${String(to)}`;
    let name = this.#classes.get(key);
    if (name === undefined) this.#classes.set(key, (name = `f${key}`));
    return name;
  }

  style(): string[] {
    if (this.#classes.size === 0) return [];
    const start = this.#frames[0]?.at ?? 0;
    const percent = (frame: number): string =>
      ((((this.#frames[frame]?.at ?? 0) - start) / this.#end) * 100).toFixed(2);
    const rules = [...this.#classes].map(([key, name]) => {
      const [from = 0, to = 0] = key.split("-").map(Number);
      const on = from === 0 ? "0%{visibility:visible}" : `0%{visibility:hidden}${percent(from)}%{visibility:visible}`;
      const off = to === this.#frames.length ? "" : `${percent(to)}%{visibility:hidden}`;
      return `.${name}{animation-name:${name}}@keyframes ${name}{${on}${off}}`;
    });
    return [
      "<style>",
      `g[class]{animation-duration:${String(this.#end)}ms;animation-iteration-count:infinite;animation-timing-function:step-end}`,
      ...rules,
      "@media(prefers-reduced-motion:reduce){g[class]{animation:none}}",
      "</style>",
    ];
  }
}

function windowSvg(title: string, top: number, width: number, height: number): string {
  const y = (offset: number): string => String(top + offset);
  const frame = `x="0.5" y="${y(0.5)}" width="${String(width - 1)}" height="${String(height - 1)}" rx="8"`;
  const middle = String(TITLE_HEIGHT / 2);
  const dots = ["#d54e53", "#e7c547", "#b9ca4a"].map(
    (colour, index) =>
      `<circle cx="${String(MARGIN + 4 + index * 18)}" cy="${y(Number(middle))}" r="5" fill="${colour}"/>`,
  );
  return [
    `<rect ${frame} fill="${PAPER}"/>`,
    `<path d="M0.5 ${y(TITLE_HEIGHT - 4)}V${y(8.5)}a8 8 0 0 1 8 -8H${String(width - 8.5)}a8 8 0 0 1 8 8V${y(TITLE_HEIGHT - 4)}z" fill="${BAR}"/>`,
    `<rect ${frame} fill="none" stroke="${EDGE}"/>`,
    ...dots,
    `<text x="${String(width / 2)}" y="${y(TITLE_HEIGHT / 2 + 3)}" text-anchor="middle" fill="${INK}" font-size="12">${escaped(title)}</text>`,
  ].join("");
}

const widthOf = (row: readonly Cell[]): number => row.reduce((sum, { width }) => sum + width, 0);

/** How many columns of a row have something in them. */
function usedOf(row: readonly Cell[]): number {
  let columns = 0;
  let used = 0;
  for (const { text, width, style } of row) {
    columns += width;
    if (text !== " " || style.inverse || style.background !== -1) used = columns;
  }
  return used;
}

function heightOf(rows: Rows): number {
  return rows.findLastIndex((row) => usedOf(row) > 0) + 1;
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

function rowSvg(row: readonly Cell[], top: number): string {
  return runsOf(row)
    .map((run) => runSvg(run, top))
    .join("");
}

function runSvg({ column, width, text, style }: Run, top: number): string {
  const x = MARGIN + column * CELL.width;
  const [ink, paper] = coloursOf(style);
  const box =
    paper === PAPER
      ? ""
      : `<rect x="${x.toFixed(1)}" y="${String(top)}" width="${(width * CELL.width).toFixed(1)}" height="${String(CELL.height)}" fill="${paper}"/>`;
  const shown = text.trimEnd();
  if (shown === "") return box;
  // Of blanks at the end nothing is seen; all of them are narrow.
  const length = (width - (text.length - shown.length)) * CELL.width;
  const looks = [
    ...(style.bold ? ['font-weight="bold"'] : []),
    ...(style.italic ? ['font-style="italic"'] : []),
    ...(style.underline ? ['text-decoration="underline"'] : []),
    ...(style.dim ? ['opacity="0.65"'] : []),
  ];
  const at = `x="${x.toFixed(1)}" y="${String(top + FONT)}" textLength="${length.toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  return `${box}<text xml:space="preserve" ${at} fill="${ink}"${looks.map((look) => ` ${look}`).join("")}>${escaped(shown)}</text>`;
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
