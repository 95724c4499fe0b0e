/** The values of a session's inputs by number, as `v` knows them. */
export class Results {
  readonly #values = new Map<number, unknown>();
  readonly #limit: number;
  #count = 0;
  /** What was thrown last, `undefined` if nothing was. */
  error: unknown;

  /** Keeps the last `limit` values; numbers go on all the same. */
  constructor(limit = 100) {
    this.#limit = limit;
  }

  /** The number the next value gets. */
  get next(): number {
    return this.#count + 1;
  }

  /** Adds a value; returns its number. */
  push(value: unknown): number {
    this.#count += 1;
    this.#values.set(this.#count, value);
    this.#values.delete(this.#count - this.#limit);
    return this.#count;
  }

  /**
   * The value of input `n`; counted from the last with a negative number, the last one by default.
   *
   * @throws RangeError if there is no such value, or it is no longer kept
   */
  nth(n = -1): unknown {
    if (!Number.isInteger(n)) throw new RangeError('v takes the number of an input, or "error"');
    const number = n < 0 ? this.#count + 1 + n : n;
    if (!this.#values.has(number)) throw new RangeError(`v(${String(n)}) is out of bounds`);
    return this.#values.get(number);
  }

  /** Forgets everything; counting begins at 1 again. */
  clear(): void {
    this.#values.clear();
    this.#count = 0;
  }
}
