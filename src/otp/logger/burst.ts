import type { Clock, Timer } from "../../process/clock.ts";

/**
 * Lets so many entries through in a second and counts the others: whoever logs in a loop must not make the node work
 * for its log alone. When the second is over, `onDropped` is told of how many there were.
 */
export class Burst {
  private readonly clock: Clock;
  private readonly limit: () => number;
  private readonly onDropped: (count: number) => void;
  private seen = 0;
  private dropped = 0;
  private until = -Infinity;
  private timer: Timer;

  constructor(clock: Clock, limit: () => number, onDropped: (count: number) => void) {
    this.clock = clock;
    this.limit = limit;
    this.onDropped = onDropped;
  }

  /** Whether one more entry may pass. */
  pass(): boolean {
    const now = this.clock.now();
    if (now >= this.until) {
      this.seen = 0;
      this.until = now + WINDOW_MS;
    }
    if (++this.seen <= this.limit()) return true;
    // Told by a timer, since nobody may log again after the burst.
    if (this.dropped++ === 0) this.timer = this.clock.setTimeout(() => this.tell(), this.until - now);
    return false;
  }

  /** Tells of what was dropped so far, at once. */
  stop(): void {
    if (this.dropped === 0) return;
    this.clock.clearTimeout(this.timer);
    this.tell();
  }

  private tell(): void {
    const { dropped } = this;
    this.dropped = 0;
    this.onDropped(dropped);
  }
}

const WINDOW_MS = 1000;
