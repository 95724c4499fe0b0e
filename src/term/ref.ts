import { inspect } from "node:util";
import { printRef } from "./inspect-identifier.ts";
import { intern } from "./intern.ts";
import type { Key } from "./intern.ts";
import type { NodeName } from "./pid.ts";

/**
 * A reference: unique over nodes and their restarts. Node, creation and three to five unsigned 32-bit words, as
 * Erlang's. Two copies of one reference are the same object. An active one can be a destination (a process alias).
 */
export class Ref {
  readonly node: NodeName;
  readonly creation: number;
  /** Words 0 and 1, combined as `word1 * 2^32 + word0`: the counter of references made here, below 2^53. */
  readonly id: number;
  /** The words beyond the second, `undefined` for references made by moebi nodes (whose third word is 0). */
  readonly more: readonly number[] | undefined;
  /** What it is found by, once other nodes know it. */
  #page: object | undefined = undefined;

  /** Only for a node that allocates a fresh reference. Anything else goes through {@link refOf}. */
  constructor(node: NodeName, creation: number, id: number, more?: readonly number[]) {
    this.node = node;
    this.creation = creation;
    this.id = id;
    this.more = more;
  }

  /** Only for the table of those that other nodes know: as long as the reference is there, so is the page it is in. */
  static hold(ref: Ref, page: object): void {
    ref.#page = page;
  }

  /** `#Ref<0.0.0.400>`, as the node of the current process sees it. */
  toString(): string {
    return printRef(this, undefined);
  }

  /** As `console.log` prints it. */
  [inspect.custom](): string {
    return this.toString();
  }

  /** Enters the reference in the table of those that other nodes know, once. */
  static publish(ref: Ref): void {
    if (ref.#page === undefined) refs.put(ref.node, ref.creation, keyOf(ref.id, ref.more), ref);
  }

  /** The reference as words, least significant first. */
  get words(): readonly number[] {
    return [this.id >>> 0, Math.floor(this.id / 0x1_0000_0000), ...(this.more ?? [0])];
  }
}

/** Whether a value is a reference: what `makeRef()`, `Process.monitor()` and timers give. */
export function isRef(value: unknown): value is Ref {
  return value instanceof Ref;
}

/** The one reference with these parts. */
export function refOf(node: NodeName, creation: number, id: number, more?: readonly number[]): Ref {
  return refs.get(node, creation, keyOf(id, more), () => new Ref(node, creation, id, more));
}

/** Makes a reference that a node allocated findable by {@link refOf}; done when it first leaves its node. Cheap to repeat. */
export function publishRef(ref: Ref): void {
  Ref.publish(ref);
}

function keyOf(id: number, more: readonly number[] | undefined): Key {
  return more === undefined ? id : `${id}.${more.join(".")}`;
}

const refs = intern<Ref>(Ref.hold);
