import type { Process } from "../../process/process.ts";
import { memoryOf } from "../../process/process-memory.ts";

/** How many values are looked at in what a process holds, for its place among a hundred thousand. */
const LOOKED_AT = 16;
/** In so many looks each process is estimated at least once, whatever it did. */
export const LOOKS = 10;
/** Of those that did something so many are estimated in a look; the others when it is their turn. */
const MOST_CHANGED = 20_000;

interface Estimate {
  delivered: number;
  waiting: number;
  bytes: number;
}

/**
 * About how much memory each process holds, for sorting. To estimate a hundred thousand takes a node a tenth of a second, and
 * most of them have done nothing since the look a second before.
 */
export class Estimates {
  private readonly known = new WeakMap<Process, Estimate>();
  private turn = 0;
  private left = MOST_CHANGED;

  /** A new look at all processes begins. */
  look(): void {
    this.turn = (this.turn + 1) % LOOKS;
    this.left = MOST_CHANGED;
  }

  /** Bytes. Of one that had no message since, as they were at a look before, of the last ten. */
  of(process: Process): number {
    const { delivered, mailbox, pid } = process;
    const estimate = this.known.get(process);
    if (estimate === undefined) {
      const bytes = memoryOf(process, LOOKED_AT);
      this.known.set(process, { delivered, waiting: mailbox.length, bytes });
      return bytes;
    }
    const changed = estimate.delivered !== delivered || estimate.waiting !== mailbox.length;
    if (pid.id % LOOKS !== this.turn && !(changed && this.left-- > 0)) return estimate.bytes;
    estimate.delivered = delivered;
    estimate.waiting = mailbox.length;
    return (estimate.bytes = memoryOf(process, LOOKED_AT));
  }
}
