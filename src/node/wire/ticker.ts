import type { Clock, Timer } from "../../process/clock.ts";
import type { TickTime } from "./tick-time.ts";

export interface TickerEvents {
  /** Nothing was sent since the last tick: the peer should hear something. */
  tick(): void;
  /** The peer has been silent for the net tick time, give or take a quarter. */
  gone(): void;
}

/** The ticks of one connection. */
export class Ticker {
  /** Set by whoever sends and hears, which is the hot path. */
  sent = false;
  heard = false;
  readonly #time: TickTime;
  readonly #clock: Clock;
  readonly #events: TickerEvents;
  readonly #leave: () => void;
  #interval: number;
  #timer: Timer;
  /**
   * Silence is counted in ticks of this side, not read off the clock: a node that was itself busy for longer than the
   * tick time counts once, and then reads what its peers had sent all along.
   */
  #silent = 0;

  constructor(time: TickTime, clock: Clock, events: TickerEvents) {
    this.#time = time;
    this.#clock = clock;
    this.#events = events;
    this.#interval = time.interval;
    this.#leave = time.subscribe(() => this.#changed());
    this.#arm();
  }

  stop(): void {
    this.#leave();
    this.#clock.clearTimeout(this.#timer);
  }

  #arm(): void {
    this.#timer = this.#clock.setTimeout(() => this.#tick(), this.#interval);
  }

  #changed(): void {
    const silence = this.#silent * this.#interval;
    this.#interval = this.#time.interval;
    this.#silent = Math.floor(silence / this.#interval);
    this.#clock.clearTimeout(this.#timer);
    this.#arm();
  }

  #tick(): void {
    this.#silent = this.heard ? 0 : this.#silent + 1;
    this.heard = false;
    if (this.#silent >= this.#time.most) {
      this.#events.gone();
      return;
    }
    if (!this.sent) this.#events.tick();
    this.sent = false;
    this.#arm();
  }
}
