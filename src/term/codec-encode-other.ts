import { types } from "node:util";
import type { Encoder } from "./codec-encode.ts";
import { kindOf, ownsBuffer } from "./codec-kind.ts";
import { at, entryStep, Refusal, refuse } from "./codec-refusal.ts";
import { structOf } from "./codec-struct.ts";
import { STRUCT_DEPTH, Tag, VIEWS } from "./codec-tags.ts";
import type { Pid } from "./pid.ts";
import { publishPid } from "./pid.ts";
import type { Ref } from "./ref.ts";
import { publishRef } from "./ref.ts";
import { takeError } from "./remote-error.ts";

/** Writes every kind of value that is not a primitive, an array or a plain object. */
export function encodeOther(e: Encoder, value: object, depth: number): void {
  switch (kindOf(value)) {
    case "array":
      return e.array(value as unknown[], depth);
    case "object":
      return e.plain(value as Record<string, unknown>, depth);
    case "map":
      return encodeMap(e, value as Map<unknown, unknown>, depth);
    case "set":
      return encodeSet(e, value as Set<unknown>, depth);
    case "error": {
      const name = e.ctx.modules.nameOf(value);
      return name === undefined ? encodeError(e, value as Error, depth) : encodeModule(e, name);
    }
    case "buffer":
      if (e.again(value)) return;
      e.tag(Tag.BUFFER);
      return encodeBytes(e, value as Buffer);
    case "arraybuffer":
      if (e.again(value)) return;
      e.tag(Tag.ARRAY_BUFFER);
      return encodeBytes(e, new Uint8Array(value as ArrayBuffer));
    case "view":
      return encodeView(e, value as ArrayBufferView, depth);
    case "date":
      if (e.again(value)) return;
      e.tag(Tag.DATE);
      return e.w.f64(Date.prototype.getTime.call(value as Date));
    case "regexp":
      if (e.again(value)) return;
      e.tag(Tag.REGEXP);
      e.w.string((value as RegExp).source);
      return e.w.string((value as RegExp).flags);
    case "boxed":
      if (e.again(value)) return;
      e.tag(Tag.BOXED);
      return e.value(value.valueOf(), depth);
    default:
      return encodeInstance(e, value, depth);
  }
}

/** A module under a prototype of its own, a struct of the library, or nothing that can cross. */
function encodeInstance(e: Encoder, value: object, depth: number): void {
  const name = e.ctx.modules.nameOf(value);
  if (name !== undefined) return encodeModule(e, name);
  const struct = structOf(value);
  if (struct === undefined) throw refuse(value);
  const number = e.seen.numberOf(value);
  if (number >= 0) {
    e.tag(Tag.AGAIN);
    return e.w.varint(number);
  }
  // A struct cannot be made before its fields are there, so it can neither be put off nor hold itself.
  if (depth >= e.stop + STRUCT_DEPTH) throw new Refusal("too_large", `is nested too deeply in others of its kind`);
  e.tag(Tag.STRUCT);
  e.w.string(struct[0]);
  const fields = struct[1].take(value);
  e.w.varint(fields.length);
  e.elements(fields, fields.length, depth + 1);
  e.seen.add(value);
}

function encodeMap(e: Encoder, value: Map<unknown, unknown>, depth: number): void {
  if (e.again(value)) return;
  const body = (below: number): void => {
    const head = e.w.pos;
    e.w.u32(0);
    let count = 0;
    let key: unknown;
    try {
      for (const entry of Map.prototype.entries.call(value) as MapIterator<[unknown, unknown]>) {
        key = entry[0];
        e.value(key, below);
        e.value(entry[1], below);
        count++;
      }
    } catch (error) {
      throw at(error, entryStep(key, count));
    }
    // Counted rather than asked for, as a getter among the values may have added to the map.
    e.w.buf.writeUInt32LE(count, head);
  };
  if (depth >= e.stop) return e.putOff(depth, Tag.MAP, () => body(1));
  e.tag(Tag.MAP);
  body(depth + 1);
}

function encodeSet(e: Encoder, value: Set<unknown>, depth: number): void {
  if (e.again(value)) return;
  const body = (below: number): void => {
    const head = e.w.pos;
    e.w.u32(0);
    let count = 0;
    try {
      for (const member of Set.prototype.values.call(value) as SetIterator<unknown>) {
        e.value(member, below);
        count++;
      }
    } catch (error) {
      throw at(error, { shown: `.values()[${count}]` });
    }
    e.w.buf.writeUInt32LE(count, head);
  };
  if (depth >= e.stop) return e.putOff(depth, Tag.SET, () => body(1));
  e.tag(Tag.SET);
  body(depth + 1);
}

function encodeError(e: Encoder, value: Error, depth: number): void {
  if (e.again(value)) return;
  const parts = takeError(value);
  const body = (below: number): void => {
    e.value(parts.name, below);
    e.value(parts.message, below);
    e.value(parts.stack, below);
    e.w.varint(parts.hidden.length);
    let key = "";
    try {
      for (const [name, hidden] of parts.hidden) {
        key = name;
        e.w.string(name);
        e.value(hidden, below);
      }
    } catch (error) {
      throw at(error, key);
    }
    e.w.varint(parts.fields.length);
    e.fields(value as unknown as Record<string, unknown>, parts.fields, below);
  };
  if (depth >= e.stop) {
    e.putOff(depth, Tag.ERROR, () => body(1));
    return e.w.u8(parts.native);
  }
  e.tag(Tag.ERROR);
  e.w.u8(parts.native);
  body(depth + 1);
}

function encodeBytes(e: Encoder, bytes: Uint8Array): void {
  e.w.u32(bytes.length);
  e.w.bytes(bytes);
}

function encodeView(e: Encoder, view: ArrayBufferView, depth: number): void {
  const number = e.seen.numberOf(view);
  if (number >= 0) {
    e.tag(Tag.AGAIN);
    return e.w.varint(number);
  }
  const kind = VIEWS.indexOf(types.isDataView(view) ? "DataView" : (view as Uint8Array)[Symbol.toStringTag]);
  if (kind < 0) throw refuse(view);
  const { buffer, byteOffset, byteLength } = view;
  const whole = byteLength === buffer.byteLength && e.seen.numberOf(buffer) < 0;
  if (types.isArrayBuffer(buffer) && (whole || !ownsBuffer(view))) {
    e.tag(Tag.VIEW);
    e.w.u8(kind);
    encodeBytes(e, new Uint8Array(buffer, byteOffset, byteLength));
    e.seen.add(whole ? buffer : {});
  } else {
    e.tag(Tag.VIEW_OF);
    e.w.u8(kind);
    try {
      e.value(buffer, depth + 1);
    } catch (error) {
      throw at(error, "buffer");
    }
    e.w.varint(byteOffset);
    e.w.varint(types.isDataView(view) ? byteLength : (view as Uint8Array).length);
  }
  e.seen.add(view);
}

/** In hexadecimal digits, which are the one form that takes time in proportion to the size. */
export function encodeBigint(e: Encoder, value: bigint): void {
  let hex = (value < 0n ? -value : value).toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const size = hex.length / 2;
  e.tag(Tag.BIGINT);
  e.w.u8(value < 0n ? 1 : 0);
  e.w.varint(size);
  e.w.ensure(size);
  e.w.pos += e.w.buf.write(hex, e.w.pos, "hex");
}

/** Short for processes of the two nodes of the link as they live now; others take their node and creation along. */
export function encodePid(e: Encoder, pid: Pid): void {
  const { localNode, localCreation, peerNode, peerCreation } = e.ctx;
  const { node, id, serial, creation } = pid;
  const w = e.w;
  publishPid(pid);
  if (node === localNode && creation === localCreation) e.tag(serial === 0 ? Tag.PID_WRITER : Tag.PID_WRITER_SERIAL);
  else if (node === peerNode && creation === peerCreation) e.tag(serial === 0 ? Tag.PID_READER : Tag.PID_READER_SERIAL);
  else {
    e.tag(Tag.PID);
    w.string(node);
    w.varint(creation);
    w.varint(id);
    return w.varint(serial);
  }
  w.varint(id);
  if (serial !== 0) w.varint(serial);
}

export function encodeRef(e: Encoder, ref: Ref): void {
  const { localNode, localCreation, peerNode, peerCreation } = e.ctx;
  const { node, id, creation, more } = ref;
  const w = e.w;
  publishRef(ref);
  if (more === undefined && node === localNode && creation === localCreation) e.tag(Tag.REF_WRITER);
  else if (more === undefined && node === peerNode && creation === peerCreation) e.tag(Tag.REF_READER);
  else {
    e.tag(Tag.REF);
    w.string(node);
    w.varint(creation);
    w.varint(id);
    w.u8(more?.length ?? 0);
    for (const word of more ?? []) w.varint(word);
    return;
  }
  w.varint(id);
}

export function encodeModule(e: Encoder, name: string): void {
  e.tag(Tag.MODULE);
  e.w.string(name);
}

export function encodeFunction(e: Encoder, value: Function, depth: number): void {
  const name = e.ctx.modules.nameOf(value);
  if (name !== undefined) return encodeModule(e, name);
  if (e.again(value)) return;
  const { source, captures } = e.ctx.functions.encode(value);
  const body = (below: number): void => {
    const keys = Object.keys(captures);
    e.w.varint(keys.length);
    let i = 0;
    try {
      for (; i < keys.length; i++) {
        e.w.string(keys[i]!);
        e.value(captures[keys[i]!], below);
      }
    } catch (error) {
      throw at(error, { captured: keys[i]! });
    }
  };
  if (depth >= e.stop) {
    // The source goes along at once: the function is made from it.
    e.putOff(depth, Tag.FUNCTION, () => body(1));
    return e.w.string(source);
  }
  e.tag(Tag.FUNCTION);
  e.w.string(source);
  body(depth + 1);
}
