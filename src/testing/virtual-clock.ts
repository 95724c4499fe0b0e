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
  /** Who lets time pass, the latest last. */
  private readonly turns: object[] = [];

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
  settle(): Promise<void> {
    return this.inTurn(() => this.quiet());
  }

  /** Lets `ms` milliseconds pass, and everything happen that falls into them. */
  advance(ms: number): Promise<void> {
    return this.inTurn(() => this.pass(ms));
  }

  /**
   * Lets time pass until `promise` is settled, and gives what it gives.
   * Rejects if nothing is left that could happen, or after `limit` milliseconds of this clock.
   */
  drive<T>(promise: Promise<T>, limit = 3_600_000): Promise<T> {
    let settled = false;
    const done = (): void => void (settled = true);
    promise.then(done, done);
    return this.inTurn(async (first) => {
      const until = this.time + limit;
      for (;;) {
        await this.quiet();
        if (settled) return promise;
        if (!first()) continue;
        const next = this.timers[0];
        if (next === undefined) throw new Error("Nothing is left that could happen, and this still waits");
        if (next.at > until) throw new Error(`This still waits after ${String(limit)} ms`);
        await this.pass(next.at - this.time);
      }
    });
  }

  /** Who lets time pass while another does, as what is driven may, goes first: the other waits until it is done. */
  private async inTurn<T>(run: (first: () => boolean) => Promise<T>): Promise<T> {
    const turn = {};
    this.turns.push(turn);
    try {
      return await run(() => this.turns.at(-1) === turn);
    } finally {
      this.turns.splice(this.turns.indexOf(turn), 1);
    }
  }

  private async quiet(): Promise<void> {
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

  private async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await this.quiet();
    for (let next = this.timers[0]; next !== undefined && next.at <= until; next = this.timers[0]) {
      this.timers.shift();
      this.time = Math.max(this.time, next.at);
      next.callback();
      await this.quiet();
    }
    this.time = Math.max(this.time, until);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.timers.length;
  }
}
