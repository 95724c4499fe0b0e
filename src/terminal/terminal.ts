/**
 * The terminal as a {@link Device}: one live region at the bottom, in which the innermost read is edited, and plain text
 * above it. A submitted statement is printed there with its prompts, so that a session reads and copies as it was typed.
 */
import type { ReadStream, WriteStream } from "node:tty";
import type { Device, DeviceOptions, StatementHistory, StatementPrompts } from "../io/device.ts";
import { MoebiError } from "../term/error.ts";
import { App, emptyLayout } from "./app.ts";
import { capture } from "./capture.ts";
import { Input } from "./input.ts";
import { layout, layoutTail, type Layout } from "./layout.ts";
import { Output, type LineSink } from "./output.ts";
import { Prompter } from "./prompter.ts";
import { TerminalStream } from "./stream.ts";
import { Tty } from "./tty.ts";
import { View } from "./view.ts";

export interface TerminalOptions extends DeviceOptions {
  /** Default `process.stdin`. Must be a terminal. */
  readonly stdin?: ReadStream;
  /** Default `process.stdout`. Must be a terminal. What else is written to it, and to a `process.stderr` on a terminal, is captured. */
  readonly stdout?: WriteStream;
  /** How long a lone Escape waits for the rest of a sequence, in milliseconds; more for slow connections. Default 50. */
  readonly escapeMs?: number;
}

/**
 * Takes the terminal, until {@link Device.close} or the end of the process.
 * Throws `badarg` when standard input or output is not a terminal: the caller uses a plain device then, and for `TERM=dumb`.
 */
export function createTerminal(options: TerminalOptions): Device {
  const { stdin = process.stdin, stdout = process.stdout } = options;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new MoebiError(
      "badarg",
      "Standard input and output must be a terminal: use the plain device for pipes and files",
    );
  }
  return new Terminal(options, stdin, stdout);
}

class Terminal implements Device {
  readonly kind = "terminal";
  readonly history: StatementHistory | undefined;
  onInterrupt: (() => void) | undefined;
  onMenu: (() => void) | undefined;

  readonly #stream: TerminalStream;
  readonly #app: App;
  readonly #tty: Tty;
  readonly #input: Input;
  readonly #output: Output;
  readonly #prompter: Prompter;
  readonly #captures: (() => void)[];
  #painting = false;
  #signals = false;
  #views = 0;
  /** While the process is about to be stopped, and is: nothing is drawn. */
  #suspended = false;
  #gone = false;
  #closing: Promise<void> | undefined;

  constructor(options: TerminalOptions, stdin: ReadStream, stdout: WriteStream) {
    this.history = options.history;
    const stream = (this.#stream = new TerminalStream(stdout));
    this.#tty = new Tty(stdin, stream, {
      onInterrupt: () => {
        this.#prompter.receive([{ type: "chord", chord: "ctrl+c" }]);
      },
      onContinue: () => {
        if (!this.#suspended) this.#app.redraw();
        this.#suspended = false;
        this.#paint();
      },
      onExit: () => {
        this.#abandon();
      },
    });
    const app = (this.#app = this.#tty.take(() => new App(stream, stdin)));
    const sink: LineSink = {
      print: (lines) => {
        app.print(lines);
      },
      get full() {
        return stream.full;
      },
      once: (event, listener) => stream.once(event, listener),
    };
    this.#output = new Output(sink, {
      onTail: () => {
        if (!this.#prompter.current) this.#paint();
      },
    });
    this.#prompter = new Prompter(options, {
      onChange: this.#paint,
      onSubmit: (typed) => this.#submitted(typed),
      onInterrupt: () => this.onInterrupt?.(),
      onClear: () => {
        this.clear();
      },
      onMenu: () => this.onMenu?.(),
      onSuspend: () => void this.#suspend(),
    });
    this.#input = new Input(
      stdin,
      {
        onKeys: (keys) => {
          this.#prompter.receive(keys);
        },
        onEnd: () => {
          this.#prompter.end();
        },
      },
      options.escapeMs,
    );
    stream.on("gone", () => {
      this.#prompter.end();
    });
    // After Ink's own listener, which erases what was drawn for the old width.
    stream.on("resize", this.#paint);
    this.#captures = this.#captured(stdout);
  }

  get columns(): number {
    return this.#stream.columns;
  }

  get rows(): number {
    return this.#stream.rows;
  }

  write(text: string): void | Promise<void> {
    if (!this.#gone) return this.#output.write(text);
  }

  readLine(prompt: string, signal?: AbortSignal, view = 0): Promise<string | null> {
    // `IO.write("Name: ")` and then `IO.gets("")` is a prompt as well.
    const lines = view === this.#prompter.view ? this.#output.takeTail() + prompt : prompt;
    const start = lines.lastIndexOf("\n") + 1;
    void this.#output.write(lines.slice(0, start));
    this.#output.flush();
    const first = lines.slice(start);
    return this.#prompter.read("line", { first, continuation: first }, signal, view);
  }

  readStatement(prompts: StatementPrompts, signal?: AbortSignal, view = 0): Promise<string | null> {
    if (view === this.#prompter.view) this.#output.endTail();
    this.#output.flush();
    return this.#prompter.read("statement", prompts, signal, view);
  }

  setPrompts(prompts: StatementPrompts, view = 0): void {
    this.#prompter.setPrompts(prompts, view);
  }

  open(): Device {
    return new View(this, ++this.#views);
  }

  show(view = 0): void {
    this.#output.endTail();
    this.#output.flush();
    this.#prompter.show(view);
  }

  clear(): void {
    this.#output.endTail();
    this.#output.flush();
    this.#app.print("\x1b[H\x1b[2J");
  }

  signals(on: boolean): void {
    if (on === this.#signals) return;
    this.#signals = on;
    if (on) this.#output.flush();
    this.#tty.signals(on);
    if (!on) this.#input.wasCooked();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  /** Stops the process as Ctrl+Z does other programs, with the terminal as it was found and an empty live region. */
  async #suspend(): Promise<void> {
    if (this.#gone || this.#suspended || process.platform === "win32") return;
    this.#suspended = true;
    this.#output.flush();
    this.#app.show(emptyLayout);
    await this.#app.shown();
    await this.#tty.stop();
  }

  async #close(): Promise<void> {
    this.#prompter.close(new MoebiError("terminated", "The terminal was closed"));
    this.#output.endTail();
    await this.#output.drained();
    if (this.#gone) return;
    this.#leave();
    await this.#stream.close();
  }

  /** The process exits: what is held is written at once, and the terminal given back. */
  #abandon(): void {
    if (this.#gone) return;
    this.#stream.synchronous();
    this.#output.endTail();
    this.#output.flush(Infinity);
    this.#leave();
    this.#stream.detach();
  }

  #leave(): void {
    this.#gone = true;
    this.#input.stop();
    this.#app.unmount();
    this.#tty.release();
    for (const release of this.#captures) release();
  }

  #captured(stdout: WriteStream): (() => void)[] {
    const write = (text: string): void | Promise<void> => this.#output.write(text);
    const captures = [capture(stdout, write)];
    if (stdout === process.stdout && process.stderr.isTTY) captures.push(capture(process.stderr, write));
    return captures;
  }

  /** Puts what was typed into the scrollback, where the live region was. */
  async #submitted(typed: string): Promise<void> {
    this.#app.show(this.#layout());
    await this.#app.shown();
    if (this.#gone) return;
    this.#output.line(typed);
    this.#output.flush();
  }

  /** Draws the live region once for all that changes in this turn. */
  readonly #paint = (): void => {
    if (this.#painting) return;
    this.#painting = true;
    // Not a microtask: between two of many writes that are awaited one by one there are only microtasks.
    setImmediate(() => {
      this.#painting = false;
      if (!this.#gone && !this.#suspended) this.#app.show(this.#layout());
    });
  };

  #layout(): Layout {
    const screen = { columns: this.#stream.columns, rows: this.#stream.rows };
    const read = this.#prompter.current;
    if (read) return layout(read.state, read.prompts, screen);
    return this.#output.tail === "" ? emptyLayout : layoutTail(this.#output.tail, screen);
  }
}
