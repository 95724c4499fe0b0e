import { pidOf, type NodeName, type Pid } from "./pid.ts";

/** Places at first, and at most. Powers of two. */
const FEWEST = 4;
const MOST = 256;

/**
 * The pids of one node that were named last, at hand by the last bits of their numbers, with serial 0. It begins small and
 * grows as it is used: a node may have a thousand quiet peers, and keeps several of these for each.
 */
export class RecentPids {
  readonly #node: NodeName;
  readonly #creation: number;
  #pids: (Pid | undefined)[] = [];

  constructor(node: NodeName, creation: number) {
    this.#node = node;
    this.#creation = creation;
  }

  /** The pid with that number, 0 up to 2^32 - 1. */
  of(id: number): Pid {
    const found = this.#pids[id & (this.#pids.length - 1)];
    return found !== undefined && found.id === id ? found : this.#remember(id, found);
  }

  #remember(id: number, before: Pid | undefined): Pid {
    if (this.#pids.length === 0) this.#resize(FEWEST);
    else if (before !== undefined && this.#pids.length < MOST) this.#resize(this.#pids.length * 2);
    return (this.#pids[id & (this.#pids.length - 1)] = pidOf(this.#node, id, 0, this.#creation));
  }

  #resize(size: number): void {
    const pids = new Array<Pid | undefined>(size).fill(undefined);
    for (const pid of this.#pids) if (pid !== undefined) pids[pid.id & (size - 1)] = pid;
    this.#pids = pids;
  }
}
