import type { NodeName } from "../../term/pid.ts";
import type { Ref } from "../../term/ref.ts";
import type { Process } from "../../process/process.ts";
import { takeLock } from "./lock.ts";
import type { LockId } from "./lock-table.ts";

/** The resource that whoever changes names takes. */
export const NAMES = "global";

/** What a registrar needs of its node. */
export interface RegistrarHost {
  /** This node and those it shares names with. */
  nodes(): NodeName[];
  /** Gives up a lock on a node, without waiting for it. */
  unlock(id: LockId, process: Process, node: NodeName): void;
  /** Starts the process that makes the changes. */
  start(body: (process: Process) => Promise<void>): void;
}

interface Change {
  /** The node of the process concerned, which may be none of those that share names. */
  readonly node: NodeName;
  readonly make: (process: Process) => Promise<unknown>;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Makes a node's changes to names, one after another, each while nobody else in the cluster can make any. What follows
 * closely upon another is made under the same lock, unless somebody waits for it: taking it and giving it up costs more
 * than a change.
 */
export class Registrar {
  private readonly host: RegistrarHost;
  private readonly changes: Change[] = [];
  private busy = false;
  /** Where the lock is held, or being taken. */
  private locked = new Set<NodeName>();
  /** In whose name it is. */
  private requester: Ref | undefined = undefined;
  private wanted = false;

  constructor(host: RegistrarHost) {
    this.host = host;
  }

  /** Queues a change; gives what it gives. It runs in a process of the registrar's, whatever becomes of who asked. */
  change<T>(node: NodeName, make: (process: Process) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.changes.push({ node, make, done: resolve as (value: unknown) => void, failed: reject });
    if (!this.busy) {
      this.busy = true;
      this.host.start((process) => this.work(process));
    }
    return promise;
  }

  /** A node is gone, and with it the lock there: should it come back, it has to be asked again. */
  lost(node: NodeName): void {
    this.locked.delete(node);
  }

  /** Somebody has asked for what this requester holds. */
  yield(requester: unknown): void {
    if (requester === this.requester) this.wanted = true;
  }

  private async work(process: Process): Promise<void> {
    while (this.changes[0] !== undefined) await this.run(process, this.changes[0]);
    this.busy = false;
  }

  private async run(process: Process, first: Change): Promise<void> {
    // Its own each time: one that was lost to a broken connection is not shared by the next.
    const requester = process.runtime.makeRef();
    const id = [NAMES, requester] as const;
    this.requester = requester;
    this.wanted = false;
    const nodes = [...new Set([...this.host.nodes(), first.node])];
    this.locked = new Set(nodes);
    await takeLock(process, id, nodes, Infinity);
    do {
      const [change] = this.changes;
      if (change === undefined || !this.covers(change)) break;
      this.changes.shift();
      await change.make(process).then(change.done, change.failed);
      // Who has just been answered may have more to ask.
      if (this.changes.length === 0) await turn(process);
    } while (!this.isWanted());
    // Also where it was lost: a question of before may have been answered after.
    for (const node of nodes) this.host.unlock(id, process, node);
  }

  private isWanted(): boolean {
    return this.wanted;
  }

  private covers({ node }: Change): boolean {
    return this.locked.has(node) && this.host.nodes().every((one) => this.locked.has(one));
  }
}

/** Lets the event loop have its turn. */
function turn(process: Process): Promise<void> {
  return process.wait<void>((resolve) => {
    process.runtime.clock.setImmediate(() => resolve());
    return undefined;
  });
}
