/** What entries are found by: a number, or something that has one. Those in use at one time mostly count up. */
export type HashKey = number | { readonly id: number };

interface Entry<K, V> {
  readonly key: K;
  value: V;
  /** Others of the same bucket. */
  chain: Entry<K, V> | undefined;
  before: Entry<K, V> | undefined;
  after: Entry<K, V> | undefined;
  live: boolean;
}

/** Buckets of the smallest table. Most processes have a monitor or two, if any. */
const SMALLEST = 2;

/** A table of no more buckets is not made smaller: what comes in bursts would be at it all the time. */
const KEPT = 256;

/**
 * A `Map` for entries that come and go all the time, in the order in which they were set.
 *
 * V8 builds a `Map` anew after about as many deletions as it has entries, in the old generation if it has been there
 * once; what it held until then outlives every collection of young objects. So each of a hundred thousand calls a second
 * would leave all that it has made behind. Here an entry is an object that lets go of the others when it is deleted.
 */
export class LinkedHashMap<K extends HashKey, V> {
  #buckets: (Entry<K, V> | undefined)[] = new Array<undefined>(SMALLEST).fill(undefined);
  #first: Entry<K, V> | undefined;
  #last: Entry<K, V> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    return this.#find(key)?.value;
  }

  has(key: K): boolean {
    return this.#find(key) !== undefined;
  }

  set(key: K, value: V): this {
    const found = this.#find(key);
    if (found !== undefined) {
      found.value = value;
      return this;
    }
    if (this.#size === this.#buckets.length) this.#resize(this.#size * 2);
    const before = this.#last;
    const bucket = bucketOf(key, this.#buckets.length);
    const entry = { key, value, chain: this.#buckets[bucket], before, after: undefined, live: true };
    this.#buckets[bucket] = entry;
    if (before === undefined) this.#first = entry;
    else before.after = entry;
    this.#last = entry;
    this.#size++;
    return this;
  }

  /** Whether there was one. */
  delete(key: K): boolean {
    const buckets = this.#buckets;
    const bucket = bucketOf(key, buckets.length);
    let previous: Entry<K, V> | undefined;
    let entry = buckets[bucket];
    while (entry !== undefined && entry.key !== key) {
      previous = entry;
      entry = entry.chain;
    }
    if (entry === undefined) return false;
    if (previous === undefined) buckets[bucket] = entry.chain;
    else previous.chain = entry.chain;
    const { before, after } = entry;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    // An old entry that is dead would keep younger ones.
    entry.chain = entry.before = entry.after = undefined;
    entry.live = false;
    this.#size--;
    if (buckets.length > KEPT && this.#size * 8 < buckets.length) this.#resize(buckets.length / 2);
    return true;
  }

  /** Visits the entries there are now; those deleted meanwhile are left out. */
  forEach(visit: (value: V, key: K) => void): void {
    const first = this.#first;
    if (first === undefined) return;
    // Most have one entry, and end with it: not worth a generator.
    if (first.after === undefined) visit(first.value, first.key);
    else for (const [key, value] of this) visit(value, key);
  }

  /** The entries there are now; those deleted meanwhile are left out. */
  *[Symbol.iterator](): Generator<[K, V], void, undefined> {
    const all: Entry<K, V>[] = [];
    for (let entry = this.#first; entry !== undefined; entry = entry.after) all.push(entry);
    for (const entry of all) if (entry.live) yield [entry.key, entry.value];
  }

  *keys(): Generator<K, void, undefined> {
    for (const [key] of this) yield key;
  }

  *values(): Generator<V, void, undefined> {
    for (const [, value] of this) yield value;
  }

  #find(key: K): Entry<K, V> | undefined {
    let entry = this.#buckets[bucketOf(key, this.#buckets.length)];
    while (entry !== undefined && entry.key !== key) entry = entry.chain;
    return entry;
  }

  #resize(length: number): void {
    const buckets = (this.#buckets = new Array<Entry<K, V> | undefined>(length).fill(undefined));
    for (let entry = this.#first; entry !== undefined; entry = entry.after) {
      const bucket = bucketOf(entry.key, length);
      entry.chain = buckets[bucket];
      buckets[bucket] = entry;
    }
  }
}

/** `length` is a power of two. */
function bucketOf(key: HashKey, length: number): number {
  return (typeof key === "number" ? key : key.id) & (length - 1);
}
