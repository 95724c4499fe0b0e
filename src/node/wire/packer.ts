import { MoebiError } from "../../term/error.ts";
import { Writer } from "../../term/writer.ts";
import { FIRST, Frame, FRAGMENT_HEAD, LARGE_SIGNAL, LAST, MAX_SEQUENCES } from "./frame.ts";
import { HEADROOM, MAX_FRAME_BYTES } from "./transport.ts";

/**
 * Small frames are cut from one block of memory after the other. The blocks of a link that sends little are small: a
 * node may have a thousand of those.
 */
const SMALLEST_BLOCK = 2 * 1024;
const LARGEST_BLOCK = 512 * 1024;
const NO_BLOCK = Buffer.alloc(0);

/** So many blocks whose frames have been written are kept for the next frames. */
const MOST_SPARE = 3;

/** What comes before the first signal of a frame. */
const FRAME_HEAD = HEADROOM + 1;

/** The u16 before a signal in a frame. */
const LENGTH = 2;

/** The key of a signal that must come after everything sent before it, from whomever. */
export const AFTER_ALL = Symbol("after all");

/** A block that is full, and how many small frames had been cut when it was. */
interface Full {
  readonly block: Buffer;
  readonly until: number;
}

/** A signal that waits for large ones: one of its own sender, or for {@link AFTER_ALL} those of several. */
interface Waiting {
  readonly bytes: Uint8Array;
  waitsFor: number;
}

/** One sender's large signal on its way, and what the sender has sent since. */
interface Flight {
  readonly key: unknown;
  bytes: Uint8Array;
  sent: number;
  sequence: number;
  /** Small frames up to this one were there first, and go out before the last fragment does. */
  after: number;
  readonly behind: Waiting[];
}

/**
 * Turns signals into frames. Signals are written straight into the frame they leave in; large ones are cut into
 * fragments, which take turns with each other and with the frames of small signals.
 *
 * Signals with the same key (the sending process) keep their order: what a sender sends after a large signal waits until
 * the last fragment is out. Those of other senders pass.
 *
 *     const writer = packer.begin();
 *     codec.encode(signal, writer); // if this throws: packer.undo()
 *     packer.commit(orderKey(signal));
 *     for (let frame; (frame = packer.next()) !== undefined; ) channel.send(frame);
 */
export class Packer {
  readonly #writer = new Writer(0);
  #blockSize = SMALLEST_BLOCK;
  /** Blocks with frames that are queued or on their way, and blocks that are free. */
  #full: Full[] = [];
  #spare: Buffer[] = [];
  /** Where the frame that is being filled begins in the writer; before it, its {@link HEADROOM}. */
  #frameStart = 0;
  #signalStart = 0;
  /** Full frames of small signals, and their bytes. */
  #ready: Uint8Array[] = [];
  #readyBytes = 0;
  #readyHead = 0;
  /** Small frames handed out so far. */
  #smallSent = 0;

  readonly #flights = new Map<unknown, Flight>();
  /** Those whose fragments take turns; the rest waits for a place. */
  readonly #active: Flight[] = [];
  readonly #idle: Flight[] = [];
  #turn = 0;
  #nextSequence = 0;
  #fragmentNext = false;
  /** Bytes of large signals, and of those behind them, not yet cut up. */
  #flightBytes = 0;

  /** Bytes committed and not yet handed out. */
  get queuedBytes(): number {
    return this.#readyBytes + (this.#writer.pos - this.#frameStart) + this.#flightBytes;
  }

  /** Those of the largest signal that is on its way. */
  get largestBytes(): number {
    let largest = 0;
    for (const { bytes, sent } of this.#flights.values()) largest = Math.max(largest, bytes.length - sent);
    return largest;
  }

  /** Gives memory back: for a link that has sent nothing for a while. */
  rest(): void {
    this.#spare = [];
    if (this.#writer.pos !== this.#frameStart) return;
    this.#blockSize = SMALLEST_BLOCK;
    this.#writer.buf = NO_BLOCK;
    this.#restart();
  }

  /**
   * Every frame handed out so far has been written, so that their memory can be used again: what the processor has at
   * hand costs a fraction of fresh memory, which has to be got page by page.
   */
  written(): void {
    const writer = this.#writer;
    while (this.#full.length > 0 && this.#full[0]!.until <= this.#smallSent) {
      const { block } = this.#full.shift()!;
      if (block.length === LARGEST_BLOCK && this.#spare.length < MOST_SPARE) this.#spare.push(block);
    }
    if (this.#readyHead === this.#ready.length && writer.pos === this.#frameStart && !writer.locked) this.#restart();
  }

  /**
   * Gives back at once the memory of what is queued: for a link that has been given up. Without it as much again could be
   * queued elsewhere before garbage is collected. What is handed out already is left as it is.
   */
  abandon(): void {
    const kept = new Set([this.#ready[this.#readyHead]?.buffer, this.#writer.buf.buffer]);
    const queued = [...this.#ready.slice(this.#readyHead), ...[...this.#flights.values()].map(({ bytes }) => bytes)];
    this.#ready = [];
    this.#readyHead = this.#readyBytes = this.#flightBytes = 0;
    this.#active.length = this.#idle.length = 0;
    this.#flights.clear();
    this.#full = [];
    this.#spare = [];
    for (const buffer of new Set(queued.map((bytes) => bytes.buffer)))
      if (!kept.has(buffer)) (buffer as ArrayBuffer).transfer(0);
  }

  /** Where the next signal is to be written. Throws `not_sendable` in the middle of one. */
  begin(): Writer {
    const writer = this.#writer;
    if (writer.locked)
      throw new MoebiError("not_sendable", "A getter of a value that is being sent can't send in turn");
    if (writer.pos === this.#frameStart) {
      if (this.#nearlyFull(writer.pos)) this.#nextBlock();
      this.#open();
    }
    writer.ensure(LENGTH);
    writer.pos += LENGTH;
    this.#signalStart = writer.pos;
    return writer;
  }

  /** Forgets the signal that was begun. */
  undo(): void {
    this.#rewind(this.#signalStart - LENGTH);
  }

  /** Queues the signal that was begun. Returns its size in bytes. */
  commit(key: unknown): number {
    const writer = this.#writer;
    const start = this.#signalStart;
    const size = writer.pos - start;
    if (size > LARGE_SIGNAL) {
      this.#rewindKeeping(start, (bytes) => this.#large(key, bytes));
    } else if (this.#flights.size !== 0 && this.#mustWait(key)) {
      const bytes = Buffer.from(writer.buf.subarray(start, writer.pos));
      this.#rewind(start - LENGTH);
      this.#wait(key, bytes);
    } else {
      writer.buf[start - 2] = size & 0xff;
      writer.buf[start - 1] = size >>> 8;
      if (writer.pos - this.#frameStart > MAX_FRAME_BYTES) this.#split(start - LENGTH);
    }
    return size;
  }

  /**
   * The next frame to send, `undefined` if there is none. With `fullOnly` the frame that is being filled is left to be
   * filled further.
   */
  next(fullOnly = false): Uint8Array | undefined {
    const small = this.#readyHead < this.#ready.length || (!fullOnly && this.#writer.pos > this.#frameStart);
    if (this.#active.length > 0 && (this.#fragmentNext || !small)) {
      const flight = this.#active[this.#turn % this.#active.length]!;
      const last = flight.bytes.length - flight.sent <= MAX_FRAME_BYTES - FRAGMENT_HEAD;
      if (!last || this.#smallSent >= flight.after) {
        this.#fragmentNext = false;
        return this.#fragment(flight, last);
      }
    }
    if (!small) return undefined;
    this.#fragmentNext = true;
    return this.#smallFrame();
  }

  #smallFrame(): Uint8Array {
    if (this.#readyHead === this.#ready.length) this.#seal(this.#writer.pos);
    const frame = this.#ready[this.#readyHead++]!;
    if (this.#readyHead === this.#ready.length) {
      this.#ready = [];
      this.#readyHead = 0;
    } else if (this.#readyHead === 1024) {
      this.#ready = this.#ready.slice(1024);
      this.#readyHead = 0;
    }
    this.#smallSent++;
    this.#readyBytes -= frame.length;
    return frame;
  }

  #fragment(flight: Flight, last: boolean): Uint8Array {
    const { bytes, sent, sequence } = flight;
    const size = Math.min(bytes.length - sent, MAX_FRAME_BYTES - FRAGMENT_HEAD);
    const frame = Buffer.allocUnsafeSlow(HEADROOM + FRAGMENT_HEAD + size).subarray(HEADROOM);
    frame[0] = Frame.FRAGMENT;
    frame.writeUInt32LE(sequence, 1);
    frame[5] = (sent === 0 ? FIRST : 0) | (last ? LAST : 0);
    frame.set(bytes.subarray(sent, sent + size), FRAGMENT_HEAD);
    flight.sent += size;
    this.#flightBytes -= size;
    if (last) this.#landed(flight);
    else this.#turn = (this.#turn + 1) % this.#active.length;
    return frame;
  }

  /** The last fragment of a flight is out: what waited behind it may go. */
  #landed(flight: Flight): void {
    this.#active.splice(this.#active.indexOf(flight), 1);
    const next = this.#idle.shift();
    if (next !== undefined) this.#active.push(next);
    while (flight.behind.length > 0) {
      const waiting = flight.behind.shift()!;
      if (--waiting.waitsFor > 0) continue;
      if (waiting.bytes.length > LARGE_SIGNAL) {
        this.#takeOff(flight, waiting.bytes);
        return;
      }
      this.#flightBytes -= waiting.bytes.length;
      this.#append(waiting.bytes);
    }
    this.#flights.delete(flight.key);
  }

  #mustWait(key: unknown): boolean {
    return key === AFTER_ALL || this.#flights.has(key);
  }

  #wait(key: unknown, bytes: Uint8Array): void {
    const flights = key === AFTER_ALL ? [...this.#flights.values()] : [this.#flights.get(key)!];
    const waiting = { bytes, waitsFor: flights.length };
    this.#flightBytes += bytes.length;
    for (const flight of flights) flight.behind.push(waiting);
  }

  #large(key: unknown, bytes: Uint8Array): void {
    if (this.#flights.size !== 0 && this.#mustWait(key)) {
      this.#wait(key, bytes);
      return;
    }
    this.#flightBytes += bytes.length;
    const flight: Flight = { key, bytes, sent: 0, sequence: 0, after: 0, behind: [] };
    this.#flights.set(key, flight);
    this.#takeOff(flight, bytes);
  }

  #takeOff(flight: Flight, bytes: Uint8Array): void {
    flight.bytes = bytes;
    flight.sent = 0;
    flight.sequence = this.#nextSequence;
    this.#nextSequence = (this.#nextSequence + 1) >>> 0;
    const open = this.#writer.pos > this.#frameStart ? 1 : 0;
    flight.after = this.#smallSent + (this.#ready.length - this.#readyHead) + open;
    if (this.#active.length < MAX_SEQUENCES) this.#active.push(flight);
    else this.#idle.push(flight);
  }

  /** Writes a signal that has waited into the frame that is being filled. */
  #append(bytes: Uint8Array): void {
    const writer = this.begin();
    writer.bytes(bytes);
    const start = this.#signalStart;
    writer.buf[start - 2] = bytes.length & 0xff;
    writer.buf[start - 1] = bytes.length >>> 8;
    if (writer.pos - this.#frameStart > MAX_FRAME_BYTES) this.#split(start - LENGTH);
  }

  #rewind(pos: number): void {
    // A frame without a signal is none.
    if (pos - this.#frameStart === 1) this.#frameStart = pos = pos - FRAME_HEAD;
    this.#writer.pos = pos;
  }

  /** Takes what was written from `start` on out of the writer without copying it: the writer gets another block. */
  #rewindKeeping(start: number, take: (bytes: Uint8Array) => void): void {
    const writer = this.#writer;
    const bytes = writer.buf.subarray(start, writer.pos);
    this.#rewind(start - LENGTH);
    if (writer.pos > this.#frameStart) this.#seal(writer.pos);
    this.#newBlock();
    take(bytes);
  }

  /** Begins a frame, in a block that has room for what comes before its signals. */
  #open(): void {
    const writer = this.#writer;
    writer.ensure(FRAME_HEAD);
    writer.pos += HEADROOM;
    this.#frameStart = writer.pos;
    writer.buf[writer.pos++] = Frame.SIGNALS;
  }

  /** Ends the frame that is being filled at `end`; what was written beyond it begins the next. */
  #split(end: number): void {
    const writer = this.#writer;
    const size = writer.pos - end;
    this.#seal(end);
    if (this.#nearlyFull(end + FRAME_HEAD + size)) {
      const { buf } = writer;
      this.#nextBlock();
      this.#open();
      writer.bytes(buf.subarray(end, end + size));
    } else {
      writer.buf.copyWithin(end + FRAME_HEAD, end, end + size);
      this.#open();
      writer.pos += size;
    }
  }

  #seal(end: number): void {
    this.#ready.push(this.#writer.buf.subarray(this.#frameStart, end));
    this.#readyBytes += end - this.#frameStart;
    this.#writer.pos = this.#writer.keep = this.#frameStart = end;
  }

  /** A frame that outgrows its block is copied, so it begins another one in good time. */
  #nearlyFull(pos: number): boolean {
    const size = this.#writer.buf.length;
    return size === 0 || size > LARGEST_BLOCK || size - pos < size / 4;
  }

  /** Goes on in another block; remembers this one until its frames have been written. */
  #nextBlock(): void {
    const block = this.#writer.buf;
    if (block.length > 0) this.#full.push({ block, until: this.#smallSent + (this.#ready.length - this.#readyHead) });
    this.#blockSize = Math.max(SMALLEST_BLOCK, Math.min(block.length * 2, LARGEST_BLOCK));
    this.#newBlock();
  }

  #newBlock(): void {
    const size = this.#blockSize;
    this.#writer.buf = (size === LARGEST_BLOCK ? this.#spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(size);
    this.#restart();
  }

  #restart(): void {
    this.#writer.pos = this.#writer.keep = this.#frameStart = 0;
  }
}
