import { MoebiError } from "./error.ts";
import { Tag } from "./codec-tags.ts";

/** Above this a buffer that one large message made is let go again by {@link Writer.reset}. */
const KEEP = 1 << 20;

/**
 * Bytes that grow at the end, in one buffer that is used again and again. The fields are open because the codec writes
 * to them directly: call {@link Writer.ensure} first, and read `buf` again after it.
 */
export class Writer {
  buf: Buffer;
  /** Where the next byte goes; also how many bytes there are. */
  pos = 0;
  /** Growing past this throws `too_large`. */
  limit = Infinity;
  /** What lies before this is not needed any more, and not copied when the buffer grows. */
  keep = 0;
  /** A term is being written. A getter inside it must not write another one into the middle. */
  locked = false;

  /** @param capacity bytes to begin with */
  constructor(capacity = 1024) {
    this.buf = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `n` more bytes. Throws `too_large` if that is beyond {@link Writer.limit}. */
  ensure(n: number): void {
    if (this.pos + n > this.buf.length) this.#grow(n);
  }

  #grow(n: number): void {
    const needed = this.pos + n;
    if (needed > this.limit + SLACK) throw new MoebiError("too_large", "The message is too large");
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.buf.length * 2));
    this.buf.copy(grown, this.keep, this.keep, this.pos);
    this.buf = grown;
  }

  u8(value: number): void {
    this.ensure(1);
    this.buf[this.pos++] = value;
  }

  u32(value: number): void {
    this.ensure(4);
    this.pos = this.buf.writeUInt32LE(value, this.pos);
  }

  f64(value: number): void {
    this.ensure(8);
    this.pos = this.buf.writeDoubleLE(value, this.pos);
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, least significant first. */
  varint(value: number): void {
    this.ensure(8);
    const buf = this.buf;
    let pos = this.pos;
    while (value > 0x7fff_ffff) {
      buf[pos++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    while (value > 0x7f) {
      buf[pos++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    buf[pos++] = value;
    this.pos = pos;
  }

  bytes(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    this.buf.set(bytes, this.pos);
    this.pos += bytes.length;
  }

  /** A string with its tag; {@link Reader.string} reads it. */
  string(text: string): void {
    const length = text.length;
    if (length >= 32) return this.#long(text);
    this.ensure(length + 1);
    const buf = this.buf;
    let pos = this.pos;
    buf[pos++] = Tag.STR | length;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return this.#long(text);
      buf[pos++] = unit;
    }
    this.pos = pos;
  }

  #long(text: string): void {
    const length = text.length;
    // Whether it is ASCII, a byte a unit, is seen by writing it, which takes less time than to measure it. The bytes to
    // spare tell that from a longer text that was cut: one more character would have found room.
    const short = length <= LONGEST_STR8;
    const head = short ? 2 : 5;
    const most = short ? length * 3 : length + LONGEST_CHARACTER;
    this.ensure(head + most);
    const start = this.pos + head;
    let written = this.buf.write(text, start, most);
    if (written !== length) {
      // Only a text beyond ASCII can hold a lone surrogate, which UTF-8 cannot write down.
      if (!text.isWellFormed()) return this.#utf16(text);
      if (!short && written > most - LONGEST_CHARACTER) {
        const size = Buffer.byteLength(text);
        this.ensure(head + size);
        written = this.buf.write(text, start, size);
      }
    }
    if (short) {
      this.buf[start - 2] = Tag.STR8;
      this.buf[start - 1] = written;
    } else {
      this.buf[start - 5] = Tag.STR32;
      this.buf.writeUInt32LE(written, start - 4);
    }
    this.pos = start + written;
  }

  #utf16(text: string): void {
    const size = text.length * 2;
    this.ensure(5 + size);
    this.buf[this.pos] = Tag.STR16;
    this.buf.writeUInt32LE(size, this.pos + 1);
    this.buf.write(text, this.pos + 5, "utf16le");
    this.pos += 5 + size;
  }

  /** Drops everything after `pos`. */
  truncate(pos: number): void {
    this.pos = pos;
  }

  /** Empties it for the next use. Views taken before are overwritten by it: copy what is to stay. */
  reset(): void {
    this.pos = 0;
    if (this.buf.length > KEEP) this.buf = Buffer.allocUnsafeSlow(KEEP);
  }

  /** The bytes written from `start` on: a view, good until the next write or reset. */
  view(start = 0): Buffer {
    return this.buf.subarray(start, this.pos);
  }
}

/** The bytes that a character takes at most in UTF-8. */
const LONGEST_CHARACTER = 4;

/** Whatever a text of so many units holds, it takes no more bytes than {@link Tag.STR8} can say. */
const LONGEST_STR8 = 85;

/** `ensure` asks for the most that might be needed; what was really written is measured against the limit at the end. */
const SLACK = 256 * 1024;
