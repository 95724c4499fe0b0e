import { EventEmitter } from "node:events";
import { writeSync } from "node:fs";
import type { WriteStream } from "node:tty";
import { forEterm, isEterm } from "./eterm.ts";

/** More than this many bytes on their way, and the terminal is slower than what is written. */
const FULL_BYTES = 64 * 1024;
const RETRIES = 200;

/** The terminal in the hands of one who draws all of it. */
export interface Taken {
  write(text: string, done?: () => void): void;
  release(): void;
}

/**
 * A private handle to the terminal: `process.stdout` itself is open to user code, whose writes are captured, and Ink's
 * frames must not be. It joins what is written in one turn, and knows how much the terminal has yet to take.
 */
export class TerminalStream extends EventEmitter {
  readonly isTTY = true;
  readonly #tty: WriteStream;
  readonly #write: WriteStream["write"];
  readonly #eterm = isEterm(process.env);
  #held: string[] | undefined;
  #synchronous = false;
  #taken = false;
  #gone = false;

  constructor(tty: WriteStream) {
    super();
    this.#tty = tty;
    // Bound now, as the stream's own method is about to be replaced by the capture.
    this.#write = tty.write.bind(tty);
    tty.on("resize", this.#resized);
    tty.on("error", this.#failed);
    tty.on("drain", this.#drained);
    setBlocking(tty, false);
  }

  get columns(): number {
    return this.#tty.columns || 80;
  }

  get rows(): number {
    return this.#tty.rows || 24;
  }

  /** The terminal is gone: its window was closed, its connection lost. */
  get writable(): boolean {
    return !this.#gone && !this.#tty.destroyed;
  }

  get destroyed(): boolean {
    return !this.writable;
  }

  get writableEnded(): boolean {
    return false;
  }

  /** Whether whoever has more to write should wait for `"drain"`. */
  get full(): boolean {
    return this.writable && this.#tty.writableLength > FULL_BYTES;
  }

  write(text: string | Uint8Array, encoding?: BufferEncoding | (() => void), callback?: () => void): boolean {
    const done = typeof encoding === "function" ? encoding : callback;
    const chunk = typeof text === "string" ? text : Buffer.from(text).toString();
    if (this.#taken) {
      if (done) queueMicrotask(done);
      return true;
    }
    return this.#put(chunk, done);
  }

  /** Gives the terminal to one alone: what others write until it is released is dropped. */
  take(): Taken {
    this.#taken = true;
    return {
      write: (text, done) => {
        if (this.#taken) this.#put(text, done);
        else done?.();
      },
      release: () => {
        this.#taken = false;
      },
    };
  }

  #put(text: string, done: (() => void) | undefined): boolean {
    const chunk = this.#eterm ? forEterm(text) : text;
    if (this.#held) {
      this.#held.push(chunk);
      if (done) queueMicrotask(done);
      return true;
    }
    if (this.#synchronous || !this.writable) {
      if (this.writable) writeAll((this.#tty as WriteStream & { readonly fd: number }).fd, chunk);
      done?.();
      return true;
    }
    return this.#write(chunk, () => done?.());
  }

  /** Makes one write of all that `run` writes, so that the terminal never shows half of it. */
  joined(run: () => void): void {
    if (this.#held) {
      run();
      return;
    }
    const held: string[] = (this.#held = []);
    try {
      run();
    } finally {
      this.#held = undefined;
      if (held.length > 0) this.write(held.join(""));
    }
  }

  /** Runs `run` and drops what it writes. */
  discarding(run: () => void): void {
    const held = this.#held;
    this.#held = [];
    try {
      run();
    } finally {
      this.#held = held;
    }
  }

  /** Told when another program has had the terminal: it made blocking again what both write to. */
  wasLent(): void {
    setBlocking(this.#tty, false);
    this.emit("drain");
  }

  /** Writes at once from here on, as a process that exits waits for nothing. */
  synchronous(): void {
    this.#synchronous = true;
  }

  /** Gives the stream back to the process. Resolves when everything is written, or the terminal is gone. */
  async close(): Promise<void> {
    if (this.writable && !this.#synchronous) {
      await new Promise<void>((resolve) => {
        this.once("gone", resolve);
        this.#write("", () => {
          resolve();
        });
      });
    }
    this.detach();
  }

  detach(): void {
    this.#tty.off("resize", this.#resized);
    this.#tty.off("drain", this.#drained);
    this.#tty.off("error", this.#failed);
    setBlocking(this.#tty, true);
    this.removeAllListeners();
  }

  readonly #resized = (): void => {
    this.emit("resize");
  };

  readonly #drained = (): void => {
    this.emit("drain");
  };

  readonly #failed = (): void => {
    this.#gone = true;
    this.emit("drain");
    this.emit("gone");
  };
}

/**
 * Node writes to terminals with blocking writes, so a terminal that stopped reading (a stalled connection, a window kept
 * from scrolling) would stop the whole node, and its peers would take it for dead.
 */
function setBlocking(tty: WriteStream, blocking: boolean): void {
  const handle = (tty as unknown as { _handle?: { setBlocking?(blocking: boolean): number } })._handle;
  handle?.setBlocking?.(blocking);
}

function writeAll(fd: number, text: string): void {
  let bytes = Buffer.from(text);
  for (let retries = 0; bytes.length > 0 && retries < RETRIES;) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      retries++;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
