/** How many restarts a supervisor puts up with: more than `maxRestarts` within `maxSeconds` are too many. */
export class RestartIntensity {
  private readonly maxRestarts: number;
  private readonly period: number;
  /** When, oldest first, in milliseconds. */
  private times: number[] = [];

  constructor(maxRestarts: number, maxSeconds: number) {
    this.maxRestarts = maxRestarts;
    this.period = maxSeconds * 1000;
  }

  /** Counts a restart, `now` in milliseconds of a clock that never goes back. Whether it is still within the limit. */
  add(now: number): boolean {
    if (this.maxRestarts === Infinity) return true;
    this.times = this.times.filter((time) => now - time <= this.period);
    this.times.push(now);
    return this.times.length <= this.maxRestarts;
  }
}
