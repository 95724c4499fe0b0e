import type { TermContext } from "./codec.ts";
import { decodeBigint, decodeOther, fill, makeEmpty } from "./codec-decode-other.ts";
import { define, Shape, shapeOf } from "./codec-shape.ts";
import { DEFAULT_MAX_DEPTH, INLINE_DEPTH, SHAPE_KEYS, SHAPES, STRUCT_DEPTH, Tag } from "./codec-tags.ts";
import { hasCode } from "./error.ts";
import type { Pid } from "./pid.ts";
import { badFrame } from "./reader.ts";
import type { Reader } from "./reader.ts";
import { RecentPids } from "./recent-pids.ts";
import { refOf } from "./ref.ts";

/** A container that was made empty, its tag, and how deep it is, counted from the outermost value. */
interface Later {
  readonly tag: number;
  readonly value: object;
  readonly depth: number;
}

/** Reads terms of one link, whatever the bytes are. Not reentrant: see `busy`. */
export class Decoder {
  busy = false;
  readonly ctx: TermContext;
  r!: Reader;
  /** Levels of nesting that may still be read in place. */
  stop = 0;
  readonly #maxDepth: number;
  readonly #writerPids: RecentPids;
  readonly #readerPids: RecentPids;

  /** The objects of this message in the order of their numbers. */
  #objects: object[] = [];
  #shapes: Shape[] = [];
  #later: Later[] = [];
  /** What the functions of this message are to find. */
  captures = new Map<Function, Record<string, unknown>>();
  #base = 0;
  /** Bytes not yet spoken for: every element takes one at least, so that no count can promise more than is there. */
  #budget = 0;

  constructor(ctx: TermContext) {
    this.ctx = ctx;
    this.#maxDepth = ctx.maxDepth ?? DEFAULT_MAX_DEPTH;
    this.#writerPids = new RecentPids(ctx.peerNode, ctx.peerCreation);
    this.#readerPids = new RecentPids(ctx.localNode, ctx.localCreation);
  }

  decode(reader: Reader): unknown {
    this.busy = true;
    this.r = reader;
    this.#budget = reader.remaining;
    try {
      this.#segment(0);
      const value = this.value(0);
      for (let i = 0; i < this.#later.length; i++) {
        const { tag, value: made, depth } = this.#later[i]!;
        this.#segment(depth);
        fill(this, tag, made);
      }
      return value;
    } catch (error) {
      if (hasCode(error, "bad_frame")) throw error;
      throw badFrame(`A term does not decode: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      if (this.#objects.length > 0) this.#objects = [];
      if (this.#shapes.length > 0) this.#shapes = [];
      if (this.#later.length > 0) this.#later = [];
      if (this.captures.size > 0) this.captures.clear();
      this.busy = false;
    }
  }

  #segment(depth: number): void {
    this.#base = depth;
    this.stop = Math.min(INLINE_DEPTH, this.#maxDepth - depth);
  }

  /** Gives the object the next number. */
  add(value: object): void {
    this.#objects.push(value);
  }

  /** A count of things to come, each of which takes a byte at least. */
  count(n: number): number {
    this.#budget -= n;
    if (this.#budget < 0 || n > this.r.remaining) throw badFrame("A count is beyond the end of the frame");
    return n;
  }

  value(depth: number): unknown {
    const r = this.r;
    if (r.pos >= r.end) throw badFrame("The frame ends inside a term");
    const tag = r.buf[r.pos++]!;
    if (tag <= Tag.INT_MAX) return tag;
    if (tag < Tag.ARRAY) return r.short(tag - Tag.STR);
    if (tag < Tag.SHAPE) return this.array(tag - Tag.ARRAY, depth);
    if (tag < Tag.UNDEFINED) return this.#shaped(tag - Tag.SHAPE, depth);
    switch (tag) {
      case Tag.UNDEFINED:
        return undefined;
      case Tag.NULL:
        return null;
      case Tag.TRUE:
        return true;
      case Tag.FALSE:
        return false;
      case Tag.INT: {
        const folded = r.varint();
        if (folded > 0xffff_ffff) throw badFrame("An integer is too large");
        return (folded >>> 1) ^ -(folded & 1);
      }
      case Tag.FLOAT: {
        const float = r.f64();
        return Number.isNaN(float) ? NaN : float;
      }
      case Tag.STR8:
      case Tag.STR32:
      case Tag.STR16:
        return r.stringOf(tag);
      case Tag.BIGINT:
        return decodeBigint(r);
      case Tag.PID_WRITER:
        return this.#pid(this.#writerPids);
      case Tag.PID_READER:
        return this.#pid(this.#readerPids);
      case Tag.REF_WRITER:
        return refOf(this.ctx.peerNode, this.ctx.peerCreation, r.varint());
      case Tag.REF_READER:
        return refOf(this.ctx.localNode, this.ctx.localCreation, r.varint());
      case Tag.ARRAY_LONG:
        return this.array(r.varint(), depth);
      case Tag.SHAPE_LONG:
        return this.#shaped(r.u8(), depth);
      case Tag.OBJECT_NEW:
        this.#newShape(r.u8());
        return this.#shaped(this.#shapes.length - 1, depth);
      case Tag.OBJECT:
        return this.#object({}, depth);
      case Tag.OBJECT_NULL:
        return this.#object(Object.create(null) as object, depth);
      case Tag.AGAIN: {
        const value = this.#objects[r.varint()];
        if (value === undefined) throw badFrame("A term mentions an object that was not there before");
        return value;
      }
      case Tag.LATER:
        return this.#putOff(depth);
      default:
        return decodeOther(this, tag, depth);
    }
  }

  /** Refuses what a sender would have put off. */
  enter(depth: number): void {
    if (depth >= this.stop) throw badFrame("A term is nested too deeply");
  }

  enterStruct(depth: number): void {
    if (depth >= this.stop + STRUCT_DEPTH) throw badFrame("A term is nested too deeply");
  }

  array(length: number, depth: number): unknown[] {
    this.enter(depth);
    this.count(length);
    const made = arrayOf(length);
    this.#objects.push(made);
    this.elements(made, length, depth + 1);
    return made;
  }

  elements(made: unknown[], length: number, depth: number): void {
    const r = this.r;
    for (let i = 0; i < length; i++) {
      if (r.pos < r.end && r.buf[r.pos] === Tag.HOLE) {
        r.pos++;
        // A hole at the end counts in the length all the same.
        if (i in made) delete made[i];
        else if (made.length <= i) made.length = i + 1;
      } else made[i] = this.value(depth);
    }
  }

  #newShape(length: number): void {
    if (length === 0 || length > SHAPE_KEYS || this.#shapes.length === SHAPES)
      throw badFrame("A shape is not one that is sent");
    this.count(length);
    const keys = new Array<string>(length);
    let hash = 0;
    let short = true;
    for (let i = 0; i < length; i++) {
      keys[i] = this.r.string();
      hash = (Math.imul(hash, 31) + this.r.hash) | 0;
      short &&= this.r.hash !== -1;
    }
    this.#shapes.push(short ? shapeOf(keys, hash) : new Shape(keys));
  }

  #shaped(index: number, depth: number): object {
    this.enter(depth);
    const shape = this.#shapes[index];
    if (shape === undefined) throw badFrame("A term mentions a shape that was not there before");
    const keys = shape.keys;
    const length = this.count(keys.length);
    const made = shape.make();
    this.#objects.push(made);
    for (let i = 0; i < length; i++) made[keys[i]!] = this.value(depth + 1);
    return made;
  }

  #object(made: object, depth: number): object {
    this.enter(depth);
    this.#objects.push(made);
    this.fields(made, depth + 1);
    return made;
  }

  /** A count, and that many keys with their values. */
  fields(made: object, depth: number): void {
    const length = this.count(this.r.varint());
    for (let i = 0; i < length; i++) {
      const key = this.r.string();
      const value = this.value(depth);
      if (key in made) define(made, key, value);
      else (made as Record<string, unknown>)[key] = value;
    }
  }

  #pid(near: RecentPids): Pid {
    const id = this.r.varint();
    if (id > 0xffff_ffff) throw badFrame("A pid is out of range");
    return near.of(id);
  }

  /** Makes the empty container and remembers to fill it. */
  #putOff(depth: number): object {
    const tag = this.r.u8();
    const total = this.#base + depth;
    if (depth < this.stop || total >= this.#maxDepth)
      throw badFrame("A term is nested too deeply, or put off too early");
    const value = makeEmpty(this, tag);
    this.#objects.push(value);
    this.#later.push({ tag, value, depth: total });
    return value;
  }
}

/** An array of that length to be filled: without holes if it is a small one, as most are. */
function arrayOf(length: number): unknown[] {
  switch (length) {
    case 0:
      return [];
    case 1:
      return [undefined];
    case 2:
      return [undefined, undefined];
    case 3:
      return [undefined, undefined, undefined];
    case 4:
      return [undefined, undefined, undefined, undefined];
    default:
      return new Array<unknown>(length);
  }
}
