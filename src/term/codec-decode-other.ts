import type { Decoder } from "./codec-decode.ts";
import { define } from "./codec-shape.ts";
import { structByTag } from "./codec-struct.ts";
import { Tag, VIEWS } from "./codec-tags.ts";
import type { NodeName, Pid } from "./pid.ts";
import { pidOf } from "./pid.ts";
import { badFrame } from "./reader.ts";
import type { Reader } from "./reader.ts";
import type { Ref } from "./ref.ts";
import { refOf } from "./ref.ts";
import { fillError, hide, makeError, onNode } from "./remote-error.ts";

/** Reads every kind of value that {@link Decoder.value} does not know itself. */
export function decodeOther(d: Decoder, tag: number, depth: number): unknown {
  const r = d.r;
  switch (tag) {
    case Tag.ARRAY_NAMED:
    case Tag.MAP:
    case Tag.SET:
    case Tag.ERROR:
    case Tag.FUNCTION: {
      d.enter(depth);
      const made = makeEmpty(d, tag);
      d.add(made);
      fill(d, tag, made, depth + 1);
      return made;
    }
    case Tag.DATE:
      return added(d, new Date(r.f64()));
    case Tag.REGEXP: {
      const source = r.string();
      return added(d, new RegExp(source, r.string()));
    }
    case Tag.BUFFER:
      return added(d, Buffer.from(r.bytes(r.u32())));
    case Tag.ARRAY_BUFFER:
      return added(d, copied(r));
    case Tag.VIEW: {
      const make = viewOf(r.u8());
      const buffer = added(d, copied(r));
      return added(d, new make(buffer));
    }
    case Tag.VIEW_OF: {
      const make = viewOf(r.u8());
      const buffer = d.value(depth + 1);
      if (!(buffer instanceof ArrayBuffer)) throw badFrame("A view is of something else than a buffer");
      const offset = r.varint();
      return added(d, new make(buffer, offset, r.varint()));
    }
    case Tag.BOXED: {
      // Its place among the objects is taken before the primitive is read, which must be one.
      const value = d.value(depth);
      if (value === null || value === undefined || typeof value === "object" || typeof value === "function") {
        throw badFrame("A boxed primitive holds something else");
      }
      return added(d, Object(value) as object);
    }
    case Tag.MODULE:
      return d.ctx.modules.resolve(r.string());
    case Tag.STRUCT:
      return decodeStruct(d, depth);
    case Tag.PID_WRITER_SERIAL:
      return pid(r, d.ctx.peerNode, d.ctx.peerCreation);
    case Tag.PID_READER_SERIAL:
      return pid(r, d.ctx.localNode, d.ctx.localCreation);
    case Tag.PID: {
      const node = nodeName(r);
      return pid(r, node, word(r));
    }
    case Tag.REF:
      return decodeRef(r);
    default:
      throw badFrame(`A term begins with the unknown tag 0x${tag.toString(16)}`);
  }
}

function added<T extends object>(d: Decoder, value: T): T {
  d.add(value);
  return value;
}

/** The empty container of that tag, with what has to be known to make it. */
export function makeEmpty(d: Decoder, tag: number): object {
  switch (tag) {
    case Tag.ARRAY_LONG:
    case Tag.ARRAY_NAMED:
      return [];
    case Tag.OBJECT:
      return {};
    case Tag.OBJECT_NULL:
      return Object.create(null) as object;
    case Tag.MAP:
      return new Map();
    case Tag.SET:
      return new Set();
    case Tag.ERROR: {
      const made = makeError(d.r.u8());
      if (made === undefined) throw badFrame("An error is of no known class");
      return made;
    }
    case Tag.FUNCTION: {
      const captures = Object.create(null) as Record<string, unknown>;
      const made = d.ctx.functions.decode(d.r.string(), captures);
      d.captures.set(made, captures);
      return made;
    }
    default:
      throw badFrame("A term that is no container is put off");
  }
}

/** Reads the contents of a container into it. */
export function fill(d: Decoder, tag: number, made: object, depth = 1): void {
  const r = d.r;
  switch (tag) {
    case Tag.ARRAY_LONG:
      return d.elements(made as unknown[], d.count(r.varint()), depth);
    case Tag.ARRAY_NAMED:
      d.elements(made as unknown[], d.count(r.varint()), depth);
      return d.fields(made, depth);
    case Tag.MAP: {
      const map = made as Map<unknown, unknown>;
      for (let left = d.count(r.u32()); left > 0; left--) {
        const key = d.value(depth);
        map.set(key, d.value(depth));
      }
      return;
    }
    case Tag.SET:
      for (let left = d.count(r.u32()); left > 0; left--) (made as Set<unknown>).add(d.value(depth));
      return;
    case Tag.ERROR:
      return decodeError(d, made as Error, depth);
    case Tag.FUNCTION:
      return d.fields(d.captures.get(made as Function)!, depth);
    default:
      return d.fields(made, depth);
  }
}

function decodeError(d: Decoder, made: Error, depth: number): void {
  const r = d.r;
  const name = optionalString(r);
  const message = optionalString(r);
  const stack = optionalString(r);
  fillError(made, name, message, stack === undefined ? undefined : onNode(stack, d.ctx.peerNode));
  for (let left = d.count(r.varint()); left > 0; left--) {
    const key = r.string();
    if (key !== "cause" && key !== "errors") throw badFrame("An error has an unknown part");
    hide(made, key, d.value(depth));
  }
  for (let left = d.count(r.varint()); left > 0; left--) {
    const key = r.string();
    define(made, key, d.value(depth));
  }
}

function optionalString(r: Reader): string | undefined {
  const tag = r.u8();
  return tag === Tag.UNDEFINED ? undefined : r.stringOf(tag);
}

function decodeStruct(d: Decoder, depth: number): object {
  d.enterStruct(depth);
  const codec = structByTag(d.r.string());
  if (codec === undefined) throw badFrame("A struct is of no known class");
  const length = d.count(d.r.varint());
  const fields = new Array<unknown>(length);
  d.elements(fields, length, depth + 1);
  return added(d, codec.make(fields));
}

type ViewConstructor = new (buffer: ArrayBuffer, offset?: number, length?: number) => ArrayBufferView;

function viewOf(kind: number): ViewConstructor {
  const make = (globalThis as unknown as Record<string, ViewConstructor | undefined>)[VIEWS[kind] ?? ""];
  if (make === undefined) throw badFrame("A view is of no known class");
  return make;
}

function copied(r: Reader): ArrayBuffer {
  const bytes = r.bytes(r.u32());
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

export function decodeBigint(r: Reader): bigint {
  const negative = r.u8();
  const start = r.skip(r.varint());
  if (negative > 1 || start === r.pos) throw badFrame("A big integer has no digits");
  const value = BigInt(`0x${r.buf.toString("hex", start, r.pos)}`);
  return negative === 1 ? -value : value;
}

function word(r: Reader): number {
  const value = r.varint();
  if (value > 0xffff_ffff) throw badFrame("A part of an identifier is out of range");
  return value;
}

function nodeName(r: Reader): NodeName {
  const name = r.string();
  const at = name.indexOf("@");
  if (at < 1 || at === name.length - 1 || name.length > 255) throw badFrame("A node name is not one");
  return name as NodeName;
}

function pid(r: Reader, node: NodeName, creation: number): Pid {
  const id = word(r);
  return pidOf(node, id, word(r), creation);
}

function decodeRef(r: Reader): Ref {
  const node = nodeName(r);
  const creation = word(r);
  const id = r.varint();
  const length = r.u8();
  if (length > 3) throw badFrame("A reference is too long");
  const more: number[] = [];
  for (let i = 0; i < length; i++) more.push(word(r));
  return refOf(node, creation, id, length === 0 ? undefined : more);
}
