/** Shared by every empty mailbox, so that an idle process holds no array of its own. Never pushed to. */
const EMPTY: unknown[] = [];

/** Messages in the order they came. Taking from the front is constant time; from the middle it costs what it skips. */
export class Mailbox {
  private items = EMPTY;
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  /** The message that came last; `undefined` if there is none. */
  get newest(): unknown {
    return this.items.at(-1);
  }

  push(message: unknown): void {
    if (this.items === EMPTY) this.items = [];
    this.items.push(message);
  }

  /** The oldest message. Only if {@link length} is not 0. */
  shift(): unknown {
    const message = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head === this.items.length) {
      this.items = EMPTY;
      this.head = 0;
    } else if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return message;
  }

  /** Takes out the oldest message that `match` accepts; the others keep their order. */
  take(match: (message: unknown) => boolean): { readonly message: unknown } | undefined {
    for (let i = this.head; i < this.items.length; i++) {
      const message = this.items[i];
      if (!match(message)) continue;
      if (i === this.head) this.shift();
      else this.items.splice(i, 1);
      return { message };
    }
    return undefined;
  }

  /** Takes out every message that `match` accepts. */
  drop(match: (message: unknown) => boolean): void {
    if (this.length === 0) return;
    this.items = this.items.slice(this.head).filter((message) => !match(message));
    this.head = 0;
  }

  /** Up to so many messages, spread over all of them, oldest first. */
  sample(most: number): unknown[] {
    const { length } = this;
    const count = Math.min(most, length);
    return Array.from({ length: count }, (_, n) => this.items[this.head + Math.floor((n * length) / count)]);
  }

  /** A snapshot, oldest first. */
  toArray(): unknown[] {
    return this.items.slice(this.head);
  }

  clear(): void {
    this.items = EMPTY;
    this.head = 0;
  }
}
