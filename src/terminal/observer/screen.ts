/** The alternate screen, drawn by Ink: an instance of its own, as the prompt's keeps its live region for afterwards. */
import { EventEmitter } from "node:events";
import type { ReadStream } from "node:tty";
import { Box, render, Text, type Instance } from "ink";
import { createElement, type ReactElement } from "react";
import type { Screen } from "../layout.ts";
import type { Taken, TerminalStream } from "../stream.ts";

/** What Ink writes to: the terminal, while nobody else may. */
class ScreenStream extends EventEmitter {
  readonly isTTY = true;
  readonly writableEnded = false;
  readonly #stream: TerminalStream;
  readonly #taken: Taken;

  constructor(stream: TerminalStream, taken: Taken) {
    super();
    this.#stream = stream;
    this.#taken = taken;
  }

  get columns(): number {
    return this.#stream.columns;
  }

  get rows(): number {
    return this.#stream.rows;
  }

  get writable(): boolean {
    return this.#stream.writable;
  }

  get destroyed(): boolean {
    return this.#stream.destroyed;
  }

  write(text: string | Uint8Array, encoding?: BufferEncoding | (() => void), callback?: () => void): boolean {
    const done = typeof encoding === "function" ? encoding : callback;
    this.#taken.write(typeof text === "string" ? text : Buffer.from(text).toString());
    if (done) queueMicrotask(done);
    return true;
  }
}

function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement {
  return createElement(
    Box,
    { flexDirection: "column" },
    // Ink gives an empty text no row at all.
    lines.map((line, index) => createElement(Text, { key: index, wrap: "truncate-end" }, line === "" ? " " : line)),
  );
}

/** The whole terminal, until {@link FullScreen.close} shows again what was there before. */
export class FullScreen {
  readonly #stream: TerminalStream;
  readonly #taken: Taken;
  readonly #instance: Instance;
  readonly #resized: () => void;
  readonly #out: ScreenStream;
  /** While another program has the terminal. */
  #away = false;

  constructor(stream: TerminalStream, stdin: ReadStream, onResize: () => void) {
    this.#stream = stream;
    this.#taken = stream.take();
    this.#out = new ScreenStream(stream, this.#taken);
    const stdout = this.#out as unknown as NodeJS.WriteStream;
    this.#instance = render(createElement(Lines, { lines: [] }), {
      ...{ stdout, stderr: stdout, stdin, interactive: true, alternateScreen: true },
      ...{ exitOnCtrlC: false, patchConsole: false, incrementalRendering: true, maxFps: 30 },
    });
    this.#resized = () => {
      this.#out.emit("resize");
      onResize();
    };
    stream.on("resize", this.#resized);
  }

  get size(): Screen {
    return { columns: this.#stream.columns, rows: this.#stream.rows };
  }

  /** Draws lines that fit the screen. */
  show(lines: readonly string[]): void {
    if (!this.#away) this.#instance.rerender(createElement(Lines, { lines }));
  }

  /** Shows what was there before, until {@link FullScreen.redraw}. Resolves when it is written. */
  async withdraw(): Promise<void> {
    this.#away = true;
    await new Promise<void>((written) => this.#taken.write("\x1b[?1049l\x1b[?2004l\x1b[?25h", written));
  }

  /** Draws again what may have been overwritten. */
  redraw(): void {
    this.#away = false;
    this.#taken.write("\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[H\x1b[2J");
    this.#instance.clear();
  }

  close(): void {
    this.#stream.off("resize", this.#resized);
    this.#instance.unmount();
    this.#taken.release();
  }
}
