import { inspect } from "node:util";
import { printPid } from "./inspect-identifier.ts";
import { intern } from "./intern.ts";
import type { Key } from "./intern.ts";

/** A node's name, `alex@localhost`. */
export type NodeName = `${string}@${string}`;

/** The name of a node that was started without one. */
export const NONODE: NodeName = "nonode@nohost";

/**
 * A process identifier: exactly node, id, serial and creation, as Erlang's, so that another carrier can write it down.
 *
 * Made by a node's process table, or by {@link pidOf} from parts that came over a wire. Two pids of one process are
 * the same object, so `===` and `Map` keys work. Immutable.
 */
export class Pid {
  readonly node: NodeName;
  readonly id: number;
  readonly serial: number;
  readonly creation: number;
  /** What it is found by, once other nodes know it. */
  #page: object | undefined = undefined;

  /** Only for a process table that allocates a fresh id. Anything else goes through {@link pidOf}. */
  constructor(node: NodeName, id: number, serial: number, creation: number) {
    this.node = node;
    this.id = id;
    this.serial = serial;
    this.creation = creation;
  }

  /** Only for the table of those that other nodes know: as long as the pid is there, so is the page it is in. */
  static hold(pid: Pid, page: object): void {
    pid.#page = page;
  }

  /** `#PID<0.73.0>`, as the node of the current process sees it. */
  toString(): string {
    return printPid(this, undefined);
  }

  /** As `console.log` prints it. */
  [inspect.custom](): string {
    return this.toString();
  }

  /** Enters the pid in the table of those that other nodes know, once. */
  static publish(pid: Pid): void {
    if (pid.#page === undefined) pids.put(pid.node, pid.creation, keyOf(pid.id, pid.serial), pid);
  }
}

/** Recognises a pid without `instanceof`'s dependence on one copy of this module. */
export function isPid(value: unknown): value is Pid {
  return value instanceof Pid;
}

/** The one pid with these parts. All three numbers are unsigned 32-bit integers. */
export function pidOf(node: NodeName, id: number, serial: number, creation: number): Pid {
  return pids.get(node, creation, keyOf(id, serial), () => new Pid(node, id, serial, creation));
}

/** Makes a pid that a process table allocated findable by {@link pidOf}; done when it first leaves its node. Cheap to repeat. */
export function publishPid(pid: Pid): void {
  Pid.publish(pid);
}

function keyOf(id: number, serial: number): Key {
  return serial === 0 ? id : `${id}.${serial}`;
}

const pids = intern<Pid>(Pid.hold);
