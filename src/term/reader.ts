import { MoebiError } from "./error.ts";
import { Tag } from "./codec-tags.ts";

/** A refusal of bytes; ends the link they came over. */
export function badFrame(what: string): MoebiError {
  return new MoebiError("bad_frame", what);
}

/**
 * Short texts come again and again (tags, keys, names), so the last ones read are kept, found by a hash of their
 * bytes. The table has a fixed size: texts push each other out.
 */
const recent: string[] = new Array<string>(1024).fill("");

/** A place in bytes. `pos` and `end` are open because the codec reads directly. Everything that runs past `end` throws `bad_frame`. */
export class Reader {
  buf: Buffer;
  pos: number;
  end: number;
  /** Of the last short text read: equal texts have equal hashes. */
  hash = 0;

  /** @param end where the readable bytes stop, not included */
  constructor(bytes: Uint8Array, pos = 0, end = bytes.length) {
    this.buf = bufferOf(bytes);
    this.pos = pos;
    this.end = end;
  }

  /** Goes to other bytes, to save an allocation. */
  reset(bytes: Uint8Array, pos = 0, end = bytes.length): void {
    this.buf = bufferOf(bytes);
    this.pos = pos;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.pos;
  }

  /** Goes forward over `n` bytes; returns where they begin. */
  skip(n: number): number {
    const start = this.pos;
    if (n > this.end - start) throw badFrame("A length is beyond the end of the frame");
    this.pos = start + n;
    return start;
  }

  u8(): number {
    if (this.pos >= this.end) throw badFrame("The frame ends inside a term");
    return this.buf[this.pos++]!;
  }

  u32(): number {
    return this.buf.readUInt32LE(this.skip(4));
  }

  f64(): number {
    return this.buf.readDoubleLE(this.skip(8));
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(): number {
    let byte = this.u8();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let factor = 0x80;
    for (let i = 1; i < 8; i++) {
      byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      factor *= 0x80;
    }
    throw badFrame("A number is too large");
  }

  /** `n` bytes: a view of the frame. */
  bytes(n: number): Buffer {
    const start = this.skip(n);
    return this.buf.subarray(start, start + n);
  }

  /** A string that {@link Writer.string} wrote, with its tag. */
  string(): string {
    return this.stringOf(this.u8());
  }

  /** The string whose tag was read. */
  stringOf(tag: number): string {
    if (tag >= Tag.STR && tag < Tag.ARRAY) return this.short(tag - Tag.STR);
    this.hash = -1;
    switch (tag) {
      case Tag.STR8:
        return this.#utf8(this.u8());
      case Tag.STR32:
        return this.#utf8(this.u32());
      case Tag.STR16: {
        const size = this.u32();
        if (size % 2 === 1) throw badFrame("A string has half a character");
        const start = this.skip(size);
        return this.buf.toString("utf16le", start, start + size);
      }
      default:
        throw badFrame("A string is expected");
    }
  }

  /** ASCII of `length` characters, at most 31. */
  short(length: number): string {
    const start = this.skip(length);
    const buf = this.buf;
    let hash = length;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const byte = buf[start + i]!;
      all |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (all > 0x7f) throw badFrame("A string is not ASCII");
    hash ^= hash >>> 12;
    this.hash = hash;
    const slot = hash & 1023;
    const candidate = recent[slot]!;
    if (candidate.length === length) {
      let i = 0;
      while (i < length && candidate.charCodeAt(i) === buf[start + i]) i++;
      if (i === length) return candidate;
    }
    const text = buf.toString("latin1", start, start + length);
    recent[slot] = text;
    return text;
  }

  #utf8(size: number): string {
    const start = this.skip(size);
    const text = this.buf.toString("utf8", start, start + size);
    // Bad bytes decode to U+FFFD, so only a text that holds one needs a second, strict look.
    if (text.includes("\ufffd")) strictly(this.buf.subarray(start, start + size));
    return text;
  }
}

function strictly(bytes: Buffer): void {
  try {
    strict.decode(bytes);
  } catch {
    throw badFrame("A string is not valid UTF-8");
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
