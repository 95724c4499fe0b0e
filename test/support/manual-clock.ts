import type { Clock, Timer } from "../../src/process/clock.ts";

interface Pending {
  readonly callback: () => void;
  readonly due: number;
}

/** A clock whose time passes when a test says so. Turns of the event loop are real. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly pending = new Set<Pending>();

  now(): number {
    return this.time;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer: Pending = { callback, due: this.time + ms };
    this.pending.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.pending.delete(timer as Pending);
  }

  setImmediate(callback: () => void): void {
    setImmediate(callback);
  }

  /** How many timers wait for their time. */
  get waiting(): number {
    return [...this.pending].filter(({ due }) => due !== Infinity).length;
  }

  /** Lets `ms` milliseconds pass; timers that fall due fire in their order. */
  advance(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const [next] = [...this.pending].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.pending.delete(next);
      this.time = Math.max(this.time, next.due);
      next.callback();
    }
    this.time = until;
  }
}

/** Settles after so many turns of the event loop as let everything that is ready happen. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
