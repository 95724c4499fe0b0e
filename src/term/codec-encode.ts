import { Atom } from "./atom.ts";
import type { TermContext } from "./codec.ts";
import { encodeBigint, encodeFunction, encodeModule, encodeOther, encodePid, encodeRef } from "./codec-encode-other.ts";
import { at, Refusal, refusalError, refuse, type Label, labelOf } from "./codec-refusal.ts";
import { sameKeys } from "./codec-shape.ts";
import { Seen } from "./codec-seen.ts";
import { DEFAULT_MAX_BYTES, DEFAULT_MAX_DEPTH, INLINE_DEPTH, SHAPE_KEYS, SHAPES, Tag } from "./codec-tags.ts";
import { hasCode, MoebiError } from "./error.ts";
import { Pid } from "./pid.ts";
import { Ref } from "./ref.ts";
import { Tuple } from "./tuple.ts";
import type { Writer } from "./writer.ts";

/** A container whose contents follow the term it is in. `depth` is its own, counted from the outermost value. */
interface Later {
  readonly body: () => void;
  readonly depth: number;
}

/** Writes terms for one link. Not reentrant: see `busy`. */
export class Encoder {
  /** Between two terms; a getter that sends must not find the tables in use. */
  busy = false;
  readonly ctx: TermContext;
  readonly maxDepth: number;
  readonly #maxBytes: number;
  w!: Writer;

  readonly seen = new Seen();
  /** The key lists of this message, in the order of their numbers. */
  #shapes: string[][] = [];
  #later: Later[] = [];
  /** Depth of the container being filled, and how many levels below it are written in place. */
  #base = 0;
  stop = 0;

  constructor(ctx: TermContext) {
    this.ctx = ctx;
    this.maxDepth = ctx.maxDepth ?? DEFAULT_MAX_DEPTH;
    this.#maxBytes = ctx.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  encode(value: unknown, writer: Writer, label: Label): void {
    const start = writer.pos;
    this.busy = true;
    writer.locked = true;
    writer.limit = start + this.#maxBytes;
    this.w = writer;
    let root = true;
    try {
      this.#segment(0);
      this.value(value, 0);
      root = false;
      for (let i = 0; i < this.#later.length; i++) {
        const { body, depth } = this.#later[i]!;
        this.#segment(depth);
        body();
      }
      if (writer.pos > writer.limit) throw new MoebiError("too_large", "");
    } catch (error) {
      writer.truncate(start);
      if (hasCode(error, "too_large") && error instanceof MoebiError) {
        throw new MoebiError(
          "too_large",
          `${labelOf(label)} is larger than ${this.#maxBytes} bytes, the most that can be sent`,
        );
      }
      throw refusalError(error, root ? label : `${labelOf(label)}…`, this.ctx.peerNode);
    } finally {
      this.#clear();
      writer.limit = Infinity;
      writer.locked = false;
      this.busy = false;
    }
  }

  #segment(depth: number): void {
    this.#base = depth;
    this.stop = Math.min(INLINE_DEPTH, this.maxDepth - depth);
  }

  #clear(): void {
    this.seen.clear();
    if (this.#shapes.length > 0) this.#shapes = [];
    if (this.#later.length > 0) this.#later = [];
  }

  tag(tag: number): void {
    const w = this.w;
    w.ensure(1);
    w.buf[w.pos++] = tag;
  }

  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        return this.w.string(value);
      case "number":
        return this.#number(value);
      case "object":
        return value === null ? this.tag(Tag.NULL) : this.#object(value, depth);
      case "boolean":
        return this.tag(value ? Tag.TRUE : Tag.FALSE);
      case "undefined":
        return this.tag(Tag.UNDEFINED);
      case "bigint":
        return encodeBigint(this, value);
      case "function":
        return encodeFunction(this, value, depth);
      default:
        throw refuse(value);
    }
  }

  #number(value: number): void {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value >= 0 && value <= Tag.INT_MAX) return this.tag(value);
      this.tag(Tag.INT);
      return this.w.varint(((value << 1) ^ (value >> 31)) >>> 0);
    }
    this.tag(Tag.FLOAT);
    // A NaN may carry bits of its own, which are nobody's business.
    this.w.f64(Number.isNaN(value) ? NaN : value);
  }

  #object(value: object, depth: number): void {
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto === Array.prototype && Array.isArray(value)) return this.array(value, depth);
    if (proto === Pid.prototype) return encodePid(this, value as Pid);
    if (proto === Object.prototype) return this.plain(value as Record<string, unknown>, depth);
    if (proto === Ref.prototype) return encodeRef(this, value as Ref);
    if (proto === Atom.prototype) return this.w.string((value as Atom).text);
    if (proto === Tuple.prototype) return this.array(value as unknown[], depth);
    if (proto === null) return this.plain(value as Record<string, unknown>, depth, true);
    return encodeOther(this, value, depth);
  }

  /** Writes a mention of an object that was there before and returns true, or remembers the object. */
  again(value: object): boolean {
    const index = this.seen.numberOf(value);
    if (index < 0) {
      this.seen.add(value);
      return false;
    }
    this.tag(Tag.AGAIN);
    this.w.varint(index);
    return true;
  }

  /** Whether the container is too deep for here; if so the rest of it is put off. `tag` says what to make meanwhile. */
  putOff(depth: number, tag: number, body: () => void): void {
    const total = this.#base + depth;
    if (total >= this.maxDepth) throw new Refusal("too_large", `is nested more than ${this.maxDepth} levels deep`);
    this.tag(Tag.LATER);
    this.tag(tag);
    this.#later.push({ body, depth: total });
  }

  array(value: readonly unknown[], depth: number): void {
    if (this.again(value)) return;
    const length = value.length;
    if (length > this.#maxBytes) throw new MoebiError("too_large", "");
    // What `RegExp.exec` returns is the one array in use with named elements; to look for others costs more than the rest.
    const named = (value as { index?: unknown }).index !== undefined;
    if (depth >= this.stop) {
      return this.putOff(depth, named ? Tag.ARRAY_NAMED : Tag.ARRAY_LONG, () => {
        this.w.varint(length);
        this.elements(value, length, 1);
        if (named) this.#named(value, length, 1);
      });
    }
    if (named) {
      this.tag(Tag.ARRAY_NAMED);
      this.w.varint(length);
    } else if (length < 16) this.tag(Tag.ARRAY | length);
    else {
      this.tag(Tag.ARRAY_LONG);
      this.w.varint(length);
    }
    this.elements(value, length, depth + 1);
    if (named) this.#named(value, length, depth + 1);
  }

  elements(value: readonly unknown[], length: number, depth: number): void {
    let i = 0;
    try {
      for (; i < length; i++) {
        const element = value[i];
        if (element === undefined && !(i in value)) this.tag(Tag.HOLE);
        else this.value(element, depth);
      }
    } catch (error) {
      throw at(error, i);
    }
  }

  #named(value: readonly unknown[], length: number, depth: number): void {
    const keys = Object.keys(value).filter((key) => !(Number(key) < length && String(Number(key)) === key));
    this.w.varint(keys.length);
    this.fields(value as unknown as Record<string, unknown>, keys, depth);
  }

  /** Key, value, key, value, … */
  fields(value: Record<string, unknown>, keys: readonly string[], depth: number): void {
    let i = 0;
    try {
      for (; i < keys.length; i++) {
        this.w.string(keys[i]!);
        this.value(value[keys[i]!], depth);
      }
    } catch (error) {
      throw at(error, keys[i]!);
    }
  }

  plain(value: Record<string, unknown>, depth: number, bare = false): void {
    const name = this.ctx.modules.nameOf(value);
    if (name !== undefined) return encodeModule(this, name);
    if (this.again(value)) return;
    const keys = Object.keys(value);
    const length = keys.length;
    if (depth >= this.stop) {
      return this.putOff(depth, bare ? Tag.OBJECT_NULL : Tag.OBJECT, () => {
        this.w.varint(length);
        this.fields(value, keys, 1);
      });
    }
    if (bare || length === 0 || length > SHAPE_KEYS || !this.#shape(keys)) {
      this.tag(bare ? Tag.OBJECT_NULL : Tag.OBJECT);
      this.w.varint(length);
      return this.fields(value, keys, depth + 1);
    }
    let i = 0;
    try {
      for (; i < length; i++) this.value(value[keys[i]!], depth + 1);
    } catch (error) {
      throw at(error, keys[i]!);
    }
  }

  /** Writes the head of an object: the number of its shape, or its keys. False if no shape can be added to this message. */
  #shape(keys: string[]): boolean {
    const shapes = this.#shapes;
    const w = this.w;
    for (let i = 0; i < shapes.length; i++) {
      if (!sameKeys(shapes[i]!, keys)) continue;
      if (i < 16) this.tag(Tag.SHAPE | i);
      else {
        this.tag(Tag.SHAPE_LONG);
        w.u8(i);
      }
      return true;
    }
    if (shapes.length === SHAPES) return false;
    shapes.push(keys);
    this.tag(Tag.OBJECT_NEW);
    w.u8(keys.length);
    for (const key of keys) w.string(key);
    return true;
  }
}
