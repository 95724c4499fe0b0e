import type { Signal } from "../../process/signal.ts";
import { badFrame, Reader } from "../../term/reader.ts";
import { Frame, Unpacker } from "./frame.ts";
import { isSpawnReply, type SignalCodec } from "./signal-codec.ts";

const NOTHING = new Uint8Array(0);

/**
 * The signals in the frames that came, one at a time: each is decoded only when it is asked for, so that what it names
 * is looked up after the signals before it have taken effect.
 */
export class SignalReader {
  readonly #codec: SignalCodec;
  readonly #unpacker: Unpacker;
  readonly #frames: Uint8Array[] = [];
  readonly #reader = new Reader(NOTHING);
  /** Where the frame that is being read ends. */
  #end = 0;
  /** Whether it is one whole signal, put together from fragments. */
  #single = false;

  constructor(codec: SignalCodec, maxMessageBytes: number) {
    this.#codec = codec;
    this.#unpacker = new Unpacker(maxMessageBytes);
  }

  /** Takes a frame of signals or a fragment. */
  add(frame: Uint8Array): void {
    this.#frames.push(frame);
  }

  /** Whether there is a signal to read. Throws `bad_frame`. */
  ready(): boolean {
    while (this.#reader.pos >= this.#end) {
      const frame = this.#frames.shift();
      if (frame === undefined) return false;
      this.#load(frame);
    }
    return true;
  }

  /** Whether the next signal, which must be ready, answers a spawn. */
  nextIsSpawnReply(): boolean {
    return isSpawnReply(this.#reader.buf[this.#reader.pos + (this.#single ? 0 : 2)]);
  }

  /** The next signal, which must be ready. Throws `bad_frame`. */
  next(): Signal {
    const reader = this.#reader;
    let end = this.#end;
    if (!this.#single) {
      const start = reader.pos + 2;
      if (start > end) throw badFrame("A frame ends inside a length");
      end = start + (reader.buf[start - 2]! | (reader.buf[start - 1]! << 8));
      if (end > this.#end) throw badFrame("A signal is longer than its frame");
      reader.pos = start;
    }
    reader.end = end;
    const signal = this.#codec.decode(reader);
    if (reader.pos !== end) throw badFrame("A signal has bytes left over");
    return signal;
  }

  /** Forgets all that was not read. */
  clear(): void {
    this.#frames.length = 0;
    this.#reader.reset(NOTHING);
    this.#end = 0;
  }

  #load(frame: Uint8Array): void {
    let bytes: Uint8Array | undefined = frame;
    this.#single = frame[0] === Frame.FRAGMENT;
    if (this.#single) bytes = this.#unpacker.add(frame);
    else if (frame.length === 1) throw badFrame("A frame is empty");
    if (bytes === undefined) return;
    this.#reader.reset(bytes, this.#single ? 0 : 1);
    this.#end = bytes.length;
  }
}
