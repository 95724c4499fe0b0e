import { ArgumentError } from "../term/error.ts";
import type { NodeName } from "../term/pid.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Peer } from "../process/signal.ts";
import type { DownReason } from "./carrier.ts";

/** Which events a subscriber wants, and how much of them. As `net_kernel:monitor_nodes/2`. */
export interface MonitorNodesOptions {
  /** Visible nodes (the default), hidden ones, or both. With it, the message has a third element with details. */
  readonly nodeType?: "visible" | "hidden" | "all";
  /** Adds why to `nodedown`'s details. */
  readonly nodedownReason?: boolean;
}

/** Told of a node that comes or goes, and why it went. */
export type NodeListener = (event: "nodeup" | "nodedown", peer: Peer, reason: DownReason | undefined) => void;

/** Who is told of nodes that come and go. A subscription ends with its process. */
export class NodeEvents {
  private readonly runtime: Runtime;
  private readonly subscribers: { readonly process: Process; readonly options: MonitorNodesOptions }[] = [];
  private readonly listeners = new Set<NodeListener>();
  private readonly watched: { readonly process: Process; readonly node: NodeName }[] = [];

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** How many subscriptions are on, for tests and the observer. */
  get size(): number {
    this.forget();
    return this.subscribers.length;
  }

  /** Subscribes to all nodes, once more with each call; `off` takes all of this process' with these options away. */
  subscribe(process: Process, on: boolean, options: MonitorNodesOptions = {}): "ok" {
    const unknown = Object.keys(options).filter((key) => key !== "nodeType" && key !== "nodedownReason");
    if (unknown.length > 0) throw new ArgumentError(`Unknown options of monitorNodes: ${unknown.join(", ")}`);
    if (options.nodeType !== undefined && !["visible", "hidden", "all"].includes(options.nodeType)) {
      throw new ArgumentError('The option nodeType of monitorNodes is "visible", "hidden" or "all"');
    }
    this.forget();
    if (on) this.subscribers.push({ process, options });
    else remove(this.subscribers, (entry) => entry.process === process && same(entry.options, options));
    return "ok";
  }

  /** Calls back for all nodes, as what is no process is told: a terminal, the observer. Gives a function that ends it. */
  listen(listener: NodeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** One `["nodedown", node]` when this node goes, for each call that turned it on. */
  watch(process: Process, node: NodeName, on: boolean): void {
    if (on) this.watched.push({ process, node });
    else {
      const index = this.watched.findIndex((entry) => entry.process === process && entry.node === node);
      if (index >= 0) this.watched.splice(index, 1);
    }
  }

  /** Told before the first signal of the node is handled. */
  up(peer: Peer): void {
    this.tell("nodeup", peer, undefined);
  }

  /** Told after every link and monitor over the connection has fired. */
  down(peer: Peer, reason: DownReason): void {
    this.tell("nodedown", peer, reason);
    this.unreachable(peer.name);
  }

  /** The node was watched and is not there. */
  unreachable(node: NodeName): void {
    for (const { process } of this.watched.filter((entry) => entry.node === node))
      this.runtime.deliver(process, ["nodedown", node]);
    remove(this.watched, (entry) => entry.node === node);
  }

  private tell(event: "nodeup" | "nodedown", peer: Peer, reason: DownReason | undefined): void {
    this.forget();
    for (const listener of [...this.listeners]) listener(event, peer, reason);
    const type = peer.hidden ? "hidden" : "visible";
    for (const { process, options } of this.subscribers) {
      const wanted = options.nodeType ?? "visible";
      if (wanted !== "all" && wanted !== type) continue;
      const details: Record<string, string> = {};
      if (options.nodeType !== undefined) details["nodeType"] = type;
      if (options.nodedownReason === true && reason !== undefined) details["nodedownReason"] = reason;
      const plain = options.nodeType === undefined && options.nodedownReason !== true;
      this.runtime.deliver(process, plain ? [event, peer.name] : [event, peer.name, details]);
    }
  }

  private forget(): void {
    remove(this.subscribers, (entry) => !entry.process.alive);
    remove(this.watched, (entry) => !entry.process.alive);
  }
}

function same(a: MonitorNodesOptions, b: MonitorNodesOptions): boolean {
  return a.nodeType === b.nodeType && a.nodedownReason === b.nodedownReason;
}

function remove<T>(list: T[], gone: (item: T) => boolean): void {
  for (let i = list.length - 1; i >= 0; i--) if (gone(list[i] as T)) list.splice(i, 1);
}
