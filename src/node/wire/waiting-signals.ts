import type { Signal } from "../../process/signal.ts";
import type { Waiting } from "../carrier.ts";
import { Reader } from "../../term/reader.ts";
import { isMessage, type SignalCodec } from "./signal-codec.ts";

/** Memory is taken in blocks, of which each is twice the last one up to a size. */
const SMALLEST_BLOCK = 4 * 1024;
const LARGEST_BLOCK = 1024 * 1024;

/** The u32 before a signal. */
const LENGTH = 4;

interface Block {
  readonly bytes: Buffer;
  used: number;
}

/**
 * Signals that wait for a connection, as bytes: so that they are what was meant whatever happens to their values
 * meanwhile, and that what is never sent costs no more than that.
 */
export class WaitingSignals implements Waiting {
  readonly #encode: (signal: Signal) => Uint8Array;
  readonly #codec: SignalCodec;
  #blocks: Block[] = [];
  #bytes = 0;
  #largest = 0;

  /**
   * @param encode gives the bytes of a signal, good until the next call, or throws
   * @param codec reads what `encode` wrote
   */
  constructor(encode: (signal: Signal) => Uint8Array, codec: SignalCodec) {
    this.#encode = encode;
    this.#codec = codec;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get largest(): number {
    return this.#largest;
  }

  add(signal: Signal): void {
    const bytes = this.#encode(signal);
    const size = LENGTH + bytes.length;
    let block = this.#blocks.at(-1);
    if (block === undefined || block.bytes.length - block.used < size) {
      const next = Math.min(block === undefined ? SMALLEST_BLOCK : block.bytes.length * 2, LARGEST_BLOCK);
      block = { bytes: Buffer.allocUnsafeSlow(Math.max(size, next)), used: 0 };
      this.#blocks.push(block);
    }
    block.bytes.writeUInt32LE(bytes.length, block.used);
    block.bytes.set(bytes, block.used + LENGTH);
    block.used += size;
    this.#bytes += size;
    this.#largest = Math.max(this.#largest, size);
  }

  *take(): Generator<Signal> {
    for (const bytes of this.#taken()) yield this.#codec.decode(new Reader(bytes));
  }

  *drop(): Generator<Signal> {
    const blocks = this.#blocks;
    for (const bytes of this.#taken()) if (!isMessage(bytes[0])) yield this.#codec.decode(new Reader(bytes));
    // Not when garbage is next collected: who sends more than can be taken has filled as much again by then.
    for (const { bytes } of blocks) (bytes.buffer as ArrayBuffer).transfer(0);
  }

  *#taken(): Generator<Buffer> {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#bytes = this.#largest = 0;
    for (const { bytes, used } of blocks) {
      for (let start = 0; start < used;) {
        const end = start + LENGTH + bytes.readUInt32LE(start);
        yield bytes.subarray(start + LENGTH, end);
        start = end;
      }
    }
  }
}
