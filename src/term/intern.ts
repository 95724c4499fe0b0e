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

/** The identifiers of one life of one node. */
interface Life<T extends object> {
  readonly node: NodeName;
  readonly creation: number;
  readonly entries: Map<Key, WeakRef<T>>;
}

/**
 * The entries are weak, so that a peer that names endless pids costs nothing after a collection (a BEAM dies of its
 * 1,048,577th atom).
 */
export function intern<T extends object>(): Intern<T> {
  const lives = new Map<NodeName, Map<number, Life<T>>>();
  // Identifiers come in runs of one node.
  let last: Life<T> | undefined;

  const lifeOf = (node: NodeName, creation: number): Life<T> | undefined => {
    if (last !== undefined && last.creation === creation && last.node === node) return last;
    const found = lives.get(node)?.get(creation);
    if (found !== undefined) last = found;
    return found;
  };
  const makeLife = (node: NodeName, creation: number): Life<T> => {
    const life: Life<T> = { node, creation, entries: new Map() };
    const others = lives.get(node);
    if (others === undefined) lives.set(node, new Map([[creation, life]]));
    else others.set(creation, life);
    return (last = life);
  };
  const drop = (life: Life<T>): void => {
    if (last === life) last = undefined;
    const ofNode = lives.get(life.node);
    if (ofNode?.delete(life.creation) === true && ofNode.size === 0) lives.delete(life.node);
  };
  const registry = new FinalizationRegistry<{ life: Life<T>; key: Key }>(({ life, key }) => {
    // A new value may stand under the key by now.
    if (life.entries.get(key)?.deref() !== undefined) return;
    if (life.entries.delete(key) && life.entries.size === 0) drop(life);
  });
  const enter = (life: Life<T>, key: Key, value: T): void => {
    life.entries.set(key, new WeakRef(value));
    registry.register(value, { life, key });
  };

  return {
    get(node, creation, key, make) {
      const life = lifeOf(node, creation) ?? makeLife(node, creation);
      const found = life.entries.get(key)?.deref();
      if (found !== undefined) return found;
      const value = make();
      enter(life, key, value);
      return value;
    },
    put(node, creation, key, value) {
      const life = lifeOf(node, creation) ?? makeLife(node, creation);
      if (life.entries.get(key)?.deref() === undefined) enter(life, key, value);
    },
    get size() {
      let size = 0;
      for (const ofNode of lives.values()) for (const life of ofNode.values()) size += life.entries.size;
      return size;
    },
  };
}
