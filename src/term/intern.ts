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

/** The identifiers whose keys are neighbours. They hold it as it holds them: it is there as long as one of them is. */
interface Page<T extends object> {
  readonly values: (T | undefined)[];
}

/** The identifiers of one life of one node. */
interface Life<T extends object> {
  readonly node: NodeName;
  readonly creation: number;
  readonly pages: Map<Key, WeakRef<Page<T>>>;
}

/**
 * Its pages are weak, so that a peer that names endless pids costs nothing after a collection (a BEAM dies of its
 * 1,048,577th atom). Weak references are dear to make and to collect, hence one for many.
 *
 * @param hold lets a value hold its page, for as long as the value is there
 */
export function intern<T extends object>(hold: (value: T, page: object) => void): Intern<T> {
  const lives = new Map<NodeName, Map<number, Life<T>>>();
  // Identifiers come in runs of one node.
  let last: Life<T> | undefined;

  const lifeOf = (node: NodeName, creation: number): Life<T> => {
    if (last !== undefined && last.creation === creation && last.node === node) return last;
    let ofNode = lives.get(node);
    if (ofNode === undefined) lives.set(node, (ofNode = new Map()));
    let life = ofNode.get(creation);
    if (life === undefined) ofNode.set(creation, (life = { node, creation, pages: new Map() }));
    return (last = life);
  };
  const drop = (life: Life<T>): void => {
    if (last === life) last = undefined;
    const ofNode = lives.get(life.node);
    if (ofNode?.delete(life.creation) === true && ofNode.size === 0) lives.delete(life.node);
  };
  const registry = new FinalizationRegistry<{ life: Life<T>; key: Key }>(({ life, key }) => {
    // A new page may stand under the key by now.
    if (life.pages.get(key)?.deref() !== undefined) return;
    if (life.pages.delete(key) && life.pages.size === 0) drop(life);
  });
  const pageOf = (life: Life<T>, key: Key): Page<T> => {
    // A text is a page of its own.
    const number = typeof key === "number" ? Math.floor(key / PAGE) : key;
    let page = life.pages.get(number)?.deref();
    if (page === undefined) {
      page = { values: [] };
      life.pages.set(number, new WeakRef(page));
      registry.register(page, { life, key: number });
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
      for (const ofNode of lives.values())
        for (const { pages } of ofNode.values())
          for (const page of pages.values())
            size += page.deref()?.values.filter((value) => value !== undefined).length ?? 1;
      return size;
    },
  };
}

function slotOf(key: Key): number {
  return typeof key === "number" ? key % PAGE : 0;
}
