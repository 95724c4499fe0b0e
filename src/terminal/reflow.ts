/**
 * What a terminal that became narrower has made of rows drawn for its old width: most fold each row that is too long, and
 * the cursor goes with its character. What was drawn can be erased only by who knows how many rows it takes now.
 */
import { graphemes } from "./graphemes.ts";
import type { Layout } from "./layout.ts";
import { widthOf } from "./paint.ts";

/** What becomes of rows that are too long: all are folded, all but that of the cursor, or all are cut. */
export type Reflow = "all" | "others" | "none";

/** How the terminal of this environment does it. xterm.js, which is VS Code's, leaves the cursor's row to the program. */
export function reflowOf(env: NodeJS.ProcessEnv): Reflow {
  if (env["TMUX"] !== undefined) return "all";
  if (env["TERM_PROGRAM"] === "vscode") return "others";
  return env["TERM"] === "linux" || env["XTERM_VERSION"] !== undefined || env["STY"] !== undefined ? "none" : "all";
}

/** How many rows the cursor is below the first one that was drawn, on a screen of `columns` now. */
export function rowsAbove({ rows, cursor }: Layout, columns: number, reflow: Reflow): number {
  const y = Math.min(cursor?.y ?? rows.length, rows.length);
  if (reflow === "none") return y;
  let above = 0;
  for (const { text } of rows.slice(0, y)) above += folded(text, columns);
  return above + (reflow === "all" && cursor ? Math.floor(cursor.x / columns) : 0);
}

/** How many rows a row takes. A wide character is not divided. */
function folded(text: string, columns: number): number {
  let rows = 1;
  let width = 0;
  for (const grapheme of graphemes(text)) {
    const cells = widthOf(grapheme);
    if (width + cells > columns) {
      rows++;
      width = 0;
    }
    width += cells;
  }
  return rows;
}
