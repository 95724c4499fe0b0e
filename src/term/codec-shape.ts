/** Uses of a shape before a maker is worth compiling. */
const HOT = 16;

/** The keys of objects that look alike, and the quickest way to make such an object. */
export class Shape {
  readonly keys: readonly string[];
  /** None of the keys means anything on `Object.prototype`, so that assigning defines. */
  readonly #safe: boolean;
  #uses = 0;
  #make: (() => Record<string, unknown>) | undefined;

  constructor(keys: readonly string[]) {
    this.keys = keys;
    this.#safe = keys.every((key) => !(key in Object.prototype));
  }

  /**
   * An object to be filled by assigning to its keys in order. Keys that assignment would not define as own data are
   * there already.
   */
  make(): Record<string, unknown> {
    if (this.#make !== undefined) return this.#make();
    if (++this.#uses === HOT) this.#make = compile(this.keys);
    const made: Record<string, unknown> = {};
    if (!this.#safe) for (const key of this.keys) define(made, key, undefined);
    return made;
  }
}

/** An own field, whatever the prototype says about the key. */
export function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * An object literal makes objects of one hidden class at once, several times faster than key by key. Only for keys that
 * are plain words; where code may not be made from strings, `undefined`.
 */
function compile(keys: readonly string[]): (() => Record<string, unknown>) | undefined {
  if (!keys.every((key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== "__proto__")) return undefined;
  try {
    return new Function(`return { ${keys.map((key) => `"${key}": undefined`).join(", ")} }`) as () => Record<
      string,
      unknown
    >;
  } catch {
    return undefined;
  }
}

const known: (Shape | undefined)[] = new Array<Shape | undefined>(256).fill(undefined);

/** The shape with these keys, from a table of fixed size. `hash` is equal for equal keys. */
export function shapeOf(keys: readonly string[], hash: number): Shape {
  const slot = (hash ^ (hash >>> 8)) & 255;
  const found = known[slot];
  if (found !== undefined && sameKeys(found.keys, keys)) return found;
  return (known[slot] = new Shape(keys));
}

export function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  const length = a.length;
  if (length !== b.length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
