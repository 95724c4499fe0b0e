/** One program on a terminal of its own, which nobody sees but through {@link Pane.row}. */
import xterm from "@xterm/headless";
import { type IPty, spawn } from "node-pty";
import { type Cell, rowOf } from "./cells.ts";

export interface PaneOptions {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
  /** What is shown has changed, or the program has ended. */
  readonly onChange: () => void;
}

/** How long a step of the tour may take: a node's start on a busy machine is the longest. */
const DEADLINE_MS = 120_000;

export class Pane {
  readonly name: string;
  ended = false;
  readonly #terminal: xterm.Terminal;
  readonly #pty: IPty;
  readonly #exited: Promise<void>;
  #changed = Promise.withResolvers<void>();
  /** The rows that were asked for since something changed: other panes change meanwhile. */
  readonly #rows = new Map<number, Cell[]>();

  constructor({ name, file, args, env, columns, rows, onChange }: PaneOptions) {
    this.name = name;
    this.#terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
    this.#pty = spawn(file, [...args], { cols: columns, rows, env, name: "xterm-256color" });
    const changed = (): void => {
      this.#rows.clear();
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
      onChange();
    };
    this.#pty.onData((data) => this.#terminal.write(data, changed));
    // What a terminal is asked, it answers as if that were typed.
    this.#terminal.onData((answer) => this.type(answer));
    this.#exited = new Promise((resolve) => {
      this.#pty.onExit(() => {
        this.ended = true;
        resolve();
        changed();
      });
    });
  }

  type(text: string): void {
    if (!this.ended) this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#rows.clear();
    this.#terminal.resize(columns, rows);
    if (!this.ended) this.#pty.resize(columns, rows);
  }

  row(row: number): Cell[] {
    let cells = this.#rows.get(row);
    if (cells === undefined) this.#rows.set(row, (cells = rowOf(this.#terminal, row)));
    return cells;
  }

  get cursor(): { readonly x: number; readonly y: number } {
    const { cursorX: x, cursorY: y } = this.#terminal.buffer.active;
    return { x, y };
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** Everything that was printed, down to the cursor; lines that the terminal wrapped are whole. */
  text(): string {
    const buffer = this.#terminal.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row <= buffer.baseY + buffer.cursorY; row++) {
      const line = buffer.getLine(row);
      const wrapped = buffer.getLine(row + 1)?.isWrapped === true;
      const text = line?.translateToString(!wrapped) ?? "";
      if (line?.isWrapped === true) lines.push((lines.pop() ?? "") + text);
      else lines.push(text);
    }
    return lines.join("\n").trimEnd();
  }

  /** Settles when what was printed matches. Rejects if the program ends first, or takes too long. */
  async until(pattern: RegExp): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }, DEADLINE_MS);
    try {
      for (;;) {
        const changed = this.#changed.promise;
        if (pattern.test(this.text())) return;
        if (this.ended || late)
          throw new Error(`${this.name} ${late ? "has not shown" : "ended before it showed"} ${String(pattern)}`);
        await changed;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the program, if it has not. */
  async close(): Promise<void> {
    if (!this.ended) this.#pty.kill("SIGTERM");
    const timer = setTimeout(() => this.#pty.kill("SIGKILL"), 2_000);
    await this.#exited;
    clearTimeout(timer);
    this.#terminal.dispose();
  }
}
