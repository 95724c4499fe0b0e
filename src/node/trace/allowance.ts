/**
 * How many events are shown: `rate` a second, and as many as are shown in two seconds at once if there were none for a while.
 * What is beyond that is counted, which costs a busy process next to nothing.
 */
export class Allowance {
  private readonly rate: number;
  private readonly now: () => number;
  private left: number;
  private at: number;
  private missed = 0;

  /** @param now milliseconds on a clock that goes forward only */
  constructor(rate: number, now: () => number) {
    this.rate = rate;
    this.now = now;
    this.left = 2 * rate;
    this.at = now();
  }

  /** Whether one more may be shown; if not, it is counted. */
  take(): boolean {
    if (this.left < 1) {
      const now = this.now();
      this.left = Math.min(2 * this.rate, this.left + ((now - this.at) * this.rate) / 1000);
      this.at = now;
      if (this.left < 1) {
        this.missed++;
        return false;
      }
    }
    this.left--;
    return true;
  }

  /** Counts one that is left out for another reason. */
  miss(): void {
    this.missed++;
  }

  /** How many were left out since it was last asked. */
  takeMissed(): number {
    const { missed } = this;
    this.missed = 0;
    return missed;
  }

  get hasMissed(): boolean {
    return this.missed > 0;
  }
}
