/**
 * The terminal as a {@link Device}: one live region at the bottom, in which the innermost read is edited, and plain text
 * above it. A submitted statement is printed there with its prompts, so that a session reads and copies as it was typed.
 */
import type { ReadStream, WriteStream } from "node:tty";
import type { Device, Observed, StatementHistory, StatementPrompts, StatusRow } from "../io/device.ts";
import type { Runtime } from "../process/runtime.ts";
import { DEFAULT_SETTINGS, type Settings } from "../shell/settings.ts";
import { MoebiError } from "../term/error.ts";
import type { NodeName } from "../term/pid.ts";
import { App, emptyLayout } from "./app.ts";
import { Below, withRow } from "./below.ts";
import { copyTo } from "./clipboard.ts";
import { captureAll } from "./capture.ts";
import { type Cover, Covering } from "./cover.ts";
import { DEFAULT_SHAPE, shapeOf } from "./cursor-shape.ts";
import type { EditedOutside } from "./external-editor.ts";
import { Input } from "./input.ts";
import type { Key } from "./keys.ts";
import { layout, layoutTail, type Layout } from "./layout.ts";
import { Output, sinkOf } from "./output.ts";
import { typedLines, type Look } from "./paint.ts";
import { Prompter, type PrompterOptions, type Read } from "./prompter.ts";
import { TerminalStream } from "./stream.ts";
import { labelled, tinted } from "./tint.ts";
import { remembering } from "../shell/tokens.ts";
import { Tty } from "./tty.ts";
import { View } from "./view.ts";

export interface TerminalOptions extends PrompterOptions {
  /** Default `process.stdin`. Must be a terminal. */
  readonly stdin?: ReadStream;
  /** Default `process.stdout`. Must be a terminal. What else is written to it, and to a `process.stderr` on a terminal, is captured. */
  readonly stdout?: WriteStream;
  /** The settings as they are now. Default: {@link DEFAULT_SETTINGS}. */
  settings?(): Settings;
  /** Changes some, for the menu of them; without it there is none. Throws `badarg` for what does not fit. */
  configure?(changes: Partial<Settings>): void;
  /** Writes the settings where they hold for the next start too, and says where. Rejects if it can't. */
  save?(): Promise<string>;
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
  stillRunning: (() => number) | undefined;

  readonly #stdin: ReadStream;
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
  readonly #options: TerminalOptions;
  readonly #settings: () => Settings;
  readonly #tokenize = remembering();
  #cursorShape = DEFAULT_SHAPE;
  /** Ends the editor that has the terminal. */
  #editing: AbortController | undefined;
  /** What is told below the prompt, of the node whose prompt it is. */
  #below: Pick<Below, "status" | "progress" | "stop"> | undefined;
  /** The observer or the pager, while it has the screen and the keys. */
  readonly #covering: Covering;
  /** While the process is about to be stopped, and is: nothing is drawn. */
  #suspended = false;
  #gone = false;
  #closing: Promise<void> | undefined;

  constructor(options: TerminalOptions, stdin: ReadStream, stdout: WriteStream) {
    this.history = options.history;
    this.#options = options;
    this.#stdin = stdin;
    this.#settings = options.settings ?? (() => DEFAULT_SETTINGS);
    const stream = (this.#stream = new TerminalStream(stdout));
    this.#tty = new Tty(stdin, stream, {
      onInterrupt: () => {
        this.#receive([{ type: "chord", chord: "ctrl+c" }]);
      },
      onContinue: () => {
        if (this.#covering.redraw()) return;
        if (!this.#suspended) this.#app.redraw();
        this.#resume();
      },
      onExit: () => {
        this.#abandon();
      },
    });
    this.#covering = new Covering(() => this.#tty.stop());
    const app = (this.#app = this.#tty.take(() => new App(stream, stdin)));
    this.#output = new Output(sinkOf(app, stream), {
      onTail: () => {
        if (!this.#prompter.current) this.#paint();
      },
    });
    this.#prompter = new Prompter(options, {
      onChange: this.#paint,
      onSubmit: (read) => this.#submitted(read),
      onEdit: (source) => this.#edit(source),
      onInterrupt: () => this.onInterrupt?.(),
      onClear: this.clear.bind(this),
      onMenu: () => this.onMenu?.(),
      onSettings: () =>
        this.settings(undefined, () => {
          this.#receive(this.#prompter.take());
        }),
      onSuspend: () => void this.#suspend(),
      stillRunning: () => this.stillRunning?.() ?? 0,
    });
    const end = (): void => {
      this.#covering.close();
      this.#prompter.end();
    };
    this.#input = new Input(
      stdin,
      {
        onKeys: (keys) => {
          this.#receive(keys);
        },
        onEnd: end,
        onRetaken: () => {
          this.#tty.retake();
          this.#paint();
        },
      },
      { escapeDelay: () => this.#settings().escapeDelay },
    );
    // What was typed while the program started.
    this.#input.wasCooked();
    stream.on("gone", end);
    // After Ink's own listener, which erases what was drawn for the old width.
    stream.on("resize", this.#paint);
    this.#captures = captureAll(stdout, (text) => this.#output.write(text));
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

  setAside(view = 0): () => void {
    return this.#prompter.setAside(view);
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
    if (!this.#suspended) this.#app.print("\x1b[H\x1b[2J");
  }

  signals(on: boolean): void {
    if (on === this.#signals) return;
    this.#signals = on;
    this.#tty.signals(on);
    if (on) this.#output.flush();
    if (!on) this.#input.wasCooked();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  #receive(keys: readonly Key[]): void {
    this.#prompter.receive(this.#covering.receive(keys));
  }

  /** Stops the process as Ctrl+Z does other programs, with the terminal as it was found and an empty live region. */
  async #suspend(): Promise<void> {
    if (this.#gone || this.#suspended || process.platform === "win32") return;
    await this.#withdraw();
    await this.#tty.stop();
  }

  /** Prints what is held and erases the live region, for another program to have the terminal. */
  async #withdraw(): Promise<void> {
    this.#output.flush();
    // Whoever prints does not wait for a person who looks at something else.
    this.#output.hold(true);
    this.#suspended = true;
    this.#app.show(emptyLayout);
    await this.#app.shown();
    this.#shape(DEFAULT_SHAPE);
  }

  #resume(): void {
    this.#suspended = false;
    if (this.#gone) return;
    this.#stream.wasLent();
    this.#output.hold(false);
    this.#paint();
  }

  async #edit(source: string): Promise<EditedOutside> {
    if (this.#gone || this.#suspended) return { source };
    const { editOutside } = await import("./external-editor.ts");
    return this.#lend((signal) => editOutside(source, { signal }));
  }

  async edit(path: string, line: number, signal?: AbortSignal): Promise<string | undefined> {
    if (this.#gone || this.#suspended) return "(the terminal is used by something else)";
    const { openOutside } = await import("./external-editor.ts");
    return this.#lend((gone) => openOutside(path, line, { signal: AbortSignal.any(signal ? [gone, signal] : [gone]) }));
  }

  /** Lends the terminal to the person's editor. */
  async #lend<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    await this.#withdraw();
    this.#input.pause();
    await this.#tty.lend();
    this.#editing = new AbortController();
    try {
      return await work(this.#editing.signal);
    } finally {
      this.#editing = undefined;
      if (!this.#gone) {
        this.#tty.reclaim();
        this.#input.resume();
      }
      this.#resume();
    }
  }

  tint(node: NodeName, text: string): string {
    const { colors } = this.#look;
    if (this.#settings().nodeLabels) return labelled(node, text, colors, this.#output.tail !== "");
    return colors ? tinted(node, text) : text;
  }

  accompany(runtime: Runtime): void {
    this.#below?.stop();
    this.#below = new Below(runtime, this.#paint);
  }

  accompanyBy(open: (onChange: () => void) => StatusRow): void {
    this.#below?.stop();
    const row = open(this.#paint);
    this.#below = {
      status: (columns) => row.parts(columns),
      get progress() {
        return row.late;
      },
      stop: () => row.stop(),
    };
  }

  async observe({ runtime, node }: Observed, signal?: AbortSignal): Promise<void> {
    const { Observer } = await import("./observer/observer.ts");
    const colours = this.#look.colors;
    const options = { runtime, node, stream: this.#stream, stdin: this.#stdin, colours };
    await this.#covered(() => new Observer(options), signal);
  }

  async page(text: string, signal?: AbortSignal): Promise<void> {
    const { Pager } = await import("./pager.ts");
    await this.#covered(() => new Pager({ text, stream: this.#stream, stdin: this.#stdin }), signal);
  }

  async settings(signal?: AbortSignal, onOpen?: () => void): Promise<void> {
    const { configure, save } = this.#options;
    if (configure === undefined) return;
    const { SettingsMenu } = await import("./settings-menu.ts");
    const options = { settings: this.#settings, configure, save, stream: this.#stream, stdin: this.#stdin };
    await this.#covered(() => new SettingsMenu(options), signal, onOpen);
  }

  copy(text: string): string | undefined {
    return copyTo(this.#stream, text);
  }

  /** Gives the screen and the keys to something else, until it is left or the signal aborts. */
  async #covered(open: () => Cover, signal: AbortSignal | undefined, onOpen?: () => void): Promise<void> {
    if (this.#gone || this.#suspended || signal?.aborted) return;
    await this.#withdraw();
    try {
      await this.#covering.show(open, signal, onOpen);
    } finally {
      this.#resume();
    }
  }

  /** Ends what covers the prompt at once, so that what is held can be printed. */
  #uncover(): void {
    this.#editing?.abort();
    if (!this.#covering.close()) return;
    this.#output.hold(false);
    this.#suspended = false;
  }

  /** Gives the terminal's cursor another shape: that of vi's mode. */
  #shape(shape: number): void {
    if (shape === this.#cursorShape) return;
    this.#cursorShape = shape;
    this.#stream.write(`\x1b[${String(shape)} q`);
  }

  async #close(): Promise<void> {
    this.#prompter.close(new MoebiError("terminated", "The terminal was closed"));
    this.#uncover();
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
    this.#uncover();
    this.#output.endTail();
    this.#output.flush(Infinity);
    this.#leave();
    this.#stream.detach();
  }

  #leave(): void {
    this.#gone = true;
    this.#editing?.abort();
    this.#covering.close();
    this.#below?.stop();
    this.#input.stop();
    this.#app.unmount();
    this.#shape(DEFAULT_SHAPE);
    this.#tty.release();
    for (const release of this.#captures) release();
  }

  /** Puts what was typed into the scrollback, where the live region was. */
  async #submitted({ state, prompts }: Read): Promise<void> {
    this.#app.show(this.#layout());
    await this.#app.shown();
    if (this.#gone) return;
    this.#output.line(typedLines(state, prompts, this.#look));
    this.#output.flush();
  }

  /** Draws the live region once for all that changes in this turn. */
  readonly #paint = (): void => {
    if (this.#painting) return;
    this.#painting = true;
    // Not a microtask: between two of many writes that are awaited one by one there are only microtasks.
    setImmediate(() => {
      this.#painting = false;
      if (this.#gone || this.#suspended) return;
      this.#app.show(this.#layout());
      this.#shape(shapeOf(this.#prompter.current?.state));
    });
  };

  get #look(): Look {
    return { colors: this.#settings().colors && process.env["NO_COLOR"] === undefined, tokenize: this.#tokenize };
  }

  #layout(): Layout {
    const screen = { columns: this.#stream.columns, rows: this.#stream.rows };
    const read = this.#prompter.current;
    if (read) {
      const { statusLine } = this.#settings();
      const status = statusLine && read.state.reading === "statement" ? this.#below?.status(screen.columns) : undefined;
      const look = this.#look;
      return withRow(layout(read.state, read.prompts, screen, look), status, screen, look.colors);
    }
    const tail = this.#output.tail === "" ? emptyLayout : layoutTail(this.#output.tail, screen);
    return withRow(tail, this.#below?.progress, screen, this.#look.colors);
  }
}
