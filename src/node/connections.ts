import { hasCode } from "../term/error.ts";
import { bareError } from "../term/remote-error.ts";
import type { NodeName } from "../term/pid.ts";
import type { Router, Runtime } from "../process/runtime.ts";
import type { Peer, Signal } from "../process/signal.ts";
import { connectionLost, receiveSignal, undeliverable } from "../process/signals.ts";
import type { Carrier, DownReason, Link, TickTimeChange, TickTimeState, Waiting } from "./carrier.ts";
import { NodeEvents } from "./node-events.ts";
import { isNodeName } from "./node-name.ts";
import { Pings } from "./pings.ts";
import { roomBeside } from "./room-beside.ts";
import { RemoteSpawns } from "./remote-spawn.ts";

/**
 * When a connection is made by first use: always, never, or not again once it was lost (of lost nodes the last 65,536 are
 * remembered). As `dist_auto_connect`.
 */
export type AutoConnect = "always" | "once" | "never";

export interface ConnectionsOptions {
  readonly autoConnect?: AutoConnect;
  /** Whether nodes that connect here are told of each other and connect too. `true` by default. */
  readonly connectAll?: boolean;
  readonly hidden?: boolean;
}

interface Dial {
  readonly queue: Waiting;
  readonly done: Promise<boolean>;
  readonly abort: AbortController;
}

/** A message to the node itself, under one of its reserved names. */
export type Service = (message: unknown, from: NodeName) => void;

const NET_KERNEL = "net_kernel";

/** A dial for which more than this waits, in bytes, is given up when it is given yet another signal; as a link is. */
const MOST_WAITING = 64 * 1024 * 1024;

/** A node that is not to dial lost ones again remembers so many of them. */
const MOST_LOST = 65_536;

/**
 * What only concerns links and monitors over a connection. With the connection they are gone, so a new one is not made
 * to say so.
 */
const ENDINGS: ReadonlySet<Signal["op"]> = new Set(["exit", "down", "demonitor", "unlink", "unlinkAck"]);

/**
 * The connections of a node, and the way its signals take: over the link if there is one, in a queue while one is
 * being made, back to whoever waits if none can be. Order between two processes holds through all of it.
 */
export class Connections implements Router {
  readonly runtime: Runtime;
  readonly events: NodeEvents;
  readonly spawns: RemoteSpawns;
  readonly services = new Map<string, Service>();
  /** Told of a node that others of the mesh are connected to and this one can't reach. */
  onMeshFailure: ((node: NodeName) => void) | undefined = undefined;
  private readonly carrier: Carrier;
  private readonly options: ConnectionsOptions;
  private readonly links = new Map<NodeName, Link>();
  private readonly dials = new Map<NodeName, Dial>();
  /** The nodes that are not to be dialled again by use, in the order in which they were lost. */
  private readonly lost = new Set<NodeName>();
  private readonly busy = new Map<NodeName, (() => void)[]>();
  private readonly pings = new Pings();
  private stopped = false;

  constructor(runtime: Runtime, carrier: Carrier, options: ConnectionsOptions = {}) {
    this.runtime = runtime;
    this.carrier = carrier;
    this.options = options;
    this.events = new NodeEvents(runtime);
    this.spawns = new RemoteSpawns(runtime);
    this.serve(NET_KERNEL, (message, from) => this.netKernel(message, from));
    carrier.onLink = (link) => this.up(link);
    runtime.router = this;
  }

  /** Takes the messages sent to a name of the node's own, which no process can register. */
  serve(name: string, service: Service): void {
    this.runtime.reserved.add(name);
    this.services.set(name, service);
  }

  /** The names of the connected nodes, by kind. */
  list(kind: "visible" | "hidden" | "connected" = "visible"): NodeName[] {
    return [...this.links.values()]
      .filter(({ peer }) => kind === "connected" || this.hides(peer) === (kind === "hidden"))
      .map(({ peer }) => peer.name);
  }

  /** Whether the connection to a peer is no part of the mesh, as either end is none: to a hidden node, all others are hidden. */
  hides(peer: Peer): boolean {
    return peer.hidden || this.options.hidden === true;
  }

  linkTo(node: NodeName): Link | undefined {
    return this.links.get(node);
  }

  state(node: NodeName): "down" | "up" | "busy" {
    return !this.links.has(node) ? "down" : this.busy.has(node) ? "busy" : "up";
  }

  drained(node: NodeName): Promise<void> | undefined {
    const waiting = this.busy.get(node);
    return waiting === undefined ? undefined : new Promise((resolve) => waiting.push(resolve));
  }

  route(node: NodeName, signal: Signal): void {
    const link = this.links.get(node);
    if (link !== undefined) {
      this.transmit(link, signal);
      return;
    }
    const dial = this.dials.get(node) ?? (!ENDINGS.has(signal.op) && this.mayDial(node) ? this.dial(node) : undefined);
    if (dial === undefined) this.undelivered(signal);
    else {
      // What waits must be what was meant, whatever the sender does to it meanwhile.
      try {
        this.wait(node, dial, signal);
      } catch (error) {
        this.wait(node, dial, inWords(signal, error));
      }
    }
  }

  private wait(node: NodeName, dial: Dial, signal: Signal): void {
    if (dial.queue.bytes > roomBeside(dial.queue.largest, MOST_WAITING)) {
      this.runtime.log("error", `Connection to ${node} given up: ${String(dial.queue.bytes)} bytes wait for it`);
      this.failed(node, dial, undefined);
      dial.abort.abort();
      this.undelivered(signal);
      return;
    }
    dial.queue.add(signal);
  }

  /** Connects by hand; whether there is a connection now. Gives up after the set-up time. */
  async connect(node: NodeName): Promise<boolean> {
    if (node === this.runtime.name || this.links.has(node)) return true;
    if (this.stopped) return false;
    return (this.dials.get(node) ?? this.dial(node)).done;
  }

  /** Connects if first use may; whether there is a connection now. For who is only watched: told if there is none. */
  async reach(node: NodeName): Promise<boolean> {
    if (this.links.has(node) || this.dials.has(node) || this.mayDial(node)) return this.connect(node);
    this.events.unreachable(node);
    return false;
  }

  /**
   * Whether a node answers, connecting as {@link reach} does. Of one that is connected and silent it is known only when it
   * is taken for gone.
   */
  async ping(node: NodeName): Promise<boolean> {
    if (!(await this.reach(node))) return false;
    const link = this.links.get(node);
    if (link === undefined) return false;
    return this.pings.ask(node, (id) => this.transmit(link, this.toService(NET_KERNEL, ["ping", id])));
  }

  get tickTime(): TickTimeState {
    return this.carrier.tickTime;
  }

  changeTickTime(time: number, transition: number): TickTimeChange {
    return this.carrier.changeTickTime(time, transition);
  }

  /** Ends the connection; whether there was one. */
  disconnect(node: NodeName): boolean {
    const link = this.links.get(node);
    if (link === undefined) return false;
    link.close("disconnect");
    this.down(link, "disconnect");
    return true;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const dial of this.dials.values()) dial.abort.abort();
    for (const node of [...this.links.keys()]) this.disconnect(node);
    await this.carrier.stop();
  }

  private mayDial(node: NodeName): boolean {
    const { autoConnect = "always" } = this.options;
    return !this.stopped && autoConnect !== "never" && !(autoConnect === "once" && this.lost.has(node));
  }

  private dial(node: NodeName): Dial {
    const abort = new AbortController();
    const done = this.carrier.connect(node, abort.signal).then(
      (link) => {
        this.up(link);
        return this.links.has(node);
      },
      (error: unknown) => {
        this.failed(node, dial, error);
        return this.links.has(node);
      },
    );
    const dial: Dial = { queue: this.carrier.waitingFor(node), done, abort };
    this.dials.set(node, dial);
    return dial;
  }

  private failed(node: NodeName, dial: Dial, error: unknown): void {
    // One that was given up may have a successor.
    if (this.dials.get(node) !== dial) return;
    this.dials.delete(node);
    if (this.links.has(node)) return;
    if (hasCode(error, "not_allowed") || hasCode(error, "version") || hasCode(error, "wrong_node")) {
      this.runtime.log("error", `Connection to ${node} failed: ${(error as Error).message}`);
    }
    this.events.unreachable(node);
    for (const signal of dial.queue.drop()) this.undelivered(signal);
  }

  private up(link: Link): void {
    const { peer } = link;
    const old = this.links.get(peer.name);
    if (this.stopped || old === link) {
      if (old !== link) link.close("disconnect");
      return;
    }
    if (old !== undefined) {
      old.close("connection_closed");
      this.down(old, "connection_closed");
    }
    this.links.set(peer.name, link);
    this.lost.delete(peer.name);
    this.events.up({ ...peer, hidden: this.hides(peer) });
    const dial = this.dials.get(peer.name);
    this.dials.delete(peer.name);
    for (const signal of dial?.queue.take() ?? []) this.transmit(link, signal);
    if (this.options.connectAll !== false && !this.hides(peer)) {
      const others = this.list().filter((name) => name !== peer.name);
      if (others.length > 0) this.introduce(peer.name, others);
    }
    const reply = (answer: Signal): void => this.transmit(link, answer);
    link.open({
      signal: (signal) => this.receive(link, signal, reply),
      down: (reason) => this.down(link, reason),
      drained: () => this.nowDrained(peer.name),
    });
  }

  /** Tells a connected node of others of the mesh, which it then connects to. */
  introduce(to: NodeName, others: readonly NodeName[]): void {
    const link = this.links.get(to);
    if (link !== undefined) this.transmit(link, this.toService(NET_KERNEL, ["mesh", others]));
  }

  private down(link: Link, reason: DownReason): void {
    const { name } = link.peer;
    if (this.links.get(name) !== link) return;
    this.links.delete(name);
    if (this.options.autoConnect === "once") this.remember(name);
    this.nowDrained(name);
    connectionLost(this.runtime, name);
    this.spawns.lost(name);
    this.pings.lost(name);
    this.events.down({ ...link.peer, hidden: this.hides(link.peer) }, reason);
    if (reason !== "disconnect" && reason !== "connection_closed") {
      this.runtime.log("error", `Connection to ${name} lost: ${reason}`);
    }
  }

  private remember(node: NodeName): void {
    this.lost.add(node);
    if (this.lost.size <= MOST_LOST) return;
    for (const oldest of this.lost) {
      this.lost.delete(oldest);
      return;
    }
  }

  private nowDrained(node: NodeName): void {
    const waiting = this.busy.get(node);
    this.busy.delete(node);
    for (const resume of waiting ?? []) resume();
  }

  private transmit(link: Link, signal: Signal): void {
    let state: "ok" | "busy";
    try {
      state = link.send(signal);
    } catch (error) {
      state = link.send(inWords(signal, error));
    }
    if (state === "busy" && !this.busy.has(link.peer.name)) this.busy.set(link.peer.name, []);
  }

  private receive(link: Link, signal: Signal, reply: (answer: Signal) => void): void {
    if (this.links.get(link.peer.name) !== link) return;
    if (signal.op === "spawn") this.spawns.requested(signal, reply);
    else if (signal.op === "spawnReply") this.spawns.replied(signal, reply);
    else if (signal.op === "sendName" && this.services.has(signal.name))
      this.services.get(signal.name)?.(signal.message, link.peer.name);
    else receiveSignal(this.runtime, signal, reply);
  }

  private undelivered(signal: Signal): void {
    if (signal.op === "spawn") this.spawns.failed(signal.ref, "noconnection");
    else undeliverable(this.runtime, signal);
  }

  /** A signal to a service of another node's. */
  toService(name: string, message: unknown): Signal {
    return { op: "sendName", from: this.runtime.kernelPid, name, message };
  }

  private netKernel(message: unknown, from: NodeName): void {
    const [tag, what] = Array.isArray(message) ? (message as unknown[]) : [];
    const link = this.links.get(from);
    if (tag === "ping" && link !== undefined) this.transmit(link, this.toService(NET_KERNEL, ["pong", what]));
    else if (tag === "pong") this.pings.answered(from, what);
    else if (tag === "mesh" && Array.isArray(what)) this.mesh(what);
  }

  private mesh(nodes: readonly unknown[]): void {
    if (this.options.connectAll === false || this.options.hidden === true) return;
    for (const node of nodes) {
      if (!isNodeName(node) || node === this.runtime.name) continue;
      void this.connect(node).then((connected) => {
        if (!connected && !this.stopped) this.onMeshFailure?.(node);
      });
    }
  }
}

/**
 * The signal to send in the place of one that can't cross: whoever waits for an end must hear of it, in words if the
 * reason itself can't. Throws `error`, which says why it can't, if the signal is no end.
 */
function inWords(signal: Signal, error: unknown): Signal {
  if (signal.op !== "exit" && signal.op !== "exit2" && signal.op !== "down") throw error;
  const { reason } = signal;
  const words = ["not_sendable", error instanceof Error ? error.message : String(error)];
  return { ...signal, reason: reason instanceof Error ? bareError(reason) : words };
}
