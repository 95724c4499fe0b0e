/** The modes of the terminal, and what must happen for it to be left as it was found, however the process ends. */
import type { ReadStream } from "node:tty";
import type { TerminalStream } from "./stream.ts";

const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l";
const SHOW_CURSOR = "\x1b[?25h";

/** A stop comes sooner than this, in milliseconds, if it comes. */
const UNSTOPPED_MS = 100;

/** Signals that end a process which does not listen for them. */
const FATAL = ["SIGTERM", "SIGHUP"] as const;

/** Who listens for the signals of a terminal. */
export interface TtyHandlers {
  /** Ctrl+C came as a signal. */
  onInterrupt(): void;
  /** The process was stopped and goes on: the screen is another. */
  onContinue(): void;
  /** The process ends now: give the terminal back without waiting for anything. */
  onExit(): void;
}

export class Tty {
  readonly #stdin: ReadStream;
  readonly #stream: TerminalStream;
  readonly #handlers: TtyHandlers;
  /** How many listeners for each fatal signal are there only to clean up, Ink's and our own. */
  readonly #cleaners = new Map<NodeJS.Signals, number>();
  readonly #fatal = new Map<NodeJS.Signals, () => void>();
  /** The listeners that are not there while nothing could call them. */
  #setAside: (readonly [NodeJS.Signals, readonly NodeJS.SignalsListener[]])[] | undefined;
  #taken = false;
  /** Another program has it for a while. */
  #lent = false;
  #resuming: NodeJS.Timeout | undefined;

  constructor(stdin: ReadStream, stream: TerminalStream, handlers: TtyHandlers) {
    this.#stdin = stdin;
    this.#stream = stream;
    this.#handlers = handlers;
  }

  /** Takes the terminal. `mount` runs in between and may add listeners for signals, which count as ours. */
  take<T>(mount: () => T): T {
    const before = FATAL.map((signal) => process.listenerCount(signal));
    const mounted = mount();
    for (const [index, signal] of FATAL.entries()) {
      const listener = (): void => {
        this.#ended(signal);
      };
      this.#fatal.set(signal, listener);
      process.on(signal, listener);
      this.#cleaners.set(signal, process.listenerCount(signal) - (before[index] ?? 0));
    }
    // Without a listener a stray SIGINT would kill the node.
    process.on("SIGINT", this.#interrupted);
    process.on("SIGCONT", this.#continued);
    process.on("exit", this.#exiting);
    this.#taken = true;
    this.#stdin.setRawMode(true);
    this.#stream.write(PASTE_ON);
    return mounted;
  }

  /** Gives the terminal back. */
  release(): void {
    if (!this.#taken) return;
    this.#taken = false;
    this.#restore();
    for (const [signal, listener] of this.#fatal) process.off(signal, listener);
    process.off("SIGINT", this.#interrupted);
    process.off("SIGCONT", this.#continued);
    process.off("exit", this.#exiting);
    this.#stream.write(PASTE_OFF + SHOW_CURSOR);
    this.#setRawMode(false);
  }

  /**
   * Gives the terminal back and stops the process, with those that were started together with it. When it goes on, the
   * terminal is taken again, also where no shell is there to stop it for: the system ignores the signal then.
   */
  async stop(): Promise<void> {
    await new Promise<void>((written) => this.#stream.write(PASTE_OFF + SHOW_CURSOR, written));
    if (!this.#taken) return;
    this.#setRawMode(false);
    process.kill(0, "SIGTSTP");
    // Runs once the process does again.
    this.#resuming = setTimeout(this.#continued, UNSTOPPED_MS).unref();
  }

  /** Lends the terminal to another program, until {@link Tty.reclaim}. Resolves when it is as that expects it. */
  async lend(): Promise<void> {
    this.#lent = true;
    await new Promise<void>((written) => this.#stream.write(PASTE_OFF + SHOW_CURSOR, written));
    this.#setRawMode(false);
  }

  reclaim(): void {
    this.#lent = false;
    if (!this.#taken) return;
    this.#setRawMode(true);
    this.#stream.write(PASTE_ON);
  }

  /** Takes the terminal's mode again, if somebody set another who did not know of us. */
  retake(): void {
    if (this.#taken && !this.#lent && !this.#stdin.isRaw) this.#setRawMode(true);
  }

  /**
   * Whether the terminal makes a signal of Ctrl+C, as it does for other programs. It does while code runs that no listener
   * can interrupt: then signals that end a program end it at once, for an endless loop would outlive its terminal.
   */
  signals(on: boolean): void {
    if (!this.#taken) return;
    this.#setRawMode(!on);
    // The system gives the terminal's own mode back when the program dies, and none of this kind.
    this.#stream.write(on ? PASTE_OFF : PASTE_ON);
    if (on && this.#setAside === undefined) {
      this.#setAside = FATAL.map((signal) => [signal, process.rawListeners(signal) as NodeJS.SignalsListener[]]);
      for (const signal of FATAL) process.removeAllListeners(signal);
    } else if (!on) this.#restore();
  }

  #restore(): void {
    for (const [signal, listeners] of this.#setAside ?? []) for (const one of listeners) process.on(signal, one);
    this.#setAside = undefined;
  }

  #setRawMode(raw: boolean): void {
    try {
      this.#stdin.setRawMode(raw);
    } catch {
      // The terminal is gone, and its modes with it.
    }
  }

  readonly #interrupted = (): void => {
    // The other program gets it as well.
    if (!this.#lent) this.#handlers.onInterrupt();
  };

  readonly #continued = (): void => {
    if (!this.#taken || this.#lent) return;
    clearTimeout(this.#resuming);
    // The shell that stopped us has set modes of its own, and raw mode is not set twice.
    this.#setRawMode(false);
    this.#setRawMode(true);
    this.#stream.write(PASTE_ON);
    this.#handlers.onContinue();
  };

  readonly #exiting = (): void => {
    this.#handlers.onExit();
  };

  /** Whoever else listens for the signal ends the process in their own way, and closes the device. */
  #ended(signal: NodeJS.Signals): void {
    if (process.listenerCount(signal) > (this.#cleaners.get(signal) ?? 0)) return;
    this.#handlers.onExit();
    // One that only cleans up and is still there would catch it, for a program that has nothing left to wait for.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
}
