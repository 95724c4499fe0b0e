/**
 * Graphemes of several characters, which terminals disagree about: one draws a family of joined emoji in two cells, another
 * its members side by side in six. Nothing need be asked: wherever such a one is drawn, the cursor is brought back and put
 * where it counts from, so that what follows stands in its place and covers what is too much.
 */
import stringWidth from "string-width";
import { graphemes } from "./graphemes.ts";

const DISPUTED = /[\u200d\ufe0f\p{Emoji_Modifier}\p{Regional_Indicator}\p{Mc}\u1160-\u11ff]/u;

/** Whether terminals disagree about how many cells it takes. */
function isDisputed(grapheme: string): boolean {
  return grapheme.length > 1 && DISPUTED.test(grapheme);
}

/** The cells a grapheme may take at the end of a row, in a terminal that joins nothing; its own where all agree. */
export function roomFor(grapheme: string, cells: number): number {
  if (!isDisputed(grapheme)) return cells;
  let apart = 0;
  for (const character of grapheme) apart += stringWidth(character);
  // One cell more: the cursor behind it must not have to stand in the last column, where it would cover it.
  return Math.max(cells, apart) + 1;
}

const SAVE = "\x1b7";
const RESTORE = "\x1b8";
const ERASE = "\x1b[K";

/**
 * What is to be written of the live region, with the cursor put right behind each grapheme that terminals disagree about.
 * Ink rewrites a row to its end from where it has changed, so what such a grapheme drew too much of can be erased.
 */
export function anchored(frame: string): string {
  if (!DISPUTED.test(frame)) return frame;
  return graphemes(frame)
    .map((grapheme) =>
      isDisputed(grapheme) ? `${SAVE}${grapheme}${RESTORE}\x1b[${String(stringWidth(grapheme))}C${ERASE}` : grapheme,
    )
    .join("");
}
