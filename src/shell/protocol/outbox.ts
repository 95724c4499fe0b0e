/** What is told to the program, in order, no faster than it reads. */

/** Where lines go. */
export interface Sink {
  /** Writes, and says whether there is room for more. */
  write(text: string): boolean;
  once(event: "drain", listener: () => void): unknown;
}

/** A message: an answer, or an event. */
export type Message = Readonly<Record<string, unknown>>;

/** Whose output it is. */
export type Origin = Readonly<Record<string, unknown>>;

/** Where writers are asked to wait, and where they may go on, in UTF-16 units. */
const HIGH = 256 * 1024;
const LOW = 64 * 1024;
/** Where output of writers who do not wait is left out. */
const MOST = 16 * 1024 * 1024;
/** A message of output is no longer than this by joining what follows. */
const CHUNK = 64 * 1024;

interface Printed {
  readonly origin: Origin;
  readonly stream: "out" | "err";
  text: string;
}

/**
 * Messages for a program. Output of one origin that comes faster than it is read is joined to one message; writers are
 * asked to wait; that of writers who do not wait is left out at last, with a notice. Nothing else ever is.
 */
export class Outbox {
  readonly #sink: Sink;
  #queue: (Printed | string)[] = [];
  #length = 0;
  #immediate: NodeJS.Immediate | undefined;
  #draining = false;
  #closed = false;
  #room: PromiseWithResolvers<void> | undefined;
  #empty: PromiseWithResolvers<void> | undefined;
  readonly #leftOut = new Map<Origin, number>();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Tells one message. */
  send(message: Message): void {
    this.#add(`${JSON.stringify(message)}\n`);
  }

  /**
   * Tells what was printed. `origin`, the same object each time, is what the message holds beside it. Returns a promise while
   * too much is held, which resolves when there is room.
   */
  print(origin: Origin, stream: "out" | "err", text: string): void | Promise<void> {
    if (text === "" || this.#closed) return undefined;
    if (this.#length > MOST) {
      this.#leftOut.set(origin, (this.#leftOut.get(origin) ?? 0) + (text.split("\n").length - 1));
    } else {
      const last = this.#queue.at(-1);
      if (
        typeof last === "object" &&
        last.origin === origin &&
        last.stream === stream &&
        last.text.length + text.length <= CHUNK
      ) {
        last.text += text;
        this.#length += text.length;
      } else this.#add({ origin, stream, text });
    }
    if (this.#length <= HIGH) return undefined;
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  /** Settles when all has been handed over. */
  async flushed(): Promise<void> {
    if (this.#queue.length === 0) return;
    this.#empty ??= Promise.withResolvers();
    await this.#empty.promise;
  }

  /** Nobody reads any more. */
  close(): void {
    this.#closed = true;
    this.#queue = [];
    this.#length = 0;
    this.#leftOut.clear();
    this.#room?.resolve();
    this.#room = undefined;
    this.#empty?.resolve();
  }

  #add(entry: Printed | string): void {
    if (this.#closed) return;
    this.#queue.push(entry);
    this.#length += typeof entry === "string" ? entry.length : entry.text.length;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#draining || this.#immediate !== undefined) return;
    // What is printed in one turn is one message.
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      this.#drain();
    });
  }

  #drain(): void {
    let taken = 0;
    let room = true;
    while (room && taken < this.#queue.length) {
      const entry = this.#queue[taken++];
      if (entry === undefined) break;
      this.#length -= typeof entry === "string" ? entry.length : entry.text.length;
      room = this.#sink.write(typeof entry === "string" ? entry : textOf(entry));
    }
    this.#queue.splice(0, taken);
    if (this.#length <= LOW) this.#makeRoom();
    if (this.#queue.length === 0) {
      this.#empty?.resolve();
      this.#empty = undefined;
    }
    if (room) return;
    this.#draining = true;
    this.#sink.once("drain", () => {
      this.#draining = false;
      this.#schedule();
    });
  }

  #makeRoom(): void {
    for (const [origin, lines] of this.#leftOut) {
      const text = `… ${String(lines)} lines left out: they came faster than they were read\n`;
      this.#add({ origin, stream: "err", text });
    }
    this.#leftOut.clear();
    this.#room?.resolve();
    this.#room = undefined;
  }
}

function textOf({ origin, stream, text }: Printed): string {
  return `${JSON.stringify({ ...origin, [stream]: text })}\n`;
}
