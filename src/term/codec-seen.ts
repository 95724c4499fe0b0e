/** Objects that are compared one by one before a map is worth making. */
const FEW = 8;

/** The objects of one message, numbered as they are met. Costs next to nothing for a handful. */
export class Seen {
  readonly #few: (object | undefined)[] = new Array<object | undefined>(FEW).fill(undefined);
  #many: Map<object, number> | undefined;
  #count = 0;

  /** The number of the object, -1 if it was not met. */
  numberOf(value: object): number {
    if (this.#many !== undefined) return this.#many.get(value) ?? -1;
    for (let i = 0; i < this.#count; i++) if (this.#few[i] === value) return i;
    return -1;
  }

  /** Gives the object the next number. */
  add(value: object): void {
    const index = this.#count++;
    if (index < FEW) {
      this.#few[index] = value;
      return;
    }
    if (this.#many === undefined) {
      this.#many = new Map();
      for (let i = 0; i < FEW; i++) this.#many.set(this.#few[i]!, i);
    }
    this.#many.set(value, index);
  }

  /** Forgets all, so that no message is kept alive by it. */
  clear(): void {
    const count = Math.min(this.#count, FEW);
    for (let i = 0; i < count; i++) this.#few[i] = undefined;
    this.#count = 0;
    this.#many = undefined;
  }
}
