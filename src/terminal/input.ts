import type { ReadStream } from "node:tty";
import { KeyParser, type Key } from "./keys.ts";

export interface InputHandlers {
  onKeys(keys: Key[]): void;
  /** Nothing more comes: the terminal is gone. */
  onEnd(): void;
}

/** A paste whose end marker does not come is over this long after its last bytes. */
const PASTE_MS = 1000;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Reads keys from a terminal in raw mode. */
export class Input {
  readonly #stdin: ReadStream;
  readonly #handlers: InputHandlers;
  readonly #escapeMs: number;
  readonly #parser = new KeyParser();
  #timer: NodeJS.Timeout | undefined;
  #cooked = 0;

  constructor(stdin: ReadStream, handlers: InputHandlers, escapeMs = 50) {
    this.#stdin = stdin;
    this.#handlers = handlers;
    this.#escapeMs = escapeMs;
    stdin.on("data", this.#received);
    stdin.on("end", this.#ended);
    stdin.on("error", this.#ended);
    stdin.resume();
  }

  /**
   * Told when the terminal was out of raw mode just now: it made newlines of the Enters pressed then, which in raw mode is
   * Ctrl+J. They are read in the next turn of the event loop.
   */
  wasCooked(): void {
    this.#cooked++;
    setImmediate(() => setImmediate(() => this.#cooked--));
  }

  /** Reads nothing, for another program to read the terminal, until {@link Input.resume}. */
  pause(): void {
    this.#stdin.pause();
  }

  resume(): void {
    this.#stdin.resume();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stdin.off("data", this.#received);
    this.#stdin.off("end", this.#ended);
    this.#stdin.off("error", this.#ended);
    this.#stdin.pause();
  }

  readonly #received = (chunk: Buffer | string): void => {
    clearTimeout(this.#timer);
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    this.#handlers.onKeys(
      this.#parser.push(this.#cooked > 0 ? bytes.map((byte) => (byte === NEWLINE ? RETURN : byte)) : bytes),
    );
    const { pending } = this.#parser;
    if (pending === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#handlers.onKeys(this.#parser.flush());
      },
      pending === "paste" ? PASTE_MS : this.#escapeMs,
    );
  };

  readonly #ended = (): void => {
    this.#handlers.onEnd();
  };
}
