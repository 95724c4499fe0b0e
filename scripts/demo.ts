/**
 * Three nodes in one terminal: plays the tour through Chat, then leaves them to whoever watches. Without a terminal it
 * prints the three transcripts of the tour. `--fast` plays it without pauses.
 */
import process from "node:process";
import { AT_ONCE, Cast, READING } from "./theatre/cast.ts";
import { ansiOf } from "./theatre/cells.ts";
import { compose, footerText, layout, originOf, type Size } from "./theatre/stage.ts";
import { NODES, TOUR } from "./theatre/tour.ts";

const NEXT = "\x0f";
const LEAVE = "\x1d";
/** Leaves the tour; once it is over the nodes have it. */
const INTERRUPT = "\x03";
const KEYS = ["Ctrl+] leave", "Ctrl+O next pane"];
const FRAME_MS = 16;

const pace = process.argv.includes("--fast") ? AT_ONCE : READING;

const sizeNow = (): Size => ({ columns: process.stdout.columns, rows: process.stdout.rows });

/** The nodes on this terminal. */
class Theatre implements Disposable {
  cast: Cast | undefined;
  focus = 0;
  footer = "Starting three nodes …";
  /** Aborts when somebody has left. */
  readonly left = new AbortController();
  /** Whether keys go to the pane in focus. */
  live = false;
  #drawn: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #typed = (data: Buffer): void => this.#keys(data.toString());
  readonly #resized = (): void => {
    this.#drawn = [];
    const { pane } = layout(sizeNow(), NODES.length);
    for (const one of this.cast?.panes ?? []) one.resize(pane.columns, pane.rows);
    this.changed();
  };

  constructor() {
    process.stdout.write("\x1b[?1049h\x1b[2J");
    process.stdin.setRawMode(true);
    process.stdin.on("data", this.#typed).resume();
    process.stdout.on("resize", this.#resized);
  }

  /** Draws soon: what changes together is drawn together. */
  readonly changed = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
      if (this.live && this.cast?.panes.every(({ ended }) => ended) === true) this.left.abort();
    }, FRAME_MS);
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    process.stdout.off("resize", this.#resized);
    process.stdin.off("data", this.#typed).pause();
    process.stdin.setRawMode(false);
    process.stdout.write("\x1b[?25h\x1b[?1049l");
  }

  #keys(text: string): void {
    for (const part of text.split(/([\x0f\x1d])/)) {
      if (part === LEAVE) this.left.abort();
      else if (part === NEXT) {
        this.focus = (this.focus + 1) % NODES.length;
        this.changed();
      } else if (!this.live && part.includes(INTERRUPT)) this.left.abort();
      else if (this.live) this.cast?.panes[this.focus]?.type(part);
    }
  }

  #draw(): void {
    const panes = this.cast?.panes ?? [];
    if (panes.length === 0) return;
    const size = sizeNow();
    const shown = panes.map((pane) => ({
      name: pane.ended ? `${pane.name} (ended)` : pane.name,
      row: (row: number) => pane.row(row),
    }));
    const rows = compose(size, shown, this.focus, footerText(this.footer, KEYS, size.columns)).map(ansiOf);
    const changes = rows.map((row, index) => (row === this.#drawn[index] ? "" : `\x1b[${String(index + 1)};1H${row}`));
    this.#drawn = rows;
    const pane = panes[this.focus];
    const origin = originOf(size, panes.length, this.focus);
    const at = pane === undefined ? { x: 0, y: 0 } : pane.cursor;
    const cursor = `\x1b[${String(origin.y + at.y + 1)};${String(origin.x + at.x + 1)}H\x1b[?25h`;
    process.stdout.write(`\x1b[?2026h\x1b[?25l${changes.join("")}${cursor}\x1b[?2026l`);
  }
}

async function atTerminal(): Promise<void> {
  using theatre = new Theatre();
  await using cast = await Cast.start(layout(sizeNow(), NODES.length).pane, { onChange: theatre.changed });
  theatre.cast = cast;
  const { signal } = theatre.left;
  const leaving = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.once(name, () => theatre.left.abort());
  try {
    await Promise.race([cast.ready(), leaving]);
    for (const step of TOUR) {
      if (signal.aborted) return;
      theatre.focus = NODES.indexOf(step.who);
      theatre.footer = step.caption;
      theatre.changed();
      await Promise.race([cast.play(step, pace, signal), leaving]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return;
  theatre.live = true;
  theatre.footer = "They are yours: type.";
  theatre.changed();
  await leaving;
}

async function transcripts(): Promise<void> {
  await using cast = await Cast.start({ columns: 120, rows: 40 });
  await cast.ready();
  for (const step of TOUR) await cast.play(step, AT_ONCE);
  for (const pane of cast.panes) process.stdout.write(`── ${pane.name} ──\n${pane.text()}\n\n`);
}

await (process.stdin.isTTY && process.stdout.isTTY ? atTerminal() : transcripts());
