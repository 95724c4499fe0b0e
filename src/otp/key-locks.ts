import { termKey } from "../term/term-key.ts";
import { DeadProcessError } from "../process/exit.ts";
import type { Process } from "../process/process.ts";

/** Locks by key, each held by one process at a time; who waits gets them in the order in which it came. */
export class KeyLocks {
  /** Who waits for each lock that is held. */
  private readonly queues = new Map<unknown, (() => void)[]>();

  /** Runs `body` while `process` holds the lock; it is free again when that ends, and when the process does. */
  async hold<T>(process: Process, key: unknown, body: () => T | Promise<T>): Promise<T> {
    const own = termKey(key);
    await this.take(process, own);
    if (!process.alive) {
      this.free(own);
      throw new DeadProcessError();
    }
    let held = true;
    const release = (): void => {
      if (held) this.free(own);
      held = false;
    };
    const { signal } = process;
    signal.addEventListener("abort", release);
    try {
      return await body();
    } finally {
      signal.removeEventListener("abort", release);
      release();
    }
  }

  private take(process: Process, key: unknown): Promise<void> | undefined {
    const queue = this.queues.get(key);
    if (queue === undefined) {
      this.queues.set(key, []);
      return undefined;
    }
    return process.wait<void>((resolve) => {
      queue.push(resolve);
      return () => void queue.splice(queue.indexOf(resolve), 1);
    });
  }

  private free(key: unknown): void {
    const next = this.queues.get(key)?.shift();
    if (next === undefined) this.queues.delete(key);
    else next();
  }
}
