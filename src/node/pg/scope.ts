import { isPid, type NodeName, type Pid } from "../../term/pid.ts";
import { isRef, type Ref } from "../../term/ref.ts";
import { termKey } from "../../term/term-key.ts";
import type { From } from "../../process/call.ts";
import { sendFrom } from "../../process/destination.ts";
import { demonitor, monitor } from "../../process/monitors.ts";
import type { Process } from "../../process/process.ts";
import type { Runtime } from "../../process/runtime.ts";
import { castMessage, isDown } from "../../otp/envelope.ts";
import type { Handlers } from "../../otp/serve.ts";
import { connectionsOf } from "../node-module.ts";
import { GroupTable, without } from "./group-table.ts";

/** A group and who of one node is in it. */
type Membership = readonly [group: unknown, pids: readonly Pid[]];

interface Watched<T> {
  readonly ref: Ref;
  readonly what: T;
}

const scopes = new WeakMap<Runtime, Map<string, Scope>>();

/** The scope of that name, if it is running on the node. */
export function scopeOf(runtime: Runtime, name: string): Scope | undefined {
  const scope = scopes.get(runtime)?.get(name);
  return scope?.process.alive === true ? scope : undefined;
}

/**
 * The process that keeps the groups of a scope on one node. It speaks as Erlang's does: a scope that comes up, or finds
 * a node, asks who is there (`discover`); each tells the other all of its own members (`sync`), and from then on each
 * that joins or leaves. What a scope has said goes with it.
 */
export class Scope implements Handlers {
  readonly table = new GroupTable();
  readonly process: Process;
  private readonly scope: string;
  /** Processes of this node, and the groups they joined, each as often as it was joined. */
  private readonly local = new Map<Pid, Watched<unknown[]>>();
  /** The scopes of other nodes, with their members by group. */
  private readonly remote = new Map<Pid, Watched<GroupTable>>();
  /** Who is told of changes: of one group, or of all. */
  private readonly monitors = new Map<Ref, { readonly pid: Pid; readonly key: unknown; readonly all: boolean }>();

  constructor(process: Process, name: string) {
    this.process = process;
    this.scope = name;
    const { runtime } = process;
    const known = scopes.get(runtime) ?? new Map<string, Scope>();
    scopes.set(runtime, known.set(name, this));
    const connections = connectionsOf(runtime);
    connections?.events.subscribe(process, true);
    for (const node of connections?.list() ?? []) this.discover(node);
  }

  handleCall(request: unknown, [caller]: From): unknown {
    const [tag, group, pids] = Array.isArray(request) ? (request as unknown[]) : [];
    switch (tag) {
      case "join_local":
        return this.join(group, pids as Pid[]);
      case "leave_local":
        return this.leave(group, pids as Pid[]);
      case "monitor": {
        const ref = this.addMonitor(caller, group, false);
        return [ref, this.table.members(group)];
      }
      case "monitor_scope": {
        const ref = this.addMonitor(caller, undefined, true);
        return [ref, this.table.list("all").map((one) => [one, this.table.members(one)])];
      }
      case "demonitor":
        if (!isRef(group) || !this.monitors.delete(group)) return false;
        demonitor(this.process, group);
        return "ok";
      default:
        return ["error", "badarg"];
    }
  }

  handleCast(request: unknown): void {
    const [tag, peer, groups] = Array.isArray(request) ? (request as unknown[]) : [];
    if (tag === "sync" && isPid(peer) && Array.isArray(groups)) this.sync(peer, groups as Membership[]);
  }

  handleInfo(message: unknown): void {
    if (isDown(message)) {
      this.ended(message[1], message[3] as Pid);
      return;
    }
    const [tag, from, ...args] = Array.isArray(message) ? (message as unknown[]) : [];
    if (tag === "nodeup") this.discover(from as NodeName);
    else if (isPid(from)) this.heard(tag, from, args);
  }

  terminate(): void {
    // What it kept goes with its process.
  }

  private heard(tag: unknown, peer: Pid, [first, second]: readonly unknown[]): void {
    if (tag === "discover") {
      this.send(peer, castMessage(["sync", this.process.pid, this.own()]));
      if (this.remote.has(peer)) return;
      this.meet(peer);
      this.send(peer, ["discover", this.process.pid]);
      return;
    }
    // One whose members are not known: its connection was lost meanwhile, and it will tell them anew.
    const table = this.remote.get(peer)?.what;
    if (table === undefined) return;
    if (tag === "join") this.joinedThere(table, first, listOf(second));
    else if (tag === "leave") {
      for (const group of second as unknown[]) this.leftThere(table, group, listOf(first));
    }
  }

  // Members of this node

  private join(group: unknown, pids: readonly Pid[]): "ok" {
    for (const pid of pids) {
      let known = this.local.get(pid);
      if (known === undefined) this.local.set(pid, (known = { ref: monitor(this.process, pid), what: [] }));
      known.what.push(group);
    }
    this.table.join(group, pids, true);
    this.notify("join", group, pids);
    this.broadcast(["join", this.process.pid, group, pids]);
    return "ok";
  }

  private leave(group: unknown, pids: readonly Pid[]): "ok" | "not_joined" {
    const key = termKey(group);
    const left: Pid[] = [];
    for (const pid of pids) {
      const known = this.local.get(pid);
      const index = known?.what.findIndex((one) => termKey(one) === key) ?? -1;
      if (known === undefined || index < 0) continue;
      left.push(pid);
      known.what.splice(index, 1);
      if (known.what.length > 0) continue;
      demonitor(this.process, known.ref, { flush: true });
      this.local.delete(pid);
    }
    if (left.length === 0) return "not_joined";
    this.table.leave(group, left);
    this.notify("leave", group, left);
    this.broadcast(["leave", this.process.pid, left, [group]]);
    return "ok";
  }

  private own(): Membership[] {
    return this.table.list("local").map((group) => [group, this.table.localMembers(group)]);
  }

  private ended(ref: Ref, pid: Pid): void {
    if (this.monitors.delete(ref)) return;
    const known = this.local.get(pid);
    if (known?.ref === ref) {
      this.local.delete(pid);
      for (const group of known.what) {
        this.table.leave(group, [pid]);
        this.notify("leave", group, [pid]);
      }
      this.broadcast(["leave", this.process.pid, pid, known.what]);
      return;
    }
    const peer = this.remote.get(pid);
    if (peer?.ref !== ref) return;
    this.remote.delete(pid);
    this.forget(peer.what);
  }

  // Members of other nodes

  private discover(node: NodeName): void {
    this.send([this.scope, node], ["discover", this.process.pid]);
  }

  private meet(peer: Pid): GroupTable {
    let known = this.remote.get(peer);
    if (known === undefined)
      this.remote.set(peer, (known = { ref: monitor(this.process, peer), what: new GroupTable() }));
    return known.what;
  }

  /** All that another scope has, in the place of what was known of it. */
  private sync(peer: Pid, groups: readonly Membership[]): void {
    const table = this.meet(peer);
    const named = new Set(groups.map(([group]) => termKey(group)));
    for (const group of table.list("all"))
      if (!named.has(termKey(group))) this.leftThere(table, group, table.members(group));
    for (const [group, pids] of groups) {
      const before = table.members(group);
      const [gone] = without(before, pids);
      const [come] = without(pids, before);
      if (gone.length > 0) this.leftThere(table, group, gone);
      if (come.length > 0) this.joinedThere(table, group, come);
    }
  }

  private joinedThere(table: GroupTable, group: unknown, pids: readonly Pid[]): void {
    table.join(group, pids, false);
    this.table.join(group, pids, false);
    this.notify("join", group, pids);
  }

  private leftThere(table: GroupTable, group: unknown, pids: readonly Pid[]): void {
    const left = table.leave(group, pids);
    if (left.length === 0) return;
    this.table.leave(group, left);
    this.notify("leave", group, left);
  }

  private forget(table: GroupTable): void {
    for (const group of table.list("all")) this.leftThere(table, group, table.members(group));
  }

  private broadcast(message: readonly unknown[]): void {
    for (const peer of this.remote.keys()) this.send(peer, message);
  }

  /** Only over a connection that is there. */
  private send(to: Pid | readonly [string, NodeName], message: readonly unknown[]): void {
    const node = isPid(to) ? to.node : to[1];
    if (this.process.runtime.router?.state(node) !== "down") sendFrom(this.process, to, message);
  }

  // Who is told

  private addMonitor(pid: Pid, group: unknown, all: boolean): Ref {
    const ref = monitor(this.process, pid);
    this.monitors.set(ref, { pid, key: termKey(group), all });
    return ref;
  }

  private notify(event: "join" | "leave", group: unknown, pids: readonly Pid[]): void {
    if (this.monitors.size === 0) return;
    const key = termKey(group);
    for (const [ref, { pid, key: wanted, all }] of this.monitors)
      if (all || wanted === key) sendFrom(this.process, pid, [ref, event, group, pids]);
  }
}

/** One or several, as other scopes may write it. */
function listOf(pids: unknown): readonly Pid[] {
  return isPid(pids) ? [pids] : (pids as readonly Pid[]);
}
