/** What the tests of links share: a clock of their own, proven peers without a network, and links over any transport. */
import type { Clock, Timer } from "../../src/process/clock.ts";
import { systemClock } from "../../src/process/clock.ts";
import type { Peer, Signal } from "../../src/process/signal.ts";
import type { TermContext } from "../../src/term/codec.ts";
import { pidOf, type Pid } from "../../src/term/pid.ts";
import { Cookie } from "../../src/node/cookie.ts";
import { AcceptHandshake, DialHandshake, type Proven } from "../../src/node/wire/handshake.ts";
import type { Channel, Transport } from "../../src/node/wire/transport.ts";
import { TickTime } from "../../src/node/wire/tick-time.ts";
import { WireLink, type WireLinkOptions } from "../../src/node/wire/wire-link.ts";

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only in {@link advance}. Immediates run in turns of the real event loop, so that awaits go on between. */
export class TestClock implements Clock {
  #now = 0;
  #timers: Due[] = [];
  #immediates: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer = { at: this.#now + ms, callback };
    if (ms !== Infinity) this.#timers.push(timer);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }

  setImmediate(callback: () => void): void {
    this.#immediates.push(callback);
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.length;
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await this.settle();
      const next = this.#timers.reduce<Due | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      );
      if (next === undefined || next.at > end) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
  }

  /** Runs everything that is due now. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      await new Promise((resolve) => setImmediate(resolve));
      const due = this.#immediates;
      this.#immediates = [];
      for (const callback of due) callback();
      quiet = due.length === 0 ? quiet + 1 : 0;
    }
  }
}

export const ALEX: Peer = { name: "alex@localhost", creation: 11, hidden: false };
export const KATE: Peer = { name: "kate@localhost", creation: 22, hidden: false };

export function alexPid(id: number): Pid {
  return pidOf(ALEX.name, id, 0, ALEX.creation);
}

export function katePid(id: number): Pid {
  return pidOf(KATE.name, id, 0, KATE.creation);
}

/** A signal from a process of alex's to one of kate's. */
export function toKate(message: unknown, from = 1): Signal {
  return { op: "send", from: alexPid(from), to: katePid(1), message };
}

export function contextOf(local: Peer, peer: Peer): TermContext {
  return {
    localNode: local.name,
    localCreation: local.creation,
    peerNode: peer.name,
    peerCreation: peer.creation,
    functions: {
      encode() {
        throw new Error("No functions here");
      },
      decode() {
        throw new Error("No functions here");
      },
    },
    modules: { nameOf: () => undefined, resolve: () => undefined },
  };
}

/** What a handshake between the two gives either. */
export async function provenPeers(): Promise<{ alex: Proven; kate: Proven }> {
  const keyFor = () => new Cookie("secret").key();
  const at = { address: "127.0.0.1", port: 1 };
  const dial = new DialHandshake({ self: ALEX, keyFor, wanted: KATE.name, dialled: at });
  const accept = new AcceptHandshake({ self: KATE, keyFor, local: [at], admit: () => "ok" });
  const challenge = await accept.step(dial.start().send[0]!);
  const last = await accept.step(dial.step(challenge.send[0]!).send[0]!);
  return { alex: last.done!, kate: dial.step(last.send[0]!).done! };
}

/** Both ends of a connection made over the transports. */
export async function channels(near: Transport, far: Transport, clock?: TestClock): Promise<[Channel, Channel]> {
  const { promise, resolve } = Promise.withResolvers<Channel>();
  const address = await far.listen(resolve);
  const dialled = near.dial(address, new AbortController().signal);
  await clock?.settle();
  await clock?.advance(0);
  return [await dialled, await promise];
}

/** What a link has told, with a way to wait for it. */
export class Heard {
  readonly signals: Signal[] = [];
  readonly reasons: string[] = [];
  drains = 0;
  readonly #waiting = new Set<() => void>();

  /** The messages of the sends among the signals. */
  get messages(): unknown[] {
    return this.signals.map((signal) => ("message" in signal ? signal.message : signal.op));
  }

  listen(link: WireLink): this {
    link.open({
      signal: (signal) => this.#tell(() => this.signals.push(signal)),
      down: (reason) => this.#tell(() => this.reasons.push(reason)),
      drained: () => this.#tell(() => this.drains++),
    });
    return this;
  }

  async until(condition: (heard: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #tell(note: () => void): void {
    note();
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** A link at each end of two channels: alex's and kate's. */
export async function links(
  [near, far]: readonly [Channel, Channel],
  options: Partial<Pick<WireLinkOptions, "clock" | "maxMessageBytes" | "limits">> & { netTicktime?: number } = {},
): Promise<{ alex: WireLink; kate: WireLink }> {
  const proven = await provenPeers();
  const { netTicktime, clock = systemClock } = options;
  const tickTime = (): TickTime => new TickTime(clock, netTicktime);
  const shared = { clock, maxMessageBytes: 128 * 1024 * 1024, ...options };
  return {
    alex: new WireLink({
      ...shared,
      channel: near,
      proven: proven.kate,
      context: contextOf(ALEX, KATE),
      tickTime: tickTime(),
    }),
    kate: new WireLink({
      ...shared,
      channel: far,
      proven: proven.alex,
      context: contextOf(KATE, ALEX),
      tickTime: tickTime(),
    }),
  };
}

/** Messages a channel gets, with a way to wait for them. */
export function collect(channel: Channel): {
  frames: Uint8Array[];
  closed: Promise<{ code: number; reason: string }>;
  count(n: number): Promise<void>;
} {
  const frames: Uint8Array[] = [];
  const waiting = new Set<() => void>();
  const { promise: closed, resolve } = Promise.withResolvers<{ code: number; reason: string }>();
  channel.onMessage = (frame) => {
    frames.push(frame);
    for (const wake of waiting) wake();
    waiting.clear();
  };
  channel.onClose = (code, reason) => resolve({ code, reason });
  return {
    frames,
    closed,
    async count(n) {
      while (frames.length < n) await new Promise<void>((wake) => waiting.add(wake));
    },
  };
}
