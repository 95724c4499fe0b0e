/** The quiet row below the live region: the status at a prompt, and how far long work is while something is evaluated. */
import type { StatusPart } from "../io/device.ts";
import { type Progress, watchProgress } from "../process/progress.ts";
import type { Runtime } from "../process/runtime.ts";
import { coloured } from "../shell/node-colour.ts";
import { promptingOf } from "../shell/prompting.ts";
import { Status } from "../shell/status.ts";
import { since } from "../shell/units.ts";
import type { Layout, Screen } from "./layout.ts";
import { fitted, span } from "./observer/rows.ts";

/** On a smaller screen every row is wanted for what is typed. */
const LEAST_ROWS = 8;
const LEAST_COLUMNS = 30;
/** Work that takes no longer is not spoken of, in milliseconds. */
const QUIET_MS = 1000;
const EVERY_MS = 250;

/** `layout` with one more row, dim but for the names of nodes if there are colours, if the screen has room for it. */
export function withRow(
  layout: Layout,
  parts: readonly StatusPart[] | undefined,
  screen: Screen,
  colors = false,
): Layout {
  const { columns, rows } = screen;
  if (parts === undefined || parts.length === 0 || rows < LEAST_ROWS || columns < LEAST_COLUMNS) return layout;
  // A live region as tall as the screen makes Ink clear the screen for each key.
  if (layout.rows.length > rows - 3) return layout;
  const row = fitted(
    parts.map(({ text, node }) => ({ ...span(text), node })),
    columns,
  );
  const text = row.map((piece) => piece.text).join("");
  if (!colors) return { ...layout, rows: [...layout.rows, { text, dim: true }] };
  const styled = row
    .map((piece) => (piece.node === undefined ? `\x1b[2m${piece.text}\x1b[22m` : coloured(piece.node, piece.text)))
    .join("");
  return { ...layout, rows: [...layout.rows, { text, dim: false, styled }] };
}

/** `Task.asyncStream 12/100 · 3 s`. */
export function progressText({ label, done, total, startedAt }: Omit<Progress, "process">, now: number): string {
  const parts = total === undefined ? `${String(done)} done` : `${String(done)}/${String(total)}`;
  return `${label} ${parts} · ${since(now - startedAt)}`;
}

/** What is told below the prompt of a node's shell. */
export class Below {
  readonly #runtime: Runtime;
  readonly #status: Status;
  readonly #onChange: () => void;
  readonly #unwatch: () => void;
  readonly #works = new Set<Progress>();
  #timer: NodeJS.Timeout | undefined;

  constructor(runtime: Runtime, onChange: () => void) {
    this.#runtime = runtime;
    this.#onChange = onChange;
    this.#status = new Status(runtime, onChange);
    this.#unwatch = watchProgress(runtime, (event, progress) => {
      // Others work too; who sits at the prompt waits for this process.
      if (progress.process !== promptingOf(runtime).process) return;
      if (event === "begin") this.#works.add(progress);
      else if (!this.#works.delete(progress)) return;
      this.#tick();
    });
  }

  /** The row while a statement is read. */
  status(columns: number): readonly StatusPart[] {
    return this.#status.parts(columns);
  }

  /** The row while something is evaluated, `undefined` if nothing takes long. */
  get progress(): readonly StatusPart[] | undefined {
    const now = this.#runtime.clock.now();
    const late = [...this.#works].findLast(({ startedAt }) => now - startedAt >= QUIET_MS);
    return late === undefined ? undefined : [{ text: progressText(late, now) }];
  }

  stop(): void {
    this.#unwatch();
    this.#status.stop();
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#works.size > 0) this.#timer ??= setInterval(this.#onChange, EVERY_MS).unref();
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#onChange();
    }
  }
}
