import type { Clock } from "../process/clock.ts";

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** Turns of the event loop in which nothing happens before a cluster counts as quiet. */
const QUIET_TURNS = 3;

/**
 * Time that passes only when told: hours of a cluster in milliseconds, the same each time. Timers fire in the order of
 * their times, those of one time in the order they were set.
 */
export class VirtualClock implements Clock {
  private time = 0;
  private timers: Due[] = [];
  private immediates: (() => void)[] = [];

  now(): number {
    return this.time;
  }

  setTimeout(callback: () => void, ms: number): Due | undefined {
    if (ms === Infinity) return undefined;
    const timer = { at: this.time + Math.max(0, ms), callback };
    let index = this.timers.length;
    while (index > 0 && (this.timers[index - 1] as Due).at > timer.at) index--;
    this.timers.splice(index, 0, timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    const index = this.timers.indexOf(timer as Due);
    if (index >= 0) this.timers.splice(index, 1);
  }

  setImmediate(callback: () => void): void {
    this.immediates.push(callback);
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const immediates = this.immediates;
      this.immediates = [];
      for (const immediate of immediates) {
        immediate();
        quiet = -1;
      }
    }
  }

  /** Lets `ms` milliseconds pass, and everything happen that falls into them. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await this.settle();
    for (let next = this.timers[0]; next !== undefined && next.at <= until; next = this.timers[0]) {
      this.timers.shift();
      this.time = Math.max(this.time, next.at);
      next.callback();
      await this.settle();
    }
    this.time = until;
  }

  /**
   * Lets time pass until `promise` is settled, and gives what it gives.
   * Rejects if nothing is left that could happen, or after `limit` milliseconds of this clock.
   */
  async drive<T>(promise: Promise<T>, limit = 3_600_000): Promise<T> {
    let settled = false;
    const done = (): void => void (settled = true);
    promise.then(done, done);
    const until = this.time + limit;
    for (;;) {
      await this.settle();
      if (settled) return promise;
      const next = this.timers[0];
      if (next === undefined) throw new Error("Nothing is left that could happen, and this still waits");
      if (next.at > until) throw new Error(`This still waits after ${String(limit)} ms`);
      await this.advance(next.at - this.time);
    }
  }

  /** How many timers are set. */
  get pending(): number {
    return this.timers.length;
  }
}
