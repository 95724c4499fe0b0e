/** A result that is longer than the screen, cut to what can be taken in, with how to see the rest. */

export interface ScreenSize {
  readonly rows: number;
  readonly columns: number;
}

/** Rows kept free: for the prompt, what is typed next, and the notice. */
const SPARE = 6;
const LEAST = 4;
const SGR = /\u001b\[[\d;:]*m/gu;

/**
 * The first lines of `text`, and how many are left out. What fits on the screen is left as it is; colours that are on
 * where it is cut are turned off.
 */
export function fold(text: string, { rows, columns }: ScreenSize): { readonly shown: string; readonly left: number } {
  const most = Math.max(LEAST, rows - SPARE);
  const lines = text.split("\n");
  let taken = 0;
  for (const [index, line] of lines.entries()) {
    taken += Math.max(1, Math.ceil(line.replace(SGR, "").length / Math.max(1, columns)));
    if (taken <= most) continue;
    // One line by itself is cut by whoever prints it, not here.
    const kept = Math.max(1, index);
    const left = lines.length - kept;
    if (left === 0) break;
    const shown = lines.slice(0, kept).join("\n");
    return { shown: shown.includes("\u001b[") ? `${shown}\u001b[0m` : shown, left };
  }
  return { shown: text, left: 0 };
}
