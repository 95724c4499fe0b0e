import type { Readable } from "node:stream";
import { systemClock, type Clock, type Timer } from "../process/clock.ts";
import { KeyParser, type Key } from "./keys.ts";

export interface InputHandlers {
  onKeys(keys: Key[]): void;
  /** Nothing more comes: the terminal is gone. */
  onEnd(): void;
  /** A program in this process, such as one that closed a `readline` of its own, had let go of the terminal. */
  onRetaken?(): void;
}

export interface InputOptions {
  /** How long a lone Escape waits for what may follow it, in milliseconds, asked each time. Default 50. */
  readonly escapeDelay?: () => number;
  /** Default {@link systemClock}. */
  readonly clock?: Clock;
}

const ESCAPE_MS = 50;
/** Nobody types the beginning of a sequence, so its end is on the way: a slow connection or a busy machine has it still. */
const SEQUENCE_MS = 500;
/** What goes on like a sequence so long after an Escape is one: a connection that brings a byte at a time is as slow. */
const LATE_MS = 400;
/** A paste whose end marker does not come is over this long after its last bytes. */
const PASTE_MS = 1000;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BRACKET = 0x5b;

/** Reads keys from a terminal in raw mode. */
export class Input {
  readonly #stdin: Readable;
  readonly #handlers: InputHandlers;
  readonly #escapeDelay: () => number;
  readonly #clock: Clock;
  readonly #parser = new KeyParser();
  #timer: Timer;
  #chunks = 0;
  /** When the last chunk came, and whether it ended in an Escape that was taken for a key. */
  #at = -Infinity;
  #escaped = false;
  #cooked = 0;
  /** Whether somebody else is meant to read. */
  #paused = false;

  constructor(stdin: Readable, handlers: InputHandlers, options: InputOptions = {}) {
    this.#stdin = stdin;
    this.#handlers = handlers;
    this.#escapeDelay = options.escapeDelay ?? (() => ESCAPE_MS);
    this.#clock = options.clock ?? systemClock;
    stdin.on("data", this.#received);
    stdin.on("end", this.#ended);
    stdin.on("error", this.#ended);
    stdin.on("pause", this.#halted);
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
    this.#paused = true;
    this.#stdin.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#stdin.resume();
  }

  stop(): void {
    this.#chunks++;
    this.#clock.clearTimeout(this.#timer);
    this.#stdin.off("data", this.#received);
    this.#stdin.off("end", this.#ended);
    this.#stdin.off("error", this.#ended);
    this.#stdin.off("pause", this.#halted);
    this.#paused = true;
    this.#stdin.pause();
  }

  /** Once whoever paused it is done: nothing typed would reach anybody any more. */
  readonly #halted = (): void => {
    if (this.#paused) return;
    setImmediate(() => {
      if (this.#paused) return;
      this.#stdin.resume();
      this.#handlers.onRetaken?.();
    });
  };

  readonly #received = (chunk: Buffer | string): void => {
    const count = ++this.#chunks;
    this.#clock.clearTimeout(this.#timer);
    const raw = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    const bytes = this.#cooked > 0 ? raw.map((byte) => (byte === NEWLINE ? RETURN : byte)) : raw;
    const now = this.#clock.now();
    const late = this.#escaped && bytes[0] === BRACKET && now - this.#at <= LATE_MS;
    this.#at = now;
    this.#escaped = false;
    this.#handlers.onKeys(late ? this.#parser.resume(bytes) : this.#parser.push(bytes));
    const wait = this.#wait();
    // A program that was busy meanwhile has the rest unread: it is read before the time counts as up.
    this.#timer = this.#clock.setTimeout(() => {
      this.#clock.setImmediate(() => {
        if (this.#chunks !== count) return;
        this.#escaped = this.#parser.pending === "escape";
        this.#handlers.onKeys(this.#parser.flush());
      });
    }, wait);
  };

  #wait(): number {
    switch (this.#parser.pending) {
      case "escape":
        return this.#escapeDelay();
      case "sequence":
        return Math.max(SEQUENCE_MS, this.#escapeDelay());
      case "paste":
        return PASTE_MS;
      case undefined:
        return Infinity;
    }
  }

  readonly #ended = (): void => {
    this.#handlers.onEnd();
  };
}
