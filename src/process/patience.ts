import type { Clock, Timer } from "./clock.ts";

/** In how many parts a wait is divided: each is a turn in which what has arrived is read. */
const SLICES = 8;

/**
 * A time limit for an answer that counts only the time in which this program could hear it: one that was stopped, or was
 * starved of the processor, has not waited, and the answer may be there unread. So the time runs in slices, and however late
 * a slice ends, it counts as one.
 *
 * For limits on what others owe us. Not for what a stranger may hold: that is limited in true time.
 */
export class Patience implements Disposable {
  readonly #clock: Clock;
  readonly #slice: number;
  readonly #over: (() => void) | undefined;
  #slices = SLICES;
  #timer: Timer;

  /** `over` is called when `ms` milliseconds were waited; never if this is disposed of before. */
  constructor(clock: Clock, ms: number, over?: () => void) {
    this.#clock = clock;
    this.#slice = ms / SLICES;
    this.#over = over;
    this.#next();
  }

  /** The milliseconds left. */
  get left(): number {
    return this.#slices * this.#slice;
  }

  [Symbol.dispose](): void {
    this.#clock.clearTimeout(this.#timer);
    this.#slices = 0;
  }

  #next(): void {
    this.#timer = this.#clock.setTimeout(() => this.#clock.setImmediate(() => this.#end()), this.#slice);
  }

  #end(): void {
    if (this.#slices === 0) return;
    this.#slices -= 1;
    if (this.#slices > 0) this.#next();
    else this.#over?.();
  }
}
