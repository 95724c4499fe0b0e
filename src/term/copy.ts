import { Atom } from "./atom.ts";
import { kindOf, ownsBuffer } from "./codec-kind.ts";
import { at, entryStep, Refusal, refusalError } from "./codec-refusal.ts";
import { define } from "./codec-shape.ts";
import { structOf } from "./codec-struct.ts";
import { DEFAULT_MAX_DEPTH, INLINE_DEPTH, STRUCT_DEPTH } from "./codec-tags.ts";
import { moduleNameOf } from "./module-name.ts";
import { Pid } from "./pid.ts";
import { Ref } from "./ref.ts";
import { fillError, hide, makeError, takeError } from "./remote-error.ts";
import { Tuple } from "./tuple.ts";

/**
 * What becomes of a message inside a node, so that sender and receiver share nothing that can change, as on two nodes.
 * Plain data and built-in collections are copied, cycles and shared references kept; atoms and tuples turn into strings
 * and arrays. Primitives, pids, references, functions, modules, what is deeply frozen, and what could not cross to
 * another node at all (a socket, a class instance) are returned as they are.
 *
 * Throws `too_large` for nesting beyond 10,000 levels and `not_sendable` for a getter that throws, with the path.
 */
export function copy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  const object: object = value;
  const proto: unknown = Object.getPrototypeOf(object);
  if (proto === Pid.prototype || proto === Ref.prototype) return value;
  if (proto === Array.prototype && Array.isArray(object)) {
    const flat = copyFlat(object as unknown[]);
    if (flat !== undefined) return flat as T;
  }
  return new Copier().root(object) as T;
}

/**
 * The copy of an array of primitives and identifiers, as most messages are, or of one with such an array among them, as
 * requests are; `undefined` if it is another.
 */
function copyFlat(value: unknown[], nested = true): unknown[] | undefined {
  const length = value.length;
  if (length > 64 || (value as { index?: unknown }).index !== undefined || Object.isFrozen(value)) return undefined;
  let inner = -1;
  for (let i = 0; i < length; i++) {
    const element = value[i];
    if (typeof element !== "object" || element === null) continue;
    const proto: unknown = Object.getPrototypeOf(element);
    if (proto === Pid.prototype || proto === Ref.prototype) continue;
    if (!nested || inner >= 0 || proto !== Array.prototype || !Array.isArray(element)) return undefined;
    inner = i;
  }
  if (inner < 0) return value.slice();
  const below = copyFlat(value[inner] as unknown[], false);
  if (below === undefined) return undefined;
  const made = value.slice();
  made[inner] = below;
  return made;
}

class Copier {
  /** The first objects, compared one by one; a map takes over when they are more than a few. */
  readonly #from: object[] = [];
  readonly #to: object[] = [];
  #map: Map<object, object> | undefined;
  readonly #later: { fill: (depth: number) => void; depth: number }[] = [];
  #base = 0;

  root(value: object): unknown {
    let label = "message";
    try {
      const made = this.object(value, 0);
      label = "message…";
      for (let i = 0; i < this.#later.length; i++) {
        const { fill, depth } = this.#later[i]!;
        this.#base = depth;
        fill(1);
      }
      return made;
    } catch (error) {
      throw refusalError(error, label);
    }
  }

  any(value: unknown, depth: number): unknown {
    return typeof value === "object" && value !== null ? this.object(value, depth) : value;
  }

  object(value: object, depth: number): unknown {
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto === Pid.prototype || proto === Ref.prototype) return value;
    if (proto === Atom.prototype) return (value as Atom).text;
    const known = this.#copyOf(value);
    if (known !== undefined) return known;
    if (moduleNameOf(value) !== undefined) return value;
    if ((proto === Array.prototype || proto === Tuple.prototype) && Array.isArray(value))
      return this.#array(value as unknown[], depth);
    if (proto === Object.prototype || proto === null)
      return this.#plain(value as Record<string, unknown>, proto, depth);
    return this.#other(value, depth);
  }

  #copyOf(value: object): object | undefined {
    if (this.#map !== undefined) return this.#map.get(value);
    const index = this.#from.indexOf(value);
    return index < 0 ? undefined : this.#to[index];
  }

  #add<T extends object>(value: object, made: T): T {
    if (this.#map !== undefined) this.#map.set(value, made);
    else if (this.#from.push(value) && this.#to.push(made) === 8)
      this.#map = new Map(this.#from.map((from, i) => [from, this.#to[i]!]));
    return made;
  }

  /** Fills a container now, or later if it is so deep that the stack might not hold. */
  #contents(depth: number, fill: (depth: number) => void): void {
    if (depth < INLINE_DEPTH && this.#base + depth < DEFAULT_MAX_DEPTH) return fill(depth + 1);
    if (this.#base + depth >= DEFAULT_MAX_DEPTH)
      throw new Refusal("too_large", `is nested more than ${DEFAULT_MAX_DEPTH} levels deep`);
    this.#later.push({ fill, depth: this.#base + depth });
  }

  #array(value: unknown[], depth: number): unknown[] {
    if (deeplyFrozen(value)) return value;
    const made = this.#add(value, new Array<unknown>(value.length));
    this.#contents(depth, (below) => {
      let i = 0;
      try {
        for (; i < made.length; i++) if (i in value) made[i] = this.any(value[i], below);
      } catch (error) {
        throw at(error, i);
      }
      if ((value as { index?: unknown }).index === undefined) return;
      this.#fields(
        value,
        made,
        Object.keys(value).filter((key) => !Object.hasOwn(made, key)),
        below,
      );
    });
    return made;
  }

  #plain(value: Record<string, unknown>, proto: unknown, depth: number): object {
    if (deeplyFrozen(value)) return value;
    const made = this.#add(value, (proto === null ? Object.create(null) : {}) as Record<string, unknown>);
    this.#contents(depth, (below) => this.#fields(value, made, Object.keys(value), below));
    return made;
  }

  #fields(value: object, made: object, keys: readonly string[], depth: number): void {
    let i = 0;
    try {
      for (; i < keys.length; i++) {
        const key = keys[i]!;
        const field = this.any((value as Record<string, unknown>)[key], depth);
        if (key in made) define(made, key, field);
        else (made as Record<string, unknown>)[key] = field;
      }
    } catch (error) {
      throw at(error, keys[i]!);
    }
  }

  #other(value: object, depth: number): unknown {
    switch (kindOf(value)) {
      case "array":
        return this.#array(value as unknown[], depth);
      case "object":
        return this.#plain(value as Record<string, unknown>, Object.prototype, depth);
      case "map":
        return this.#mapped(value as Map<unknown, unknown>, depth);
      case "set":
        return this.#set(value as Set<unknown>, depth);
      case "error":
        return this.#error(value as Error, depth);
      case "date":
        return this.#add(value, new Date((value as Date).getTime()));
      case "regexp":
        return this.#add(value, new RegExp((value as RegExp).source, (value as RegExp).flags));
      case "boxed":
        return this.#add(value, Object(value.valueOf()) as object);
      case "buffer":
        return this.#add(value, Buffer.from(value as Buffer));
      case "arraybuffer":
        return this.#add(value, (value as ArrayBuffer).slice(0));
      case "view":
        return this.#view(value as ArrayBufferView, depth);
      default:
        return this.#struct(value, depth);
    }
  }

  #mapped(value: Map<unknown, unknown>, depth: number): object {
    const made = this.#add(value, new Map());
    this.#contents(depth, (below) => {
      let key: unknown;
      try {
        for (const entry of value) {
          key = entry[0];
          made.set(this.any(key, below), this.any(entry[1], below));
        }
      } catch (error) {
        throw at(error, entryStep(key, made.size));
      }
    });
    return made;
  }

  #set(value: Set<unknown>, depth: number): object {
    const made = this.#add(value, new Set());
    this.#contents(depth, (below) => {
      try {
        for (const member of value) made.add(this.any(member, below));
      } catch (error) {
        throw at(error, { shown: `.values()[${made.size}]` });
      }
    });
    return made;
  }

  #error(value: Error, depth: number): object {
    const parts = takeError(value);
    const made = this.#add(value, makeError(parts.native)!);
    fillError(made, parts.name, parts.message, parts.stack);
    this.#contents(depth, (below) => {
      for (const [key, hidden] of parts.hidden) hide(made, key, this.any(hidden, below));
      this.#fields(value, made, parts.fields, below);
    });
    return made;
  }

  #view(value: ArrayBufferView, depth: number): object {
    const make = value.constructor as new (
      buffer: ArrayBufferLike,
      offset?: number,
      length?: number,
    ) => ArrayBufferView;
    const { buffer, byteOffset, byteLength } = value;
    if (!ownsBuffer(value)) return this.#add(value, new make(buffer.slice(byteOffset, byteOffset + byteLength)));
    const copied = this.any(buffer, depth) as ArrayBufferLike;
    return this.#add(
      value,
      new make(copied, byteOffset, value instanceof DataView ? byteLength : (value as Uint8Array).length),
    );
  }

  /** A struct of the library is made anew from copied fields; anything else is passed by reference. */
  #struct(value: object, depth: number): object {
    const struct = structOf(value);
    if (struct === undefined) return value;
    if (depth >= INLINE_DEPTH + STRUCT_DEPTH)
      throw new Refusal("too_large", "is nested too deeply in others of its kind");
    const fields = struct[1].take(value).map((field) => this.any(field, depth + 1));
    return this.#add(value, struct[1].make(fields));
  }
}

/** Found once to be frozen all through, which then holds for ever. */
const frozen = new WeakSet();

function deeplyFrozen(root: object): boolean {
  if (!Object.isFrozen(root) || isTuple(root)) return false;
  if (frozen.has(root)) return true;
  const seen = new Set<object>([root]);
  // A set is walked in order, what is added meanwhile included.
  for (const object of seen) {
    for (const key of Object.keys(object)) {
      const field = Object.getOwnPropertyDescriptor(object, key);
      if (field === undefined || !("value" in field)) return false;
      const value: unknown = field.value;
      if (
        typeof value !== "object" ||
        value === null ||
        frozen.has(value) ||
        value instanceof Pid ||
        value instanceof Ref
      )
        continue;
      const proto: unknown = Object.getPrototypeOf(value);
      if (!Object.isFrozen(value) || (proto !== Array.prototype && proto !== Object.prototype && proto !== null))
        return false;
      seen.add(value);
    }
  }
  for (const object of seen) frozen.add(object);
  return true;
}

function isTuple(value: object): boolean {
  return value instanceof Tuple;
}
