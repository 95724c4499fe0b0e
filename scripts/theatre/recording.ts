/** Notes what panes show while something is played on them. */
import { type Cell, cellsOf, type Style } from "./cells.ts";
import type { Pane } from "./pane.ts";
import type { Frame, Rows, WindowShown } from "./svg.ts";

/** So often is looked, in milliseconds: what changes in between is one change. */
const EVERY_MS = 90;

export interface RecordingOptions {
  readonly panes: readonly Pane[];
  /** What stands above each; the pane's name unless told. */
  readonly titles?: readonly string[];
  /** What is said meanwhile, in a window of its own above the others. */
  readonly caption?: { readonly title: string; text(): string };
  /** Whether each pane's cursor is shown. Programs that take the whole screen hide it. */
  readonly cursor?: boolean;
}

export class Recording implements Disposable {
  readonly frames: Frame[] = [];
  readonly #options: RecordingOptions;
  readonly #timer: NodeJS.Timeout;
  #before = "";

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.note(), EVERY_MS);
    this.note();
  }

  /** Looks now: if anything has changed, that is a frame. */
  note(): void {
    const { panes, titles, caption, cursor = true } = this.#options;
    const windows: WindowShown[] = panes.map((pane, index) => ({
      title: titles?.[index] ?? pane.name,
      rows: rowsOf(pane, cursor),
    }));
    if (caption !== undefined) windows.unshift({ title: caption.title, rows: [cellsOf(caption.text())] });
    const seen = JSON.stringify(windows);
    if (seen === this.#before) return;
    this.#before = seen;
    this.frames.push({ at: Math.round(performance.now()), windows });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function rowsOf(pane: Pane, cursor: boolean): Rows {
  return Array.from({ length: pane.rows }, (_, row) => {
    const cells = pane.row(row);
    return cursor && row === pane.cursor.y ? withCursor(cells, pane.cursor.x) : cells;
  });
}

function withCursor(cells: readonly Cell[], column: number): Cell[] {
  let at = 0;
  return cells.map((cell) => {
    const here = at === column;
    at += cell.width;
    return here ? { ...cell, style: { ...cell.style, inverse: true } satisfies Style } : cell;
  });
}
