import type { Clock, Timer } from "../../process/clock.ts";
import { PendingTable, Stage } from "./handshake-limits.ts";
import type { Channel, Visitor } from "./transport.ts";

/** One accepted connection that has not proven itself. */
class Guest implements Visitor {
  readonly #guests: Guests;
  readonly evict: () => void;
  readonly deadline: Timer;

  constructor(guests: Guests, evict: () => void, deadline: Timer) {
    this.#guests = guests;
    this.evict = evict;
    this.deadline = deadline;
  }

  upgraded(channel: Channel): void {
    this.#guests.upgraded(this, channel);
  }

  closed(): void {
    this.#guests.gone(this);
  }
}

/**
 * The connections that are accepted and not proven: so many at most, and each for so long at most, counted from accept.
 * What they send in the meantime gives them no more time.
 */
export class Guests {
  readonly #clock: Clock;
  readonly #time: number;
  readonly #table: PendingTable<Guest>;
  readonly #ofChannel = new WeakMap<Channel, Guest>();

  /** @param time milliseconds from accept to proven */
  constructor(clock: Clock, time: number, limit?: number) {
    this.#clock = clock;
    this.#time = time;
    this.#table = new PendingTable<Guest>(limit);
  }

  get size(): number {
    return this.#table.size;
  }

  accepted(evict: () => void): Guest {
    const guest: Guest = new Guest(
      this,
      evict,
      // After a long computation here its proof may be waiting to be read.
      this.#clock.setTimeout(() => this.#clock.setImmediate(() => this.#late(guest)), this.#time),
    );
    const evicted = this.#table.add(guest);
    if (evicted !== undefined) this.#evict(evicted);
    return guest;
  }

  /** @internal */
  upgraded(guest: Guest, channel: Channel): void {
    this.#ofChannel.set(channel, guest);
    this.#table.advance(guest, Stage.upgraded);
  }

  /** For a channel whose transport did not announce it. */
  welcome(channel: Channel): void {
    if (!this.#ofChannel.has(channel))
      this.upgraded(
        this.accepted(() => channel.terminate()),
        channel,
      );
  }

  /** The handshake on the channel has come further. */
  advance(channel: Channel, stage: Stage): void {
    const guest = this.#ofChannel.get(channel);
    if (guest !== undefined) this.#table.advance(guest, stage);
  }

  /** The channel has proven itself, or is gone. */
  done(channel: Channel): void {
    const guest = this.#ofChannel.get(channel);
    if (guest !== undefined) this.gone(guest);
  }

  /** @internal */
  gone(guest: Guest): void {
    this.#table.remove(guest);
    this.#clock.clearTimeout(guest.deadline);
  }

  /** Cuts all of them. */
  clear(): void {
    for (const guest of [...this.#table]) this.#evict(guest);
  }

  #late(guest: Guest): void {
    if (this.#table.remove(guest)) guest.evict();
  }

  #evict(guest: Guest): void {
    this.gone(guest);
    guest.evict();
  }
}
