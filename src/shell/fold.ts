/** A result that is longer than the screen, cut to what can be taken in, with how to see the rest. */

export interface ScreenSize {
  readonly rows: number;
  readonly columns: number;
}

/** Rows kept free: for the prompt, what is typed next, and the notice. */
const SPARE = 6;
const LEAST = 4;
const SGR = /\u001b\[[\d;:]*m/gu;

/** A text, and how much of it is left out. */
export interface Folded {
  readonly shown: string;
  readonly left: number;
  /** What `left` counts: a single line that is longer than the screen is cut as well. */
  readonly unit: "line" | "character";
}

/**
 * The first lines of `text`, and how many are left out. What fits on the screen is left as it is; colours that are on
 * where it is cut are turned off.
 */
export function fold(text: string, { rows, columns }: ScreenSize): Folded {
  const most = Math.max(LEAST, rows - SPARE);
  const lines = text.split("\n");
  let taken = 0;
  for (const [index, line] of lines.entries()) {
    taken += Math.max(1, Math.ceil(line.replace(SGR, "").length / Math.max(1, columns)));
    if (taken <= most) continue;
    if (index === 0) {
      const shown = beginning(line, most * columns);
      const left = text.replace(SGR, "").length - shown.replace(SGR, "").length;
      return { shown: closed(shown), left, unit: "character" };
    }
    return { shown: closed(lines.slice(0, index).join("\n")), left: lines.length - index, unit: "line" };
  }
  return { shown: text, left: 0, unit: "line" };
}

function closed(text: string): string {
  return text.includes("\u001b[") ? `${text}\u001b[0m` : text;
}

/** As many characters, what colours them not counted. */
function beginning(text: string, length: number): string {
  let left = length;
  let kept = "";
  for (const [index, part] of text.split(/(\u001b\[[\d;:]*m)/u).entries()) {
    const piece = index % 2 === 1 ? part : part.slice(0, left);
    kept += piece;
    if (index % 2 === 0) left -= piece.length;
    if (left <= 0) break;
  }
  // Not in the middle of a character.
  return /[\uD800-\uDBFF]$/u.test(kept) ? kept.slice(0, -1) : kept;
}
