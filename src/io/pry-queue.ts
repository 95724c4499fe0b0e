import type { Pid } from "../term/pid.ts";

/** Who has the prompt to look into a process. */
export interface Holder {
  /** The process that is looked into. */
  readonly pried: Pid;
  /** Whoever evaluates what is typed, on the same node. */
  readonly session: Pid;
}

/**
 * Who looks into a process at one terminal: one at a time, the others wait. What is called from the prompt of the one
 * may ask for another in the same process, which comes on top.
 */
export class PryQueue {
  private readonly holders: Holder[] = [];
  private readonly waiting: (() => void)[] = [];
  /** Whether somebody is being asked whether they allow one. */
  private asking: Pid | undefined = undefined;

  /** The innermost. */
  get current(): Holder | undefined {
    return this.holders.at(-1);
  }

  /** Waits for one's turn, which then is to be followed by {@link enter} or {@link giveUp}. Rejects with `signal.reason` when that aborts. */
  async turn(pried: Pid, signal: AbortSignal): Promise<void> {
    while (this.asking !== undefined || (this.current !== undefined && this.current.pried !== pried))
      await this.changed(signal);
    this.asking = pried;
  }

  enter(holder: Holder): void {
    this.asking = undefined;
    this.holders.push(holder);
  }

  giveUp(): void {
    this.asking = undefined;
    this.wake();
  }

  leave(holder: Holder): void {
    this.holders.splice(this.holders.indexOf(holder), 1);
    this.wake();
  }

  /** Waits until nobody looks into a process. Rejects with `signal.reason` when that aborts. */
  async idle(signal: AbortSignal): Promise<void> {
    while (this.asking !== undefined || this.current !== undefined) await this.changed(signal);
  }

  private changed(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const aborted = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", aborted, { once: true });
    this.waiting.push(resolve);
    return promise.finally(() => signal.removeEventListener("abort", aborted));
  }

  private wake(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}
