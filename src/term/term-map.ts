import { isPid } from "./pid.ts";
import { isRef } from "./ref.ts";
import { termKey } from "./term-key.ts";

/** One level of the arrays: by their first element, then by the second, and so on. The last level holds values. */
type Level<V> = Map<unknown, Level<V> | V>;

/**
 * A map whose keys are terms, the same if they are equal. Short arrays of what is no structure, as most keys are that are
 * no strings, are found by their elements, without a {@link termKey} being made of them.
 */
export class TermMap<V> {
  private readonly others = new Map<unknown, V>();
  /** By length, so that no key ends where another goes on. */
  private readonly arrays: (Level<V> | undefined)[] = [];

  get(key: unknown): V | undefined {
    if (!isFlat(key)) return this.others.get(termKey(key));
    let level = this.arrays[key.length] as Level<V> | V | undefined;
    for (let i = 0; i < key.length && level !== undefined; i++) level = (level as Level<V>).get(key[i]);
    return level as V | undefined;
  }

  set(key: unknown, value: V): void {
    if (!isFlat(key)) return void this.others.set(termKey(key), value);
    let level = (this.arrays[key.length] ??= new Map());
    const last = key.length - 1;
    for (let i = 0; i < last; i++) {
      let next = level.get(key[i]) as Level<V> | undefined;
      if (next === undefined) level.set(key[i], (next = new Map()));
      level = next;
    }
    level.set(key[last], value);
  }

  /** Whether it was there. */
  delete(key: unknown): boolean {
    if (!isFlat(key)) return this.others.delete(termKey(key));
    const level = this.arrays[key.length];
    return level !== undefined && deleteIn(level, key, 0);
  }

  *values(): Generator<V> {
    yield* this.others.values();
    for (const [length, level] of this.arrays.entries()) if (level !== undefined) yield* valuesIn(level, length);
  }
}

const LONGEST = 4;

function isFlat(key: unknown): key is readonly unknown[] {
  if (!Array.isArray(key) || key.length === 0 || key.length > LONGEST) return false;
  for (let i = 0; i < key.length; i++) {
    const element: unknown = key[i];
    if (typeof element === "string" || typeof element === "number") continue;
    if (typeof element === "symbol" || typeof element === "function") return false;
    if (typeof element === "object" && element !== null && !isPid(element) && !isRef(element)) return false;
  }
  return true;
}

function deleteIn<V>(level: Level<V>, key: readonly unknown[], depth: number): boolean {
  if (depth === key.length - 1) return level.delete(key[depth]);
  const next = level.get(key[depth]) as Level<V> | undefined;
  if (next === undefined || !deleteIn(next, key, depth + 1)) return false;
  if (next.size === 0) level.delete(key[depth]);
  return true;
}

function* valuesIn<V>(level: Level<V>, depth: number): Generator<V> {
  if (depth === 1) yield* level.values() as Iterable<V>;
  else for (const next of level.values()) yield* valuesIn(next as Level<V>, depth - 1);
}
