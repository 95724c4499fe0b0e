/** A timer that can be cancelled. Opaque: only the clock that made it understands it. */
export type Timer = unknown;

/** Where time comes from. Injected, so that a cluster can be simulated; monotonic, so that a wall clock set back hurts nobody. */
export interface Clock {
  /** Milliseconds since some fixed point. Never goes back. */
  now(): number;
  /** Calls back after `ms` milliseconds, never earlier, whatever the size of `ms`. `Infinity` never calls. */
  setTimeout(callback: () => void, ms: number): Timer;
  clearTimeout(timer: Timer): void;
  /** Calls back when the input and output that is ready has been handled: what gives the event loop its turn. */
  setImmediate(callback: () => void): void;
}

/** Beyond 2^31 - 1 ms Node's timers fire at once; longer ones are chained. */
const LONGEST = 2 ** 31 - 1;

class SystemTimer {
  handle: NodeJS.Timeout | undefined;

  constructor(callback: () => void, due: number) {
    this.arm(callback, due);
  }

  private arm(callback: () => void, due: number): void {
    const left = due - performance.now();
    this.handle =
      left > LONGEST
        ? setTimeout(() => this.arm(callback, due), LONGEST)
        : setTimeout(
            () => {
              // Node rounds to whole milliseconds and may fire a fraction early.
              if (performance.now() < due) this.arm(callback, due);
              else callback();
            },
            Math.max(0, Math.ceil(left)),
          );
  }
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => (ms === Infinity ? undefined : new SystemTimer(callback, performance.now() + ms)),
  clearTimeout: (timer) => {
    if (timer instanceof SystemTimer) clearTimeout(timer.handle);
  },
  setImmediate: (callback) => void setImmediate(callback),
};
