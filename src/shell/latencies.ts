/** How long calls took, in constant memory: counts by size, each some 0.5 % wide. */

/** Milliseconds. What is shorter counts as this, which is below what a clock tells. */
const LEAST = 1e-5;
const GROWTH = 1.005;
const BASE = Math.log(GROWTH);

export class Latencies {
  readonly #counts: number[] = [];
  #total = 0;
  #least = Infinity;
  #most = 0;

  add(ms: number): void {
    const index = Math.max(0, Math.floor(Math.log(ms / LEAST) / BASE));
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#total++;
    this.#least = Math.min(this.#least, ms);
    this.#most = Math.max(this.#most, ms);
  }

  get count(): number {
    return this.#total;
  }

  /** Exact; `undefined` if nothing was added. */
  get min(): number | undefined {
    return this.#total === 0 ? undefined : this.#least;
  }

  get max(): number | undefined {
    return this.#total === 0 ? undefined : this.#most;
  }

  /** The time that a share of the calls took no longer than, right to half a per cent; `undefined` if there are none. */
  quantile(share: number): number | undefined {
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    let found: number | undefined;
    // Most places are empty.
    this.#counts.some((count, index) => {
      seen += count;
      if (seen < rank) return false;
      found = LEAST * GROWTH ** (index + 0.5);
      return true;
    });
    return found === undefined ? undefined : Math.min(this.#most, Math.max(this.#least, found));
  }
}
