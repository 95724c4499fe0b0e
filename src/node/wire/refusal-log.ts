import type { Clock } from "../../process/clock.ts";
import { forLog } from "../../term/escape.ts";

/**
 * Between two lines about one address: somebody who at least names a node, and anybody else. Milliseconds. It doubles while
 * refusals go on.
 */
const NAMED = 1_000;
const STRANGER = 10_000;
const LONGEST = 60_000;

/** Addresses remembered; an attacker may have many. */
const MOST = 1_000;

interface Entry {
  readonly until: number;
  readonly pause: number;
  unsaid: number;
}

/** Says whom this node has turned away and why, without letting strangers fill the log. */
export class RefusalLog {
  readonly #clock: Clock;
  readonly #write: (line: string) => void;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, write: (line: string) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** One refusal: the host it came from, without the port, the name it gave, and a sentence. */
  refused(host: string, name: string | undefined, reason: string): void {
    const key = `${name === undefined ? "?" : "@"}${host}`;
    const now = this.#clock.now();
    const before = this.#entries.get(key);
    if (before !== undefined && now < before.until) {
      before.unsaid++;
      return;
    }
    this.#entries.delete(key);
    const oldest = this.#entries.size >= MOST ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) this.#entries.delete(oldest);
    const goesOn = before !== undefined && now - before.until < before.pause;
    const least = name === undefined ? STRANGER : NAMED;
    const pause = goesOn ? Math.min(before.pause * 2, LONGEST) : least;
    this.#entries.set(key, { until: now + pause, pause, unsaid: 0 });
    const more =
      before === undefined || before.unsaid === 0 ? "" : ` (and ${before.unsaid} more from there since the last line)`;
    this.#write(
      forLog(`Refused a connection from ${name === undefined ? "" : `"${name}" at `}${host}: ${reason}`) + more,
    );
  }
}
