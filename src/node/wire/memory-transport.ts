import type { Clock, Timer } from "../../process/clock.ts";
import { MoebiError } from "../../term/error.ts";
import {
  BaseChannel,
  CLOSE_ABNORMAL,
  CLOSE_NORMAL,
  formatAddress,
  MAX_FRAME_BYTES,
  type Address,
  type Channel,
  type Transport,
} from "./transport.ts";

/** How long a closing end waits for the other, as a WebSocket does. */
const CLOSE_TIMEOUT = 1_000;

type Listener = (channel: Channel) => void;

interface Way {
  delay: number;
  jitter: number;
  /** Lost on the way: what is sent waits, as TCP sends it again, until the way is whole. */
  dropped: boolean;
  /** How much of what is sent is lost the first time, 0 up to 1. */
  loss: number;
}

/** What is lost is sent again after so long (ms), and after twice as long each time it is lost again, as TCP does. */
const RESEND_TIME = 200;
const LONGEST_RESEND_TIME = 120_000;

/**
 * A network inside one program: hosts that can be cut off, slowed down and stopped, for tests and simulations. All time
 * comes from the clock and all chance from the seed, so that with a virtual clock a run can be repeated exactly.
 *
 * A way that is cut behaves as TCP does over one: nothing is lost, everything waits, and nobody is told.
 */
export class MemoryNetwork {
  readonly clock: Clock;
  readonly #listeners = new Map<string, Listener>();
  readonly #ways = new Map<string, Way>();
  readonly #stalled = new Set<string>();
  readonly #pipes = new Set<Pipe>();
  /** Dials that wait for a way. */
  readonly #waiting = new Set<() => void>();
  #nextPort = 1;
  #random: number;

  constructor({ clock, seed = 1 }: { clock: Clock; seed?: number }) {
    this.clock = clock;
    this.#random = seed >>> 0;
  }

  /** What a node on that host dials and listens with. */
  transport(host: string): Transport {
    return new MemoryTransport(this, host);
  }

  /** Cuts both ways between two hosts: connections stay but carry nothing, dials wait. */
  cut(a: string, b: string): void {
    this.drop(a, b);
    this.drop(b, a);
  }

  /** Cuts one way. */
  drop(from: string, to: string): void {
    this.way(from, to).dropped = true;
  }

  /** Makes both ways whole; what waited arrives. */
  heal(a: string, b: string): void {
    this.way(a, b).dropped = this.way(b, a).dropped = false;
    this.#wake();
  }

  /** What is sent between the two, either way, takes `ms`, and up to `jitter` more. Order is kept. */
  delay(a: string, b: string, ms: number, jitter = 0): void {
    for (const way of [this.way(a, b), this.way(b, a)]) {
      way.delay = ms;
      way.jitter = jitter;
    }
  }

  /** Loses that share, 0 up to 1, of what is sent between the two, either way: it arrives late, and all behind it too. */
  lose(a: string, b: string, share: number): void {
    this.way(a, b).loss = this.way(b, a).loss = share;
  }

  /** A stopped peer: its connections stay open and it reads nothing. */
  stall(host: string): void {
    this.#stalled.add(host);
  }

  /** Undoes {@link stall}. */
  unstall(host: string): void {
    this.#stalled.delete(host);
    this.#wake();
  }

  /** Ends every connection between the two, as a reset does. */
  reset(a: string, b: string): void {
    for (const pipe of [...this.#pipes]) if (pipe.from === a && pipe.to === b) pipe.receiver.terminate();
  }

  /** The host is gone: what it held open is dead, and whoever is connected to it hears nothing of it. */
  crash(host: string): void {
    for (const address of [...this.#listeners.keys()]) {
      if (address.slice(0, address.lastIndexOf(":")) === host) this.#listeners.delete(address);
    }
    for (const pipe of [...this.#pipes]) if (pipe.from === host || pipe.to === host) pipe.stop();
  }

  /** @internal */
  listen(host: string, port: number, listener: Listener): Address {
    const address = { host, port: port === 0 ? this.#nextPort++ : port };
    const key = formatAddress(address);
    if (this.#listeners.has(key)) throw new MoebiError("listen_refused", `Can't listen on ${key}: it is in use`);
    this.#listeners.set(key, listener);
    return address;
  }

  /** @internal */
  unlisten(address: Address): void {
    this.#listeners.delete(formatAddress(address));
  }

  /** @internal */
  dial(from: string, address: Address, signal: AbortSignal): Promise<Channel> {
    const { promise, resolve, reject } = Promise.withResolvers<Channel>();
    const attempt = (): void => {
      if (signal.aborted || !this.open(from, address.host) || !this.open(address.host, from)) return;
      this.#waiting.delete(attempt);
      this.clock.setTimeout(() => arrive(), this.latency(from, address.host));
    };
    const arrive = (): void => {
      if (signal.aborted) return;
      const listener = this.#listeners.get(formatAddress(address));
      if (listener === undefined) {
        reject(new MoebiError("noconnection", `Nothing listens on ${formatAddress(address)}`));
        return;
      }
      const near = { host: from, port: this.#nextPort++ };
      const [dialler, acceptor] = this.#connect(near, address);
      listener(acceptor);
      this.clock.setTimeout(
        () => {
          if (signal.aborted) dialler.terminate();
          resolve(dialler);
        },
        this.latency(address.host, from),
      );
    };
    signal.addEventListener(
      "abort",
      () => {
        this.#waiting.delete(attempt);
        reject(signal.reason as Error);
      },
      { once: true },
    );
    if (signal.aborted) reject(signal.reason as Error);
    this.#waiting.add(attempt);
    attempt();
    return promise;
  }

  /** @internal */
  way(from: string, to: string): Way {
    const key = `${from} ${to}`;
    let way = this.#ways.get(key);
    if (way === undefined) this.#ways.set(key, (way = { delay: 0, jitter: 0, dropped: false, loss: 0 }));
    return way;
  }

  /** @internal Whether what `from` sends gets to `to` and is read there. */
  open(from: string, to: string): boolean {
    return !this.way(from, to).dropped && !this.#stalled.has(to);
  }

  /** @internal */
  latency(from: string, to: string): number {
    const { delay, jitter, loss } = this.way(from, to);
    let ms = jitter === 0 ? delay : delay + jitter * this.#chance();
    if (loss === 0) return ms;
    for (let wait = RESEND_TIME; wait <= LONGEST_RESEND_TIME && this.#chance() < loss; wait *= 2) ms += wait;
    return ms;
  }

  /** @internal */
  forget(pipe: Pipe): void {
    this.#pipes.delete(pipe);
  }

  #connect(near: Address, far: Address): [MemoryChannel, MemoryChannel] {
    const dialler = new MemoryChannel(this.clock, near, far);
    const acceptor = new MemoryChannel(this.clock, far, near);
    dialler.out = new Pipe(this, dialler, acceptor, near.host, far.host);
    acceptor.out = new Pipe(this, acceptor, dialler, far.host, near.host);
    this.#pipes.add(dialler.out).add(acceptor.out);
    return [dialler, acceptor];
  }

  #wake(): void {
    for (const pipe of this.#pipes) pipe.schedule();
    for (const attempt of [...this.#waiting]) attempt();
  }

  /** Mulberry32: small, and the same everywhere. */
  #chance(): number {
    this.#random = (this.#random + 0x6d2b79f5) >>> 0;
    let word = this.#random;
    word = Math.imul(word ^ (word >>> 15), word | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  }
}

class MemoryTransport implements Transport {
  readonly exposed = false;
  readonly #network: MemoryNetwork;
  readonly #host: string;
  #listening: Address | undefined;

  constructor(network: MemoryNetwork, host: string) {
    this.#network = network;
    this.#host = host;
  }

  dial(address: Address, signal: AbortSignal): Promise<Channel> {
    return this.#network.dial(this.#host, address, signal);
  }

  listen(onChannel: Listener): Promise<Address> {
    try {
      return Promise.resolve((this.#listening = this.#network.listen(this.#host, 0, onChannel)));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  close(): Promise<void> {
    if (this.#listening !== undefined) this.#network.unlisten(this.#listening);
    this.#listening = undefined;
    return Promise.resolve();
  }
}

type Item =
  | { readonly frame: Uint8Array; readonly due: number }
  | { readonly close: number; readonly reason: string; readonly due: number };

/** One direction of a connection: what has been sent and not yet been read. */
class Pipe {
  readonly from: string;
  readonly to: string;
  readonly receiver: MemoryChannel;
  bytes = 0;
  paused = false;
  readonly #network: MemoryNetwork;
  readonly #sender: MemoryChannel;
  #items: Item[] = [];
  #lastDue = 0;
  #scheduled = false;
  #stopped = false;
  /** Set once so much was queued that the sender is owed a call of `onDrain`. */
  #full = false;

  constructor(network: MemoryNetwork, sender: MemoryChannel, receiver: MemoryChannel, from: string, to: string) {
    this.#network = network;
    this.#sender = sender;
    this.receiver = receiver;
    this.from = from;
    this.to = to;
  }

  send(frame: Uint8Array): void {
    this.bytes += frame.length;
    if (this.bytes > MAX_FRAME_BYTES) this.#full = true;
    this.#push({ frame, due: this.#due() });
  }

  close(code: number, reason: string): void {
    this.#push({ close: code, reason, due: this.#due() });
  }

  /** A reset overtakes what was sent before it. */
  reset(): void {
    this.#items = [];
    this.bytes = 0;
    this.close(CLOSE_ABNORMAL, "");
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#network.forget(this);
  }

  schedule(): void {
    const first = this.#items[0];
    if (this.#scheduled || first === undefined || !this.#flowing()) return;
    this.#scheduled = true;
    const wait = first.due - this.#network.clock.now();
    if (wait > 0) this.#network.clock.setTimeout(() => this.#pump(), wait);
    else this.#network.clock.setImmediate(() => this.#pump());
  }

  #push(item: Item): void {
    this.#items.push(item);
    this.schedule();
  }

  #due(): number {
    this.#lastDue = Math.max(this.#lastDue, this.#network.clock.now() + this.#network.latency(this.from, this.to));
    return this.#lastDue;
  }

  /** A reset gets through to one that does not read. */
  #flowing(): boolean {
    if (this.#stopped) return false;
    const first = this.#items[0];
    if (this.paused && !(first !== undefined && "close" in first)) return false;
    return this.#network.open(this.from, this.to);
  }

  #pump(): void {
    this.#scheduled = false;
    const now = this.#network.clock.now();
    while (this.#flowing() && this.#items.length > 0 && this.#items[0]!.due <= now) {
      const item = this.#items.shift()!;
      if ("close" in item) {
        this.stop();
        this.receiver.closedByPeer(item.close, item.reason);
        this.#sender.closeArrived(item.close, item.reason);
        return;
      }
      this.bytes -= item.frame.length;
      this.receiver.arrived(item.frame);
    }
    if (this.bytes === 0 && this.#full) {
      this.#full = false;
      this.#sender.onDrain?.();
    }
    this.schedule();
  }
}

class MemoryChannel extends BaseChannel {
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly binding = new Uint8Array(0);
  readonly peerNames = undefined;
  /** What this end sends. Set as soon as the other end exists. */
  out!: Pipe;
  readonly #clock: Clock;
  #open = true;
  #closed = false;
  #closeTimer: Timer;

  constructor(clock: Clock, near: Address, far: Address) {
    super();
    this.#clock = clock;
    this.localAddress = formatAddress(near);
    this.remoteAddress = formatAddress(far);
  }

  get bufferedBytes(): number {
    return this.out.bytes;
  }

  get #in(): Pipe {
    return this.out.receiver.out;
  }

  send(frame: Uint8Array): void {
    // The sender writes to the memory again once it is out of here, the receiver may keep what it got.
    if (this.#open) this.out.send(Buffer.from(frame));
  }

  close(code = CLOSE_NORMAL, reason = ""): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.out.stopped) {
      // A host has crashed: no answer can come.
      this.closeArrived(CLOSE_ABNORMAL, "");
      return;
    }
    this.out.close(code, reason);
    // A program that was too busy to deliver does so first.
    const giveUp = (): void => this.#clock.setImmediate(() => this.#closed || this.terminate());
    this.#closeTimer = this.#clock.setTimeout(giveUp, CLOSE_TIMEOUT);
  }

  terminate(): void {
    this.#open = false;
    this.out.reset();
    this.#in.stop();
    this.closeArrived(CLOSE_ABNORMAL, "");
  }

  pause(): void {
    this.#in.paused = true;
  }

  resume(): void {
    this.#in.paused = false;
    this.#in.schedule();
  }

  arrived(frame: Uint8Array): void {
    if (this.#open) this.received(frame);
  }

  closedByPeer(code: number, reason: string): void {
    this.#open = false;
    this.out.stop();
    this.closeArrived(code, reason);
  }

  closeArrived(code: number, reason: string): void {
    this.#closed = true;
    this.#clock.clearTimeout(this.#closeTimer);
    this.ended(code, reason);
  }
}
