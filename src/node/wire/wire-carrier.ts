import { systemClock, type Clock } from "../../process/clock.ts";
import type { Peer, Signal } from "../../process/signal.ts";
import type { FunctionCodec, ModuleCodec, TermContext } from "../../term/codec.ts";
import { DEFAULT_MAX_BYTES } from "../../term/codec-tags.ts";
import { hasCode, MoebiError } from "../../term/error.ts";
import type { NodeName } from "../../term/pid.ts";
import { Writer } from "../../term/writer.ts";
import type { Carrier, Link, TickTimeChange, TickTimeState, Waiting } from "../carrier.ts";
import type { CookieJar } from "../cookie.ts";
import { Dial, dialFailure } from "./dial.ts";
import { Guests } from "./guests.ts";
import type { Endpoint } from "./handshake-address.ts";
import { Stage } from "./handshake-limits.ts";
import { LONGEST_MESSAGE } from "./handshake-message.ts";
import {
  AcceptHandshake,
  settleSimultaneous,
  type Admission,
  type Proven,
  type Refusal,
  type Step,
} from "./handshake.ts";
import { RefusalLog } from "./refusal-log.ts";
import type { Resolver } from "./resolver.ts";
import { SignalCodec } from "./signal-codec.ts";
import { CLOSE_NORMAL, CLOSE_TOO_BIG, parseAddress, type Channel, type Transport } from "./transport.ts";
import { TickTime } from "./tick-time.ts";
import { WaitingSignals } from "./waiting-signals.ts";
import { WireLink, type QueueLimits } from "./wire-link.ts";

export interface WireCarrierOptions {
  readonly transport: Transport;
  readonly resolver: Resolver;
  readonly name: NodeName;
  readonly creation: number;
  readonly hidden?: boolean | undefined;
  readonly cookies: CookieJar;
  readonly functions: FunctionCodec;
  readonly modules: ModuleCodec;
  readonly clock?: Clock | undefined;
  /** Warnings: whom this node turned away, and why. Lines are escaped. */
  readonly log?: ((line: string) => void) | undefined;
  /** How long a dial, and an incoming handshake, may take. Milliseconds. */
  readonly netSetuptime?: number | undefined;
  /** Silence after which a peer is taken for gone, give or take a quarter. Milliseconds, 60,000 by default. */
  readonly netTicktime?: number | undefined;
  readonly maxMessageBytes?: number | undefined;
  /** What this node is reached as from behind a forwarder. Believed inside TLS only. */
  readonly advertised?: readonly Endpoint[] | undefined;
  /** Lets the node listen beyond loopback with a short cookie. */
  readonly insecure?: boolean | undefined;
  /** Which proven nodes may connect; all by default. */
  readonly allow?: ((node: NodeName) => boolean) | undefined;
  readonly limits?: Partial<QueueLimits> | undefined;
  readonly mostPending?: number | undefined;
}

/** How long a connected peer may take to show that it is alive when another claims its name. The newcomer is in within 2 s. */
const PROBE_TIME = 1_900;

/** Beyond loopback a shorter cookie is guessed. */
const SHORTEST_COOKIE = 16;

/** Nodes over a transport of frames: dials and accepts, runs the handshakes, and makes links of the proven ones. */
export class WireCarrier implements Carrier {
  onLink: (link: Link) => void = () => {};

  readonly #options: WireCarrierOptions;
  readonly #clock: Clock;
  readonly #self: Peer;
  readonly #setupTime: number;
  readonly #tickTime: TickTime;
  readonly #guests: Guests;
  readonly #log: RefusalLog;
  readonly #links = new Map<NodeName, WireLink>();
  readonly #dials = new Map<NodeName, Dial>();
  /** Names that have been admitted and are about to be linked. */
  readonly #reserved = new Set<NodeName>();
  readonly #writer = new Writer();
  #stopped = false;

  constructor(options: WireCarrierOptions) {
    const { name, creation, hidden = false, clock = systemClock, netSetuptime = 7_000, log } = options;
    this.#options = options;
    this.#clock = clock;
    this.#self = { name, creation, hidden };
    this.#setupTime = netSetuptime;
    this.#tickTime = new TickTime(clock, options.netTicktime);
    this.#guests = new Guests(clock, netSetuptime, options.mostPending);
    this.#log = new RefusalLog(clock, (line) => log?.(line));
  }

  connect(node: NodeName, signal: AbortSignal): Promise<Link> {
    const running = this.#dials.get(node);
    if (running !== undefined) return running.done;
    const { transport, resolver, cookies } = this.#options;
    const dial = new Dial({
      node,
      transport,
      resolver,
      self: this.#self,
      keyFor: (peer) => cookies.for(peer).key(),
      clock: this.#clock,
      setupTime: this.#setupTime,
      link: (channel, proven) => this.#link(channel, proven),
      linked: () => this.#links.get(node),
    });
    this.#dials.set(node, dial);
    const stop = (): void => dial.fail(dialFailure("noconnection", "The dial was given up"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    const over = (): void => {
      signal.removeEventListener("abort", stop);
      if (this.#dials.get(node) === dial) this.#dials.delete(node);
    };
    dial.done.then(over, (error: unknown) => {
      over();
      const { cause, message } = error as Error;
      if (hasCode(cause, "tls_mismatch")) this.#options.log?.(message);
    });
    return dial.done;
  }

  waitingFor(node: NodeName): Waiting {
    const { name, creation } = this.#self;
    const out = new SignalCodec(this.#context({ name: node, creation: 0 }));
    // Read with the same eyes: as if the other end were here.
    const there = { ...this.#context({ name, creation }), localNode: node, localCreation: 0 };
    const encode = (signal: Signal): Uint8Array => {
      // A getter of a value that is being written may send in turn.
      const writer = this.#writer.locked ? new Writer() : this.#writer;
      writer.reset();
      out.encode(signal, writer);
      return writer.view();
    };
    return new WaitingSignals(encode, new SignalCodec(there));
  }

  async listen(): Promise<void> {
    const { transport, resolver, name, cookies, insecure = false } = this.#options;
    if (transport.exposed && !insecure && cookies.default.length < SHORTEST_COOKIE) {
      throw new MoebiError(
        "listen_refused",
        `Listening beyond this machine needs a cookie of ${SHORTEST_COOKIE} characters: set a longer one, or --insecure`,
      );
    }
    const address = await transport.listen((channel) => this.#accepted(channel), {
      accepted: (evict) => this.#guests.accepted(evict),
      refused: (reason, host) => this.#log.refused(host, undefined, reason),
    });
    try {
      await resolver.register(name, address);
    } catch (error) {
      await transport.close();
      throw error;
    }
  }

  get tickTime(): TickTimeState {
    return this.#tickTime.state;
  }

  changeTickTime(time: number, transition: number): TickTimeChange {
    return this.#tickTime.change(time, transition);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#tickTime.stop();
    for (const dial of [...this.#dials.values()]) dial.fail(dialFailure("noconnection", "The node is stopping"));
    this.#guests.clear();
    await Promise.all([this.#options.transport.close(), this.#options.resolver.close()]);
  }

  // Incoming

  #accepted(channel: Channel): void {
    if (this.#stopped) {
      channel.terminate();
      return;
    }
    this.#guests.welcome(channel);
    const { cookies, advertised = [] } = this.#options;
    const near = parseAddress(channel.localAddress);
    let reserved: NodeName | undefined;
    const handshake = new AcceptHandshake({
      self: this.#self,
      keyFor: (node) => cookies.for(node).key(),
      binding: channel.binding,
      local: [{ address: near.host, port: near.port }, ...(channel.binding.length > 0 ? advertised : [])],
      admit: async (peer) => {
        this.#guests.advance(channel, Stage.proven);
        const admission = await this.#admit(peer, channel);
        if (admission === "ok") reserved = peer.name;
        return admission;
      },
      busy: () => this.#stopped,
    });
    const far = parseAddress(channel.remoteAddress).host;
    // What a proven peer is not told, whoever reads the log has to know.
    const reasonOf = ({ code, name, reason }: Refusal): string =>
      code === "not_allowed" && name !== undefined && !isCertified(channel, name)
        ? `Its certificate does not name it: give it one with email:${name} among its alternative names`
        : reason;
    const over = (): void => {
      if (reserved !== undefined) this.#reserved.delete(reserved);
      this.#guests.done(channel);
    };
    const stepped = ({ send, done, refused }: Step): void => {
      for (const message of send) channel.send(message);
      if (done !== undefined) {
        channel.onMessage = undefined;
        over();
        this.#incoming(channel, done);
      } else if (refused !== undefined) {
        channel.onMessage = undefined;
        if (reserved !== undefined) this.#reserved.delete(reserved);
        // Two that dial each other at once is what happens when a mesh forms.
        if (refused.code !== "closed" && refused.code !== "simultaneous")
          this.#log.refused(far, refused.name, reasonOf(refused));
        // Who guesses cookies waits for each, and holds a place meanwhile.
        if (refused.holdMs > 0) this.#clock.setTimeout(() => channel.terminate(), refused.holdMs);
        else channel.close(CLOSE_NORMAL);
      } else this.#guests.advance(channel, Stage.greeted);
    };
    channel.onClose = () => {
      handshake.closed();
      over();
    };
    channel.onMessage = (bytes) => {
      if (bytes.length > LONGEST_MESSAGE) {
        channel.onMessage = undefined;
        handshake.closed();
        this.#log.refused(far, undefined, "What connected does not speak this protocol");
        channel.close(CLOSE_TOO_BIG);
      } else void handshake.step(bytes).then(stepped);
    };
  }

  /** Whether a proven peer is let in. An `ok` reserves its name. */
  async #admit(peer: Peer, channel: Channel): Promise<Admission> {
    const { name } = peer;
    if (this.#stopped || this.#options.allow?.(name) === false) return "not_allowed";
    if (!isCertified(channel, name)) return "not_allowed";
    if (this.#reserved.has(name)) return "name_in_use";
    this.#reserved.add(name);
    const admission = await this.#admitReserved(peer);
    if (admission !== "ok") this.#reserved.delete(name);
    return admission;
  }

  async #admitReserved({ name, creation }: Peer): Promise<Admission> {
    const dial = this.#dials.get(name);
    if (dial !== undefined && !dial.yielded && settleSimultaneous(this.#self.name, name) === "refuse")
      return "simultaneous";
    const old = this.#links.get(name);
    if (old === undefined) return "ok";
    // Whoever has the name keeps it if it is alive: else an impostor with the cookie, or a second node that was given
    // the name by mistake, would cut off the first.
    if (await old.probe(PROBE_TIME)) return old.peer.creation === creation ? "simultaneous" : "name_in_use";
    old.close("connection_closed");
    return this.#links.has(name) ? "name_in_use" : "ok";
  }

  #incoming(channel: Channel, proven: Proven): void {
    if (this.#stopped || this.#links.has(proven.peer.name)) {
      channel.terminate();
      return;
    }
    const link = this.#link(channel, proven);
    this.onLink(link);
    // A dial of this node's own to the same peer has its answer.
    this.#dials.get(proven.peer.name)?.succeed(link);
  }

  // Links

  #link(channel: Channel, proven: Proven): WireLink {
    const { maxMessageBytes = DEFAULT_MAX_BYTES, limits } = this.#options;
    const { peer } = proven;
    const link = new WireLink({
      channel,
      proven,
      context: this.#context(peer),
      clock: this.#clock,
      tickTime: this.#tickTime,
      maxMessageBytes,
      limits,
      onDown: (over) => {
        if (this.#links.get(peer.name) === over) this.#links.delete(peer.name);
      },
    });
    this.#links.set(peer.name, link);
    return link;
  }

  #context(peer: { readonly name: NodeName; readonly creation: number }): TermContext {
    const { functions, modules, maxMessageBytes = DEFAULT_MAX_BYTES } = this.#options;
    return {
      localNode: this.#self.name,
      localCreation: this.#self.creation,
      peerNode: peer.name,
      peerCreation: peer.creation,
      functions,
      modules,
      maxBytes: maxMessageBytes,
    };
  }
}

/** Whether the certificate on the channel, where one is asked for, names that node. */
function isCertified({ peerNames }: Channel, name: NodeName): boolean {
  return peerNames === undefined || peerNames.includes(name);
}
