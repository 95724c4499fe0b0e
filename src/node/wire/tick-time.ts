import type { Clock, Timer } from "../../process/clock.ts";
import type { TickTimeChange, TickTimeState } from "../carrier.ts";

/** Ticks that a net tick time has, and silent ones that make a peer dead. */
const TICKS = 4;

const DEFAULT_NET_TICKTIME = 60_000;

/**
 * The net tick time of a node, for all its links: how often they tick and how much silence they bear. While it changes,
 * a link ticks as often as the shorter time asks for and bears what the longer one does, so that no link is lost where
 * nodes are told one after another.
 */
export class TickTime {
  readonly #clock: Clock;
  /** Whoever ticks, to be told that the interval is another. */
  readonly #tickers = new Set<() => void>();
  #time: number;
  #next: number | undefined;
  #timer: Timer;

  /** @param netTicktime milliseconds */
  constructor(clock: Clock, netTicktime = DEFAULT_NET_TICKTIME) {
    this.#clock = clock;
    this.#time = netTicktime;
  }

  /** Milliseconds between two ticks. */
  get interval(): number {
    return Math.min(this.#time, this.#next ?? this.#time) / TICKS;
  }

  /** After how many silent ticks a peer is taken for gone. */
  get most(): number {
    return Math.ceil(Math.max(this.#time, this.#next ?? this.#time) / this.interval);
  }

  get state(): TickTimeState {
    return this.#next === undefined ? this.#time : ["ongoing_change_to", this.#next];
  }

  change(time: number, transition: number): TickTimeChange {
    if (this.#next !== undefined) return ["ongoing_change_to", this.#next];
    if (time === this.#time) return "unchanged";
    this.#next = time;
    this.#timer = this.#clock.setTimeout(() => {
      this.#time = time;
      this.#next = undefined;
      this.#tell();
    }, transition);
    this.#tell();
    return "change_initiated";
  }

  /** Calls back when the interval has changed. Gives a function that ends it. */
  subscribe(ticker: () => void): () => void {
    this.#tickers.add(ticker);
    return () => this.#tickers.delete(ticker);
  }

  /** Ends a change that goes on, as the node does. */
  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #tell(): void {
    for (const ticker of [...this.#tickers]) ticker();
  }
}
