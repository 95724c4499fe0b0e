/** The one way to the terminal for everything that is printed, so that nothing overtakes and nothing lands in the prompt. */

/** Where whole lines go. */
export interface LineSink {
  /** Prints lines, each with its newline, above the prompt. */
  print(lines: string): void;
  /** Whether the terminal has not yet taken what was printed. */
  readonly full: boolean;
  /** Calls `listener` once when it has. */
  once(event: "drain", listener: () => void): unknown;
}

/** Prints by `app`, as fast as `stream` takes it. */
export function sinkOf(
  app: { print(lines: string): void },
  stream: { readonly full: boolean; once(event: "drain", listener: () => void): unknown },
): LineSink {
  return {
    print: (lines) => {
      app.print(lines);
    },
    get full() {
      return stream.full;
    },
    once: (event, listener) => stream.once(event, listener),
  };
}

export interface OutputOptions {
  /** Told when there is another partial line to show. */
  onTail?(): void;
}

const BATCH_MS = 16;
/** What is printed at once, in UTF-16 units: between two batches keys are read. */
const BATCH_LENGTH = 32 * 1024;
/** Where writers are asked to wait, and where they may go on. */
const HIGH = 256 * 1024;
const LOW = 64 * 1024;
/** Where lines of writers who do not wait are left out. */
const MOST = 16 * 1024 * 1024;
/** A line so long is printed before it ends. */
const LONGEST_TAIL = 1024 * 1024;

/** Holds partial lines until they are whole, and prints whole ones in batches, in the order they were written. */
export class Output {
  readonly #sink: LineSink;
  readonly #onTail: () => void;
  #queue: string[] = [];
  #length = 0;
  #tail = "";
  #leftOut = 0;
  /** While the terminal shows something else nothing is printed, the latest is kept, and nobody waits. */
  #held = false;
  #missed = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #draining = false;
  #printedAt = -Infinity;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(sink: LineSink, options: OutputOptions = {}) {
    this.#sink = sink;
    this.#onTail = () => options.onTail?.();
  }

  /** Keeps what is written, the latest of it, until it is told to go on. Writers do not wait meanwhile. */
  hold(on: boolean): void {
    this.#held = on;
    if (on) {
      this.#makeRoom();
      return;
    }
    this.#leaveOutFirst();
    if (this.#missed > 0) {
      const notice = `… ${String(this.#missed)} lines left out, as the screen showed something else\n`;
      this.#queue.unshift(notice);
      this.#length += notice.length;
      this.#missed = 0;
    }
    this.#schedule();
  }

  /** What was written after the last newline. */
  get tail(): string {
    return this.#tail;
  }

  /** Whether more is held than writers should add to. */
  get full(): boolean {
    return !this.#held && this.#length > HIGH;
  }

  /** Queues `text`. Returns a promise while too much is held, which resolves when there is room. */
  write(text: string): void | Promise<void> {
    if (text === "") return undefined;
    const before = this.#tail;
    const end = text.lastIndexOf("\n") + 1;
    if (end > 0) {
      this.#add(this.#tail + text.slice(0, end));
      this.#tail = "";
    }
    this.#tail += text.slice(end);
    if (this.#tail.length > LONGEST_TAIL) this.endTail();
    if (this.#tail !== before) this.#onTail();
    if (!this.full) return undefined;
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  /** Prints `text` as lines of their own, after everything written so far. */
  line(text: string): void {
    this.endTail();
    this.#add(`${text}\n`);
  }

  /** Ends a partial line, as the prompt comes on a line of its own. */
  endTail(): void {
    if (this.#tail === "") return;
    this.#add(`${this.#tail}\n`);
    this.#tail = "";
    this.#onTail();
  }

  /** Takes the partial line, for a prompt that continues it. */
  takeTail(): string {
    const tail = this.#tail;
    this.#tail = "";
    return tail;
  }

  /** Prints what is queued now, unless that would keep the terminal busy for long: then only the first of it. */
  flush(most = HIGH): void {
    if (this.#length > 0 && !this.#held) this.#print(most);
    this.#schedule();
  }

  /** Resolves when everything that is queued was printed, as fast as the terminal takes it. */
  async drained(): Promise<void> {
    while (this.#length > 0) {
      if (this.#sink.full) await new Promise<void>((resolve) => this.#sink.once("drain", resolve));
      this.#print(BATCH_LENGTH);
    }
    this.#schedule();
  }

  #add(lines: string): void {
    if (this.#held) {
      this.#queue.push(lines);
      this.#length += lines.length;
      if (this.#length > 2 * HIGH) this.#leaveOutFirst();
      return;
    }
    if (this.#length > MOST) {
      this.#leftOut += lines.split("\n").length - 1;
      return;
    }
    this.#queue.push(lines);
    this.#length += lines.length;
    this.#schedule();
  }

  #makeRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** Down to what is kept: seldom and much at once, as each time the queue moves up. */
  #leaveOutFirst(): void {
    let taken = 0;
    while (this.#length > HIGH && taken < this.#queue.length) {
      const first = this.#queue[taken++] ?? "";
      this.#length -= first.length;
      this.#missed += first.split("\n").length - 1;
    }
    this.#queue = this.#queue.slice(taken);
  }

  #schedule(): void {
    if (this.#held) return;
    if (this.#timer !== undefined || this.#immediate !== undefined || this.#draining) {
      if (this.#length === 0) {
        clearTimeout(this.#timer);
        clearImmediate(this.#immediate);
        this.#timer = this.#immediate = undefined;
      }
      return;
    }
    if (this.#length === 0) return;
    if (this.#sink.full) {
      this.#draining = true;
      this.#sink.once("drain", () => {
        this.#draining = false;
        this.#schedule();
      });
      return;
    }
    const wait = this.#length > BATCH_LENGTH ? 0 : BATCH_MS - (performance.now() - this.#printedAt);
    // What is written in this turn goes into the same batch, even when nothing was printed for long.
    if (wait <= 0) this.#immediate = setImmediate(this.#due);
    else this.#timer = setTimeout(this.#due, wait);
  }

  readonly #due = (): void => {
    this.#timer = this.#immediate = undefined;
    if (!this.#sink.full && !this.#held) this.#print(BATCH_LENGTH);
    this.#schedule();
  };

  #print(most: number): void {
    let lines = "";
    let taken = 0;
    while (taken < this.#queue.length && lines.length < most) {
      const next = this.#queue[taken] ?? "";
      const cut = next.length > most ? next.indexOf("\n", most) + 1 : 0;
      if (cut > 0 && cut < next.length) {
        lines += next.slice(0, cut);
        this.#queue[taken] = next.slice(cut);
        break;
      }
      lines += next;
      taken++;
    }
    if (taken > 0) this.#queue = this.#queue.slice(taken);
    this.#length -= lines.length;
    if (this.#leftOut > 0 && this.#queue.length === 0) {
      lines += `… ${String(this.#leftOut)} lines left out: they came faster than the terminal takes them\n`;
      this.#leftOut = 0;
    }
    this.#printedAt = performance.now();
    if (lines !== "") this.#sink.print(lines);
    if (this.#length <= LOW) this.#makeRoom();
  }
}
