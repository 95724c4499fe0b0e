import type { Clock, Timer } from "./clock.ts";
import { outside } from "./context.ts";

/** A time limit that is on. */
export interface Deadline {
  readonly due: number;
  /** Called when the time has passed. Must not throw: others may be due. */
  readonly over: () => void;
  readonly list: DeadlineList;
  before: Deadline | undefined;
  after: Deadline | undefined;
  on: boolean;
}

/**
 * Time limits of which nearly all are taken back, as those of calls are. Those of one length come due in the order in
 * which they were set, so that a list of them needs one timer of the clock, which stays while calls follow each other.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #lists = new Map<number, DeadlineList>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `over` after `ms` milliseconds, outside any process. `undefined`, and never, with `Infinity`. */
  set(ms: number, over: () => void): Deadline | undefined {
    if (ms === Infinity) return undefined;
    let list = this.#lists.get(ms);
    if (list === undefined) {
      const ended = (): void => void this.#lists.delete(ms);
      this.#lists.set(ms, (list = new DeadlineList(this.#clock, ms, ended)));
    }
    return list.add(over);
  }

  /** Takes a limit back. Nothing happens if it is over, or was never set. */
  clear(deadline: Deadline | undefined): void {
    if (deadline?.on === true) deadline.list.remove(deadline);
  }
}

/** The limits of one length, first due first. */
class DeadlineList {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #ended: () => void;
  #first: Deadline | undefined;
  #last: Deadline | undefined;
  #timer: Timer;
  #resting = false;

  constructor(clock: Clock, ms: number, ended: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#ended = ended;
  }

  add(over: () => void): Deadline {
    const before = this.#last;
    const due = this.#clock.now() + this.#ms;
    if (this.#timer === undefined) this.#arm(this.#ms);
    const deadline: Deadline = { due, over, list: this, before, after: undefined, on: true };
    if (before === undefined) this.#first = deadline;
    else before.after = deadline;
    return (this.#last = deadline);
  }

  remove(deadline: Deadline): void {
    const { before, after } = deadline;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    deadline.before = deadline.after = undefined;
    deadline.on = false;
    if (this.#first !== undefined || this.#resting) return;
    // Who has its answer mostly asks again at once; a timer for each would cost more than the rest of a call.
    this.#resting = true;
    this.#clock.setImmediate(this.#rest);
  }

  readonly #rest = (): void => {
    this.#resting = false;
    if (this.#first !== undefined) return;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#ended();
  };

  readonly #fire = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let first = this.#first; first !== undefined && first.due <= now; first = this.#first) {
      this.remove(first);
      first.over();
    }
    if (this.#first !== undefined && this.#timer === undefined) this.#arm(this.#first.due - now);
  };

  /** The timer is nobody's in particular, so it must not keep whoever happens to set it. */
  #arm(ms: number): void {
    outside(() => (this.#timer = this.#clock.setTimeout(this.#fire, ms)));
  }
}
