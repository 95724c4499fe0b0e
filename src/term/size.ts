/** How much memory a value takes, by a look at a part of it. */
import { types } from "node:util";
import { isPid } from "./pid.ts";
import { isRef } from "./ref.ts";

/** Of a collection with more items so many are looked at, spread over it, and stand for the others. */
const SAMPLE = 32;
const DEEPEST = 20;
/** Of what V8 keeps beside the values themselves, in bytes. */
const SLOT = 8;
const OBJECT = 24;
const STRING = 16;
const ENTRY = 32;

/**
 * An estimate, in bytes, of what a value and all that it holds take. Looks at no more than `most` values, however many
 * there are, and runs no code of theirs. What is held twice counts once; what everybody shares (pids, references) only
 * its place.
 */
export function estimateSize(value: unknown, most = 1000): number {
  return new Estimate(most).of(value, 0);
}

class Estimate {
  private readonly seen = new Set<object>();
  private left: number;

  constructor(most: number) {
    this.left = most;
  }

  of(value: unknown, depth: number): number {
    if (typeof value === "string") return STRING + value.length;
    if (typeof value === "bigint") return OBJECT;
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return 0;
    if (types.isProxy(value)) return OBJECT;
    if (this.seen.has(value) || isPid(value) || isRef(value)) return 0;
    this.seen.add(value);
    if (this.left-- <= 0 || depth > DEEPEST || typeof value === "function") return OBJECT;
    if (Array.isArray(value)) return OBJECT + SLOT + this.items(value, SLOT, depth);
    if (ArrayBuffer.isView(value)) return 2 * OBJECT + byteLengthOf(value);
    if (types.isAnyArrayBuffer(value)) return OBJECT + (value as ArrayBuffer).byteLength;
    if (types.isMap(value)) return OBJECT + this.entries(mapEntries.call(value), mapSize(value), depth);
    if (types.isSet(value)) return OBJECT + this.entries(setEntries.call(value), setSize(value), depth);
    return OBJECT + this.properties(value, depth);
  }

  private items(list: readonly unknown[], each: number, depth: number): number {
    const { length } = list;
    const looked = Math.min(length, SAMPLE);
    let bytes = 0;
    for (let n = 0; n < looked; n++) {
      const at = Math.floor((n * length) / looked);
      bytes += this.of(Object.getOwnPropertyDescriptor(list, at)?.value, depth + 1);
    }
    return each * length + scaled(bytes, looked, length);
  }

  private entries(entries: Iterable<readonly [unknown, unknown]>, size: number, depth: number): number {
    let looked = 0;
    let bytes = 0;
    for (const [key, item] of entries) {
      if (looked === SAMPLE) break;
      looked++;
      bytes += this.of(key, depth + 1) + (key === item ? 0 : this.of(item, depth + 1));
    }
    return ENTRY * size + scaled(bytes, looked, size);
  }

  private properties(value: object, depth: number): number {
    const keys = Object.getOwnPropertyNames(value);
    const looked = Math.min(keys.length, SAMPLE);
    let bytes = 0;
    for (let n = 0; n < looked; n++) {
      const key = keys[Math.floor((n * keys.length) / looked)] ?? "";
      bytes += this.of(Object.getOwnPropertyDescriptor(value, key)?.value, depth + 1);
    }
    return SLOT * keys.length + scaled(bytes, looked, keys.length);
  }
}

function scaled(bytes: number, looked: number, all: number): number {
  return looked === 0 ? 0 : Math.round((bytes * all) / looked);
}

const mapEntries = Map.prototype.entries as (this: Map<unknown, unknown>) => Iterable<[unknown, unknown]>;
const setEntries = Set.prototype.entries as (this: Set<unknown>) => Iterable<[unknown, unknown]>;

const getter = <T>(holder: object, name: string): ((of: object) => T) => {
  const get = Object.getOwnPropertyDescriptor(holder, name)?.get;
  return (of) => get?.call(of) as T;
};
const mapSize = getter<number>(Map.prototype, "size");
const setSize = getter<number>(Set.prototype, "size");
const typedArrayBytes = getter<number>(Object.getPrototypeOf(Uint8Array.prototype) as object, "byteLength");
const dataViewBytes = getter<number>(DataView.prototype, "byteLength");

function byteLengthOf(view: ArrayBufferView): number {
  return types.isTypedArray(view) ? typedArrayBytes(view) : dataViewBytes(view);
}
