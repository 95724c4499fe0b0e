import type { Clock, Timer } from "../../process/clock.ts";
import type { Peer, Signal } from "../../process/signal.ts";
import type { TermContext } from "../../term/codec.ts";
import { hasCode } from "../../term/error.ts";
import { forLog } from "../../term/escape.ts";
import { badFrame } from "../../term/reader.ts";
import type { DownReason, Link, LinkEvents } from "../carrier.ts";
import { Frame } from "./frame.ts";
import { isProven, type Proven } from "./handshake.ts";
import { Packer } from "./packer.ts";
import { orderKey, SignalCodec } from "./signal-codec.ts";
import { SignalReader } from "./signal-reader.ts";
import type { TickTime } from "./tick-time.ts";
import { Ticker } from "./ticker.ts";
import { roomBeside } from "../room-beside.ts";
import { CLOSE_BAD_FRAME, CLOSE_NORMAL, HEADROOM, MAX_FRAME_BYTES, type Channel } from "./transport.ts";

export interface WireLinkOptions {
  readonly channel: Channel;
  /** Only a finished handshake makes one. */
  readonly proven: Proven;
  /** How values are written for this peer. */
  readonly context: TermContext;
  readonly clock: Clock;
  /** How often it ticks, and after how much silence the peer is taken for dead. */
  readonly tickTime: TickTime;
  readonly maxMessageBytes: number;
  readonly limits?: Partial<QueueLimits> | undefined;
  /** Called when the link is over, before whoever opened it hears of it. */
  readonly onDown?: ((link: WireLink) => void) | undefined;
}

/** Bounds of the output queue, in bytes. */
export interface QueueLimits {
  /** Above it {@link WireLink.send} says `busy`. */
  readonly soft: number;
  /** A link that has more than this queued, or {@link roomBeside} a large signal, and is given yet another is closed. */
  readonly hard: number;
}

const DEFAULT_LIMITS: QueueLimits = { soft: 1024 * 1024, hard: 64 * 1024 * 1024 };

/**
 * So much is given to the channel at a time; the rest waits here, where a small signal can still be put between the
 * fragments of a large one.
 */
const WINDOW = 256 * 1024;

/** A closing link gives up what is queued once nothing of it was written for so long (ms), or after so many times that. */
const FLUSH_TIME = 1_000;
const FLUSHES = 5;

/** After so many signals, or so many milliseconds, other links and processes get their turn. */
const TURN_SIGNALS = 10_000;
const TURN_TIME = 10;
/** The clock is asked once in so many signals. */
const CLOCK_EVERY = 64;

const TICK = Uint8Array.of(Frame.TICK);
const PING = Uint8Array.of(Frame.PING);
const PONG = Uint8Array.of(Frame.PONG);

/** The events of a link whose end has been told, or that nobody has opened. */
const NOBODY: LinkEvents = { signal() {}, down() {}, drained() {} };

/**
 * A link over a channel: signals packed into frames, ticks, and an output queue that is bounded.
 *
 * What one turn of the event loop sends leaves together, in `setImmediate`: the poll phase, where messages come in and
 * are answered, runs right into it, so that a lone answer waits for nothing, and a burst of many senders shares a frame.
 */
export class WireLink implements Link {
  readonly peer: Peer;
  readonly stats = { bytesIn: 0, bytesOut: 0, signalsIn: 0, signalsOut: 0 };

  readonly #channel: Channel;
  readonly #codec: SignalCodec;
  readonly #clock: Clock;
  readonly #limits: QueueLimits;
  readonly #onDown: ((link: WireLink) => void) | undefined;
  #events: LinkEvents = NOBODY;
  #opened = false;
  /** `up`; `ending`: nothing is sent any more, what came is still delivered; `down`: the end has been told. */
  #state: "up" | "ending" | "down" = "up";
  #reason: DownReason = "connection_closed";

  readonly #packer = new Packer();
  #flushScheduled = false;
  /** Something was sent. */
  #greeted = false;
  /** The channel has its fill; `onDrain` will come. */
  #blocked = false;
  #busy = false;
  /** Called once all that was queued is with the channel: the link is closing. */
  #emptied: (() => void) | undefined;

  readonly #incoming: SignalReader;
  /** Nothing is delivered until the next turn. */
  #held = false;
  /** A `spawnReply` was delivered, and who waited for it has not gone on yet. */
  #replied = false;
  #turnSignals = 0;
  #turnStart = 0;

  readonly #ticker: Ticker;
  #closeTimer: Timer;
  readonly #probes = new Set<(alive: boolean) => void>();

  constructor({ channel, proven, context, clock, tickTime, maxMessageBytes, limits, onDown }: WireLinkOptions) {
    if (!isProven(proven)) throw new TypeError("A link needs a proven peer");
    this.peer = proven.peer;
    this.#channel = channel;
    this.#codec = new SignalCodec(context);
    this.#clock = clock;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#onDown = onDown;
    this.#incoming = new SignalReader(this.#codec, maxMessageBytes);
    this.#ticker = new Ticker(tickTime, clock, {
      tick: () => this.#tick(),
      gone: () => this.#leave("net_tick_timeout", CLOSE_NORMAL, "", true),
    });
    channel.onMessage = (frame) => this.#received(frame);
    channel.onDrain = () => this.#drained();
    channel.onClose = () => this.#end("connection_closed");
  }

  open(events: LinkEvents): void {
    if (this.#opened) return;
    this.#opened = true;
    this.#events = events;
    // Not at once: whoever opens a link has seldom finished setting itself up.
    this.#clock.setImmediate(() => this.#deliver());
  }

  send(signal: Signal): "ok" | "busy" {
    if (this.#state !== "up") return "ok";
    const packer = this.#packer;
    const { hard } = this.#limits;
    // Asked for the largest only then: a signal may be larger than the limit, and is no reason to refuse what comes after it.
    if (packer.queuedBytes > hard && packer.queuedBytes > roomBeside(packer.largestBytes, hard)) {
      this.#tooFarBehind();
      return "busy";
    }
    const writer = packer.begin();
    try {
      this.#codec.encode(signal, writer);
    } catch (error) {
      packer.undo();
      throw error;
    }
    packer.commit(orderKey(signal));
    this.stats.signalsOut++;
    const queued = packer.queuedBytes;
    if (!this.#flushScheduled) {
      this.#flushScheduled = true;
      this.#clock.setImmediate(() => this.#flush());
    }
    if (queued < MAX_FRAME_BYTES) return "ok";
    if (!this.#blocked) this.#pump(true);
    if (this.queuedBytes <= this.#limits.soft) return "ok";
    this.#busy = true;
    return "busy";
  }

  close(reason: DownReason): void {
    if (this.#state !== "up") return;
    this.#leave(reason, CLOSE_NORMAL, "");
  }

  get queuedBytes(): number {
    return this.#packer.queuedBytes + this.#channel.bufferedBytes;
  }

  /** Whether the peer shows a sign of life within `ms`. */
  probe(ms: number): Promise<boolean> {
    if (this.#state !== "up") return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = this.#clock.setTimeout(() => settle(false), ms);
    const settle = (alive: boolean): void => {
      this.#clock.clearTimeout(timer);
      this.#probes.delete(settle);
      resolve(alive);
    };
    this.#probes.add(settle);
    this.#channel.send(PING);
    return promise;
  }

  // Out

  #flush(): void {
    this.#flushScheduled = false;
    if (!this.#blocked) this.#pump(false);
    // A node tells a new peer of all the others, which is often the most that it ever sends at once.
    if (!this.#greeted) this.#packer.rest();
    this.#greeted = true;
  }

  /** Gives the channel what it has room for. */
  #pump(fullOnly: boolean): void {
    const channel = this.#channel;
    for (;;) {
      if (channel.bufferedBytes >= WINDOW) {
        this.#blocked = true;
        return;
      }
      const frame = this.#packer.next(fullOnly);
      if (frame === undefined) break;
      this.stats.bytesOut += frame.length;
      this.#ticker.sent = true;
      channel.send(frame, HEADROOM);
    }
    if (channel.bufferedBytes === 0) this.#packer.written();
    this.#lessQueued();
  }

  #drained(): void {
    this.#blocked = false;
    if (this.#channel.bufferedBytes === 0) this.#packer.written();
    this.#pump(false);
  }

  #lessQueued(): void {
    const emptied = this.#emptied;
    if (emptied !== undefined && this.#packer.queuedBytes === 0) {
      this.#emptied = undefined;
      emptied();
    }
    if (!this.#busy || this.#state !== "up" || this.queuedBytes > this.#limits.soft) return;
    this.#busy = false;
    this.#events.drained();
  }

  // In

  #received(frame: Uint8Array): void {
    this.#ticker.heard = true;
    this.stats.bytesIn += frame.length;
    if (this.#probes.size > 0) for (const settle of [...this.#probes]) settle(true);
    if (this.#state === "down") return;
    const kind = frame[0];
    if (kind === Frame.SIGNALS || kind === Frame.FRAGMENT) {
      this.#incoming.add(frame);
      if (!this.#held) this.#deliver();
    } else if (frame.length !== 1 || kind === undefined || kind > Frame.PONG) {
      this.#badFrame(badFrame("A frame of an unknown kind"));
    } else if (kind === Frame.PING) {
      this.#channel.send(PONG);
    }
  }

  /** Delivers what has come, as far as this turn allows; then, if the link is ending, its end. */
  #deliver(): void {
    if (this.#held || !this.#opened) return;
    const incoming = this.#incoming;
    while (this.#state !== "down") {
      let signal: Signal;
      try {
        if (!incoming.ready()) {
          if (this.#state === "ending") this.#down();
          return;
        }
        // Whoever awaited the spawn goes on in a microtask, and must have done so, have linked itself or begun to
        // receive, before anything comes that the child did. So what follows the reply waits until it has.
        if (this.#replied && !incoming.nextIsSpawnReply()) return;
        signal = incoming.next();
      } catch (error) {
        this.#badFrame(error);
        return;
      }
      this.stats.signalsIn++;
      if (signal.op === "spawnReply") this.#replyDelivered();
      this.#events.signal(signal);
      if (++this.#turnSignals % CLOCK_EVERY === 0 && this.#turnIsOver()) {
        this.#yield();
        return;
      }
    }
  }

  #replyDelivered(): void {
    if (this.#replied) return;
    this.#replied = true;
    // A tick that was asked for in a microtask comes when no microtask is left: soon enough for many spawns at once,
    // each of which would otherwise take a turn of the event loop.
    queueMicrotask(() => process.nextTick(() => this.#replyTaken()));
  }

  #replyTaken(): void {
    this.#replied = false;
    this.#deliver();
  }

  /** Whether this link has had its share of this turn of the event loop. */
  #turnIsOver(): boolean {
    if (this.#turnSignals === CLOCK_EVERY) {
      this.#turnStart = this.#clock.now();
      this.#clock.setImmediate(() => (this.#turnSignals = 0));
      return false;
    }
    return this.#turnSignals >= TURN_SIGNALS || this.#clock.now() - this.#turnStart >= TURN_TIME;
  }

  #yield(): void {
    this.#held = true;
    this.#channel.pause();
    this.#clock.setImmediate(() => {
      this.#channel.resume();
      this.#release();
    });
  }

  #release(): void {
    this.#held = false;
    this.#deliver();
  }

  #tick(): void {
    if (this.#channel.bufferedBytes === 0) this.#channel.send(TICK);
    this.#packer.rest();
  }

  // The end

  #tooFarBehind(): void {
    const reason = `too far behind: ${this.queuedBytes} bytes are queued`;
    this.#stop();
    this.#state = "ending";
    this.#reason = reason;
    this.#channel.terminate();
    this.#packer.abandon();
    this.#incoming.clear();
    // The caller is in the middle of sending; it is told once it has finished.
    this.#clock.setImmediate(() => this.#down());
  }

  #badFrame(error: unknown): void {
    // Anything else than a refusal of bytes is a fault of ours, and closes the link as well: it must not end the node.
    const what = error instanceof Error ? error.message : String(error);
    const reason = forLog(`bad_frame: ${hasCode(error, "bad_frame") ? what : `it does not decode (${what})`}`);
    this.#leave(reason, CLOSE_BAD_FRAME, "bad_frame");
  }

  /** This side ends the link: what is queued is still written, nothing more is delivered. */
  #leave(reason: DownReason, code: number, text: string, deaf = false): void {
    this.#stop();
    this.#state = "ending";
    this.#reason = reason;
    this.#incoming.clear();
    const channel = this.#channel;
    const finish = (): void => {
      this.#clock.clearTimeout(this.#closeTimer);
      channel.close(code, text);
    };
    if (deaf) channel.terminate();
    else if (!this.#blocked && this.#packer.queuedBytes === 0) finish();
    else {
      this.#emptied = finish;
      this.#flushWithin(FLUSHES, this.queuedBytes);
      if (!this.#blocked) this.#pump(false);
    }
    this.#down();
  }

  /** Gives up once nothing was written for a while, or it takes too long altogether. */
  #flushWithin(rounds: number, queued: number): void {
    const due = (): void => {
      const left = this.queuedBytes;
      if (rounds === 1 || left >= queued) this.#channel.terminate();
      else this.#flushWithin(rounds - 1, left);
    };
    // A node that was itself too busy to write may do so first.
    this.#closeTimer = this.#clock.setTimeout(
      () =>
        this.#clock.setImmediate(() => {
          if (this.#emptied !== undefined) due();
        }),
      FLUSH_TIME,
    );
  }

  /** The channel is gone: what came before is delivered, then the end. */
  #end(reason: DownReason): void {
    this.#clock.clearTimeout(this.#closeTimer);
    this.#emptied = undefined;
    if (this.#state !== "up") return;
    this.#stop();
    this.#state = "ending";
    this.#reason = reason;
    this.#deliver();
  }

  #stop(): void {
    this.#ticker.stop();
    for (const settle of [...this.#probes]) settle(false);
    this.#onDown?.(this);
  }

  #down(): void {
    if (this.#state === "down") return;
    this.#state = this.#opened ? "down" : "ending";
    if (!this.#opened) return;
    const events = this.#events;
    this.#events = NOBODY;
    events.down(this.#reason);
  }
}
