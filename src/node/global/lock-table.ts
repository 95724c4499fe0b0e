import { termKey } from "../../term/term-key.ts";
import type { Pid } from "../../term/pid.ts";

/** A resource, and who asks for it: whoever asks in the same name may share the lock. */
export type LockId = readonly [resource: unknown, requester: unknown];

interface Lock {
  readonly requester: unknown;
  /** Who took it, each once however often. */
  readonly pids: Set<Pid>;
}

/** The locks of one node: one requester a resource. */
export class LockTable {
  private readonly locks = new Map<unknown, Lock>();

  /** Whether `pid` has the lock now. */
  set([resource, requester]: LockId, pid: Pid): boolean {
    const key = termKey(resource);
    const lock = this.locks.get(key);
    if (lock === undefined) this.locks.set(key, { requester: termKey(requester), pids: new Set([pid]) });
    else if (lock.requester !== termKey(requester)) return false;
    else lock.pids.add(pid);
    return true;
  }

  /** Gives up what `pid` holds of it; of another requester's lock, nothing. */
  delete([resource, requester]: LockId, pid: Pid): void {
    const key = termKey(resource);
    const lock = this.locks.get(key);
    if (lock === undefined || lock.requester !== termKey(requester)) return;
    lock.pids.delete(pid);
    if (lock.pids.size === 0) this.locks.delete(key);
  }

  /** A process has ended: it holds nothing any more. */
  drop(pid: Pid): void {
    for (const [key, { pids }] of this.locks) if (pids.delete(pid) && pids.size === 0) this.locks.delete(key);
  }

  /** Whether a process holds any. */
  uses(pid: Pid): boolean {
    return [...this.locks.values()].some(({ pids }) => pids.has(pid));
  }
}
