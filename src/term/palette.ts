/**
 * The colours of what is printed: those of the terminal's sixteen that can be read on its background. A program has one
 * terminal, so there is one choice for all of it. The terminal is never asked; its environment or a setting may say.
 *
 * Few of the sixteen can be read on both, as terminals have them: red is too dark on black in some, green and cyan too
 * light on white. `test/term/palette.test.ts` has the figures.
 */

export type Hue = "red" | "green" | "yellow" | "magenta" | "cyan";
export type Background = "dark" | "light";

interface Palette {
  /** SGR parameters. */
  readonly hues: Readonly<Record<Hue, number>>;
  /** Those that tell nodes from each other. */
  readonly nodes: readonly number[];
}

/** What to print with on a background, and where nothing is known of it. */
export const PALETTES: Readonly<Record<Background | "unknown", Palette>> = {
  unknown: {
    hues: { red: 91, green: 32, yellow: 95, magenta: 95, cyan: 36 },
    nodes: [36, 35, 32, 95, 94],
  },
  dark: {
    hues: { red: 91, green: 32, yellow: 33, magenta: 95, cyan: 36 },
    nodes: [36, 33, 95, 32, 96],
  },
  light: {
    hues: { red: 31, green: 32, yellow: 35, magenta: 35, cyan: 34 },
    nodes: [34, 35, 32, 90, 94],
  },
};

let palette = PALETTES.unknown;

/** Says what is behind the text from now on; `undefined` for what is not known. */
export function setBackground(background: Background | undefined): void {
  palette = PALETTES[background ?? "unknown"];
}

/** The SGR parameter of a colour. */
export function sgrOf(hue: Hue): number {
  return palette.hues[hue];
}

/** The SGR parameters that tell nodes from each other. */
export function nodeColours(): readonly number[] {
  return palette.nodes;
}

/** What `COLORFGBG` says, which some terminals set: `15;0`, `0;default;15`. `undefined` if it says nothing. */
export function backgroundIn(env: Readonly<Record<string, string | undefined>>): Background | undefined {
  const number = /;(\d+)$/u.exec(env["COLORFGBG"] ?? "")?.[1];
  if (number === undefined) return undefined;
  const colour = Number(number);
  // The lighter half, but for dark grey.
  return colour === 7 || (colour > 8 && colour < 16) ? "light" : colour < 16 ? "dark" : undefined;
}

/** A text in a colour. */
export function coloured(hue: Hue, text: string): string {
  return `\u001b[${String(sgrOf(hue))}m${text}\u001b[39m`;
}
