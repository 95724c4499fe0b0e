import { isPid, type NodeName, type Pid } from "../../term/pid.ts";
import { isRef, type Ref } from "../../term/ref.ts";
import { termKey } from "../../term/term-key.ts";
import type { From } from "../../process/call.ts";
import { sendFrom } from "../../process/destination.ts";
import { demonitor, monitor } from "../../process/monitors.ts";
import type { Process } from "../../process/process.ts";
import type { Runtime } from "../../process/runtime.ts";
import { cancelTimer, sendAfter } from "../../process/timers.ts";
import { isDown } from "../../otp/envelope.ts";
import type { Handlers } from "../../otp/serve.ts";
import { connectionsOf } from "../node-module.ts";
import { type Presence, type PresenceChange, PresenceTable, type Topic, type Where } from "./presence-table.ts";
import { Replica, type Told } from "./replica.ts";

/** How long a node may be away, in milliseconds, until it is listed as down, and until it is forgotten. */
export interface Periods {
  readonly downPeriod: number;
  readonly permdownPeriod: number;
}

const servers = new WeakMap<Runtime, Map<string, TrackerServer>>();

/** The tracker of that name, if it is running on the node. */
export function trackerOf(runtime: Runtime, name: string): TrackerServer | undefined {
  const server = servers.get(runtime)?.get(name);
  return server?.process.alive === true ? server : undefined;
}

/**
 * The process that keeps who is present, on one node. Each answers for the processes of its node. One that comes up, or
 * finds a node, asks who is there (`discover`); each tells the other all of its own presences (`sync`), and from then on
 * each change. What it said outlives its connection, but not itself: a tracker is one life of its node.
 */
export class TrackerServer implements Handlers {
  readonly process: Process;
  private readonly tracker: string;
  private readonly periods: Periods;
  private readonly local = new PresenceTable();
  private readonly watched = new Map<Pid, Ref>();
  private readonly replicas = new Map<NodeName, Replica>();
  /** The trackers that are connected: who is told of changes, and believed. */
  private readonly peers = new Map<Pid, Ref>();
  /** The trackers that are not, with the timers until they count as down, and as gone. */
  private readonly lost = new Map<Pid, readonly Ref[]>();
  private readonly monitors = new Map<Ref, { readonly pid: Pid; readonly key: unknown }>();

  constructor(process: Process, name: string, periods: Periods) {
    this.process = process;
    this.tracker = name;
    this.periods = periods;
    const { runtime } = process;
    const known = servers.get(runtime) ?? new Map<string, TrackerServer>();
    servers.set(runtime, known.set(name, this));
    const connections = connectionsOf(runtime);
    connections?.events.subscribe(process, true);
    for (const node of connections?.list() ?? []) this.discover(node);
  }

  /** Who is listed as present in a topic. */
  list(topic: unknown): Presence[] {
    return [this.local, ...[...this.replicas.values()].map(({ listed }) => listed)].flatMap((table) =>
      table.list(topic),
    );
  }

  /** The nodes whose presences are known, this one first. */
  nodes(): [NodeName, "up" | "down"][] {
    const others = [...this.replicas].map(([node, { status }]): [NodeName, "up" | "down"] => [node, status]);
    return [[this.process.runtime.name, "up"], ...others];
  }

  handleCall(request: unknown, [caller]: From): unknown {
    const [tag, ...args] = Array.isArray(request) ? (request as unknown[]) : [];
    switch (tag) {
      case "track":
        return this.track(args[0] as Pid, args[1], args[2], args[3]);
      case "update":
        return this.update(args[0] as Pid, args[1], args[2], args[3]);
      case "untrack":
        return this.untrack(args[0] as Pid, args[1] as Where);
      case "monitor": {
        const ref = monitor(this.process, caller);
        this.monitors.set(ref, { pid: caller, key: termKey(args[0]) });
        return [ref, this.list(args[0])];
      }
      case "demonitor":
        if (!isRef(args[0]) || !this.monitors.delete(args[0])) return false;
        demonitor(this.process, args[0]);
        return "ok";
      default:
        return ["error", "badarg"];
    }
  }

  handleInfo(message: unknown): void {
    if (isDown(message)) {
      this.ended(message[1], message[3] as Pid, message[4]);
      return;
    }
    const [tag, from, what] = Array.isArray(message) ? (message as unknown[]) : [];
    if (tag === "nodeup") this.nodeUp(from as NodeName);
    else if (isPid(from) && from.node !== this.process.runtime.name) this.heard(tag, from, what);
  }

  terminate(): void {
    // What it kept goes with its process, here and at the others, which see it end.
  }

  private heard(tag: unknown, tracker: Pid, what: unknown): void {
    switch (tag) {
      case "discover":
        this.send(tracker, ["sync", this.process.pid, this.local.all()]);
        if (this.meet(tracker)) this.send(tracker, ["discover", this.process.pid]);
        return;
      case "sync":
        if (!Array.isArray(what)) return;
        this.meet(tracker);
        return this.notify(this.replicaOf(tracker).sync(what as Topic[]));
      case "change":
        // One that was lost meanwhile tells all it has when it is back.
        if (this.peers.has(tracker)) this.notify(this.replicaOf(tracker).tell(what as Told));
        return;
      case "silent":
        if (this.lost.has(tracker)) this.notify(this.replicaOf(tracker).hide());
        return;
      case "gone":
        if (this.lost.has(tracker)) this.forget(tracker);
    }
  }

  // Presences of this node

  private track(pid: Pid, topic: unknown, key: unknown, meta: unknown): "ok" | "already_tracked" {
    if (this.local.get(topic, key, pid) !== undefined) return "already_tracked";
    if (!this.watched.has(pid)) this.watched.set(pid, monitor(this.process, pid));
    this.put(topic, { key, pid, meta });
    return "ok";
  }

  private update(pid: Pid, topic: unknown, key: unknown, meta: unknown): "ok" | "not_tracked" {
    if (this.local.get(topic, key, pid) === undefined) return "not_tracked";
    this.put(topic, { key, pid, meta });
    return "ok";
  }

  private put(topic: unknown, presence: Presence): void {
    this.notify([this.local.put(topic, presence)]);
    this.broadcast(["put", topic, presence]);
  }

  private untrack(pid: Pid, where: Where): "ok" {
    this.notify(this.local.drop(pid, where));
    this.broadcast(["drop", pid, where]);
    const ref = this.watched.get(pid);
    if (ref === undefined || this.local.has(pid)) return "ok";
    demonitor(this.process, ref, { flush: true });
    this.watched.delete(pid);
    return "ok";
  }

  // Other nodes

  private nodeUp(node: NodeName): void {
    const known = this.replicas.get(node)?.tracker;
    const creation = connectionsOf(this.process.runtime)?.linkTo(node)?.peer.creation;
    if (known !== undefined && creation !== undefined && known.creation !== creation) this.forget(known);
    this.discover(node);
  }

  private discover(node: NodeName): void {
    this.send([this.tracker, node], ["discover", this.process.pid]);
  }

  /** Whether it was not connected before. */
  private meet(tracker: Pid): boolean {
    if (this.peers.has(tracker)) return false;
    this.stopWaiting(tracker);
    this.peers.set(tracker, monitor(this.process, tracker));
    return true;
  }

  /** What that tracker has said. Another of the same node is gone, if this one speaks. */
  private replicaOf(tracker: Pid): Replica {
    const { node } = tracker;
    const known = this.replicas.get(node);
    if (known?.tracker === tracker) return known;
    if (known !== undefined) this.forget(known.tracker);
    const replica = new Replica(tracker);
    this.replicas.set(node, replica);
    return replica;
  }

  private ended(ref: Ref, pid: Pid, reason: unknown): void {
    if (this.monitors.delete(ref)) return;
    if (this.watched.get(pid) === ref) this.untrack(pid, []);
    if (this.peers.get(pid) !== ref) return;
    this.peers.delete(pid);
    if (reason !== "noconnection") return this.forget(pid);
    if (this.replicas.get(pid.node)?.tracker !== pid) return;
    const { downPeriod, permdownPeriod } = this.periods;
    const me = this.process.pid;
    this.lost.set(pid, [sendAfter(me, ["silent", pid], downPeriod), sendAfter(me, ["gone", pid], permdownPeriod)]);
  }

  private stopWaiting(tracker: Pid): void {
    for (const timer of this.lost.get(tracker) ?? []) cancelTimer(timer);
    this.lost.delete(tracker);
  }

  private forget(tracker: Pid): void {
    const replica = this.replicas.get(tracker.node);
    if (replica?.tracker !== tracker) return;
    this.replicas.delete(tracker.node);
    this.stopWaiting(tracker);
    this.notify(replica.forget());
  }

  private broadcast(change: Told): void {
    for (const peer of this.peers.keys()) this.send(peer, ["change", this.process.pid, change]);
  }

  /** Only over a connection that is there. */
  private send(to: Pid | readonly [string, NodeName], message: readonly unknown[]): void {
    const node = isPid(to) ? to.node : to[1];
    if (this.process.runtime.router?.state(node) !== "down") sendFrom(this.process, to, message);
  }

  private notify(changes: readonly PresenceChange[]): void {
    for (const [event, topic, presences] of changes) {
      const key = termKey(topic);
      for (const [ref, { pid, key: wanted }] of this.monitors)
        if (wanted === key) sendFrom(this.process, pid, [ref, event, topic, presences]);
    }
  }
}
