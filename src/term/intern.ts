import type { NodeName } from "./pid.ts";

/** A weak table of identifiers by node, creation and a key: what keeps `===` true for values that came over a wire. */
export interface Intern<T extends object> {
  /** The value under the key; made and entered if there is none. */
  get(node: NodeName, creation: number, key: Key, make: () => T): T;
  /** Enters a value made elsewhere, unless one is there. */
  put(node: NodeName, creation: number, key: Key, value: T): void;
  /** How many entries there are, dead ones that are not yet cleared included. */
  readonly size: number;
}

/** Equal identifiers have equal keys; a number where one is enough, as it is cheaper to look up. */
export type Key = string | number;

/**
 * So many neighbours share one weak reference. A node counts its identifiers up, so those that are in use at one time are
 * mostly neighbours; one that stays in use keeps the others of its page in memory.
 */
const PAGE = 16;

/** So many lives share one weak reference. */
const GROUP = 16;

/** Groups are found by a hash of node and creation with so many values. A power of two. */
const BUCKETS = 4096;

/** Lives that are at hand, by the last bits of their creations, which are random. A power of two. */
const RECENT = 8;

/** The identifiers whose keys are neighbours. They hold it as it holds them: it is there as long as one of them is. */
interface Page<T extends object> {
  readonly group: Group<T>;
  readonly values: (T | undefined)[];
}

/** One life of one node. */
interface Life<T extends object> {
  readonly node: NodeName;
  readonly creation: number;
  readonly hash: number;
  readonly group: Group<T>;
  /** Its place in the group. */
  readonly index: number;
}

/** Lives with the same hash, and the pages of all of them. These hold it; it holds them weakly. */
interface Group<T extends object> {
  readonly lives: Life<T>[];
  readonly pages: Map<Key, WeakRef<Page<T>>>;
  /** Clears pages away, for as long as the group is there itself. */
  readonly registry: FinalizationRegistry<Key>;
}

/**
 * Values hold their page, pages their group, and the table holds groups weakly. So a peer that names endless pids, of
 * endless nodes, costs nothing after a collection (a BEAM dies of its 1,048,577th atom), and little before: all but a weak
 * reference for many goes in the first collection. That matters because V8 lets a heap grow to four times what a collection
 * leaves, and then keeps the memory. Weak references are dear to make and to collect as well.
 *
 * @param hold lets a value hold its page, for as long as the value is there
 */
export function intern<T extends object>(hold: (value: T, page: object) => void): Intern<T> {
  const buckets = new Array<WeakRef<Group<T>>[] | undefined>(BUCKETS).fill(undefined);
  const recent = new Array<Life<T> | undefined>(RECENT).fill(undefined);

  const registry = new FinalizationRegistry<number>((bucket) => {
    const left = buckets[bucket]?.filter((group) => group.deref() !== undefined);
    buckets[bucket] = left?.length === 0 ? undefined : left;
  });
  const newGroup = (bucket: number): Group<T> => {
    const pages: Group<T>["pages"] = new Map();
    const group: Group<T> = {
      lives: [],
      pages,
      registry: new FinalizationRegistry((number) => {
        // A new page may stand under the number by now.
        if (pages.get(number)?.deref() === undefined) pages.delete(number);
      }),
    };
    (buckets[bucket] ??= []).push(new WeakRef(group));
    registry.register(group, bucket);
    return group;
  };
  const findLife = (node: NodeName, creation: number): Life<T> => {
    const hash = hashOf(node, creation);
    const bucket = hash & (BUCKETS - 1);
    let roomy: Group<T> | undefined;
    for (const reference of buckets[bucket] ?? []) {
      const group = reference.deref();
      if (group === undefined) continue;
      for (const life of group.lives)
        if (life.hash === hash && life.creation === creation && life.node === node) return life;
      if (group.lives.length < GROUP) roomy = group;
    }
    const group = roomy ?? newGroup(bucket);
    const life: Life<T> = { node, creation, hash, group, index: group.lives.length };
    group.lives.push(life);
    return life;
  };
  const lifeOf = (node: NodeName, creation: number): Life<T> => {
    const slot = creation & (RECENT - 1);
    const last = recent[slot];
    if (last !== undefined && last.creation === creation && last.node === node) return last;
    return (recent[slot] = findLife(node, creation));
  };
  const pageOf = ({ group, index }: Life<T>, key: Key): Page<T> => {
    // A text is a page of its own.
    const number = typeof key === "number" ? Math.floor(key / PAGE) * GROUP + index : `${index} ${key}`;
    let page = group.pages.get(number)?.deref();
    if (page === undefined) {
      page = { group, values: new Array<T | undefined>(typeof key === "number" ? PAGE : 1) };
      group.pages.set(number, new WeakRef(page));
      group.registry.register(page, number);
    }
    return page;
  };

  return {
    get(node, creation, key, make) {
      const page = pageOf(lifeOf(node, creation), key);
      const slot = slotOf(key);
      const found = page.values[slot];
      if (found !== undefined) return found;
      const value = make();
      page.values[slot] = value;
      hold(value, page);
      return value;
    },
    put(node, creation, key, value) {
      const page = pageOf(lifeOf(node, creation), key);
      const slot = slotOf(key);
      if (page.values[slot] !== undefined) return;
      page.values[slot] = value;
      hold(value, page);
    },
    get size() {
      let size = 0;
      for (const group of buckets.flatMap((bucket) => bucket ?? []))
        for (const page of group.deref()?.pages.values() ?? [undefined])
          size += page?.deref()?.values.filter((value) => value !== undefined).length ?? 1;
      return size;
    },
  };
}

function slotOf(key: Key): number {
  return typeof key === "number" ? key % PAGE : 0;
}

function hashOf(node: NodeName, creation: number): number {
  let hash = creation;
  for (let i = 0; i < node.length; i++) hash = (Math.imul(hash, 31) + node.charCodeAt(i)) | 0;
  return hash;
}
