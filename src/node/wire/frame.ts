import { badFrame } from "../../term/reader.ts";

/**
 * What a frame is: its first byte says which. Numbers are little-endian.
 *
 *     TICK                                      the peer is there
 *     PING                                      answer with a PONG
 *     PONG
 *     SIGNALS   ([length u16][signal])+         whole signals, in order
 *     FRAGMENT  [sequence u32][flags][bytes]    a piece of one large signal
 *
 * A signal that is larger than {@link LARGE_SIGNAL} travels as a sequence of fragments, between which other frames
 * pass: a small message does not wait for a large one.
 */
export const Frame = {
  TICK: 0,
  PING: 1,
  PONG: 2,
  SIGNALS: 3,
  FRAGMENT: 4,
} as const;

export const FIRST = 1;
export const LAST = 2;

/** The bytes of a fragment before its payload. */
export const FRAGMENT_HEAD = 6;

/** A signal of more bytes is sent in fragments. Fits into the u16 of a SIGNALS frame. */
export const LARGE_SIGNAL = 48 * 1024;

/** So many large signals may be on their way at once. */
export const MAX_SEQUENCES = 64;

/** What a signal may take beside the message in it: pids, names and the like. */
const ENVELOPE = 64 * 1024;

/**
 * A large signal of which the beginning has come. What has come is put together at once: to do so at the end would stop the
 * node for as long as all of it takes.
 */
interface Sequence {
  /** Room for twice as much as has come at most. */
  room: Buffer;
  bytes: number;
}

/** Puts fragments together. What a peer can make it hold is bounded. */
export class Unpacker {
  readonly #sequences = new Map<number, Sequence>();
  readonly #longest: number;

  /** @param maxMessageBytes the longest message there is */
  constructor(maxMessageBytes: number) {
    this.#longest = maxMessageBytes + ENVELOPE;
  }

  /** How many large signals have begun and not ended. */
  get incomplete(): number {
    return this.#sequences.size;
  }

  /**
   * Takes a FRAGMENT frame. Returns the whole signal if this was the last piece of it.
   * Throws `bad_frame` for what a sound peer does not send.
   */
  add(frame: Uint8Array): Uint8Array | undefined {
    if (frame.length <= FRAGMENT_HEAD) throw badFrame("A fragment is empty");
    const id = (frame[1]! | (frame[2]! << 8) | (frame[3]! << 16) | (frame[4]! << 24)) >>> 0;
    const flags = frame[5]!;
    if (flags > (FIRST | LAST)) throw badFrame("A fragment has unknown flags");
    const piece = frame.subarray(FRAGMENT_HEAD);

    let sequence = this.#sequences.get(id);
    if ((flags & FIRST) !== 0) {
      if (sequence !== undefined) throw badFrame("A fragmented signal begins twice");
      if (this.#sequences.size === MAX_SEQUENCES) throw badFrame("Too many fragmented signals at once");
      if ((flags & LAST) !== 0) return piece;
      sequence = { room: Buffer.allocUnsafeSlow(2 * piece.length), bytes: 0 };
      this.#sequences.set(id, sequence);
    }
    if (sequence === undefined) throw badFrame("A fragment belongs to nothing");
    const { bytes } = sequence;
    const end = bytes + piece.length;
    if (end > this.#longest) throw badFrame("A fragmented signal is too long");
    if (end > sequence.room.length) {
      const room = Buffer.allocUnsafeSlow(2 * end);
      room.set(sequence.room.subarray(0, bytes));
      sequence.room = room;
    }
    sequence.room.set(piece, bytes);
    sequence.bytes = end;
    if ((flags & LAST) === 0) return undefined;
    this.#sequences.delete(id);
    return sequence.room.subarray(0, end);
  }
}
