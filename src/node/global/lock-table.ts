import { termKey } from "../../term/term-key.ts";
import type { Pid } from "../../term/pid.ts";

/** A resource, and who asks for it: whoever asks in the same name may share the lock. */
export type LockId = readonly [resource: unknown, requester: unknown];

interface Waiting {
  readonly id: LockId;
  readonly pid: Pid;
  readonly had: () => void;
}

interface Lock {
  readonly requester: unknown;
  /** Who took it, each once however often. */
  readonly pids: Set<Pid>;
  /** Who gets it next, the first first. */
  waiting: Waiting[];
}

/** The locks of one node: one requester a resource. */
export class LockTable {
  private readonly locks = new Map<unknown, Lock>();

  /** Whether `pid` has the lock now. */
  set([resource, requester]: LockId, pid: Pid): boolean {
    const key = termKey(resource);
    const lock = this.locks.get(key);
    if (lock === undefined) this.locks.set(key, { requester: termKey(requester), pids: new Set([pid]), waiting: [] });
    else if (lock.requester !== termKey(requester)) return false;
    else lock.pids.add(pid);
    return true;
  }

  /** Takes the lock as soon as it is free, after those who wait already, and says so: at once if it is free now. */
  await(id: LockId, pid: Pid, had: () => void): void {
    if (this.set(id, pid)) had();
    else this.locks.get(termKey(id[0]))?.waiting.push({ id, pid, had });
  }

  /** Who asked for a lock that is held, and who holds it. */
  holding(resource: unknown): { readonly requester: unknown; readonly pids: ReadonlySet<Pid> } | undefined {
    return this.locks.get(termKey(resource));
  }

  /** Gives up what `pid` holds of it; of another requester's lock, nothing. */
  delete([resource, requester]: LockId, pid: Pid): void {
    const key = termKey(resource);
    const lock = this.locks.get(key);
    if (lock === undefined || lock.requester !== termKey(requester)) return;
    lock.pids.delete(pid);
    if (lock.pids.size === 0) this.freed(key, lock);
  }

  /** A process has ended: it holds nothing any more, and waits for nothing. */
  drop(pid: Pid): void {
    for (const [key, lock] of this.locks) {
      lock.waiting = lock.waiting.filter((one) => one.pid !== pid);
      if (lock.pids.delete(pid) && lock.pids.size === 0) this.freed(key, lock);
    }
  }

  /** Whether a process holds any, or waits for one. */
  uses(pid: Pid): boolean {
    for (const { pids, waiting } of this.locks.values())
      if (pids.has(pid) || waiting.some((one) => one.pid === pid)) return true;
    return false;
  }

  private freed(key: unknown, { waiting }: Lock): void {
    this.locks.delete(key);
    const had = [];
    for (const one of waiting) {
      if (this.set(one.id, one.pid)) had.push(one);
      else this.locks.get(key)?.waiting.push(one);
    }
    for (const one of had) one.had();
  }
}
