import { isPid, type NodeName, type Pid } from "../../term/pid.ts";
import type { Ref } from "../../term/ref.ts";
import { termKey } from "../../term/term-key.ts";
import { reply, type From } from "../../process/call.ts";
import { runAs } from "../../process/context.ts";
import { sendFrom } from "../../process/destination.ts";
import { demonitor, monitor } from "../../process/monitors.ts";
import type { Process } from "../../process/process.ts";
import { take } from "../../process/receive.ts";
import type { Runtime } from "../../process/runtime.ts";
import { asCall, isDown } from "../../otp/envelope.ts";
import type { Connections } from "../connections.ts";
import { Clashes } from "./clashes.ts";
import { NAME_SERVER } from "./lock.ts";
import { type LockId, LockTable } from "./lock-table.ts";
import { type Entry, NameTable } from "./name-table.ts";
import { Partitions } from "./partitions.ts";
import { NAMES, Registrar } from "./registrar.ts";
import type { ResolveRule } from "./resolve.ts";

export interface NameServerOptions {
  /** The node's connections; none for a node without a name. */
  readonly connections?: Connections | undefined;
  /** Whether it shares names with others: not if it is hidden, or keeps out of the mesh. */
  readonly shares?: boolean;
  /** Whether it keeps the parts of a cluster from overlapping. */
  readonly prevents?: boolean;
}

const servers = new WeakMap<Runtime, NameServer>();

/** The name server of a node. */
export function nameServerOf(runtime: Runtime): NameServer | undefined {
  return servers.get(runtime);
}

/** Starts the name server of a node. To be there before the first connection is. */
export function startNameServer(runtime: Runtime, options: NameServerOptions = {}): NameServer {
  const server = new NameServer(runtime, options);
  servers.set(runtime, server);
  return server;
}

/** What others have to be told, and what to do when all have answered. */
interface Telling {
  readonly waiting: Set<NodeName>;
  readonly done: () => void;
}

/**
 * The process that keeps a node's names and locks, and its copy of everybody's. Each server answers for the names of
 * the processes of its node: changes go to it, and it tells the others before it answers. Its {@link Registrar} changes
 * names, while it holds a lock on all nodes.
 */
export class NameServer {
  readonly table = new NameTable();
  readonly registrar: Registrar;
  private readonly process: Process;
  private readonly connections: Connections | undefined;
  private readonly shares: boolean;
  private readonly partitions: Partitions;
  private readonly locks = new LockTable();
  private readonly rules = new Map<Pid, Map<unknown, ResolveRule>>();
  private readonly watched = new Map<Pid, Ref>();
  /** The servers of the nodes that were greeted, once they have answered; `"alone"` is one that shares nothing. */
  private readonly peers = new Map<NodeName, Pid | "greeted" | "alone">();
  private readonly tellings = new Map<number, Telling>();
  private told = 0;
  private syncing: From[] = [];
  private readonly clashes: Clashes;

  constructor(runtime: Runtime, options: NameServerOptions) {
    const { connections, shares = true, prevents = true } = options;
    this.connections = connections;
    this.shares = shares && connections !== undefined;
    this.process = runtime.spawn(() => this.loop(), { initialCall: "global.init/1" });
    runtime.register(this.process, NAME_SERVER);
    this.registrar = new Registrar({
      nodes: () => this.nodes(),
      unlock: (id, { pid }, node) => this.unlock(id, pid, node),
      start: (body) => {
        const registrar = runtime.spawn(() => body(registrar), {
          parent: this.process,
          link: true,
          initialCall: "global.registrar/1",
        });
      },
    });
    this.partitions = new Partitions(
      {
        process: this.process,
        serverOf: (node) => this.serverOf(node),
        tell: (node, message) => this.sendTo([NAME_SERVER, node], message),
        broadcast: (message) => this.broadcast(message),
      },
      connections,
      this.shares && prevents,
    );
    this.clashes = new Clashes(this.table, this.registrar, this.here, {
      ruleOf: (name, pid) => this.rules.get(pid)?.get(termKey(name)),
      resolved: () => this.settled(),
    });
    if (connections === undefined || !this.shares) return;
    connections.events.subscribe(this.process, true);
    connections.onMeshFailure = (node) => runtime.deliver(this.process, ["mesh_failure", node]);
  }

  /** This node and those it shares names with. */
  nodes(): NodeName[] {
    return [this.process.runtime.name, ...this.peerNames()];
  }

  private peerNames(): NodeName[] {
    return [...this.peers].filter(([, peer]) => isPid(peer)).map(([node]) => node);
  }

  private serverOf(node: NodeName): Pid | undefined {
    const peer = this.peers.get(node);
    return isPid(peer) ? peer : undefined;
  }

  private get here(): NodeName {
    return this.process.runtime.name;
  }

  private async loop(): Promise<never> {
    for (;;) {
      const message = await take(this.process, undefined);
      try {
        const call = asCall(message);
        if (call === undefined) this.handle(message as readonly unknown[]);
        else if (Array.isArray(call.request)) this.call(call.request, call.from);
      } catch (error) {
        // A stranger's nonsense is no reason to forget all names.
        this.process.runtime.log("error", `global: A message was not understood: ${String(error)}`);
      }
    }
  }

  private call([tag, ...args]: readonly unknown[], from: From): void {
    const answer = (value: unknown): void => void (this.process.alive && runAs(this.process, () => reply(from, value)));
    switch (tag) {
      case "set_lock":
        return answer(this.setLock([args[0], args[1]], args[2] as Pid));
      case "await_lock":
        return this.awaitLock([args[0], args[1]], args[2] as Pid, () => answer(true));
      case "del_lock":
        this.deleteLock([args[0], args[1]], args[2] as Pid);
        return answer(true);
      case "insert":
        return this.insert(args[0], args[1] as Pid, args[2] as ResolveRule, args[3] as Pid[], answer);
      case "remove":
        return this.remove(args[0], args[1] as Pid, () => answer("ok"));
      case "sync":
        this.syncing.push(from);
        return this.settled();
      case "disconnect":
        return answer(this.disconnect());
      default:
        return answer(["error", "badarg"]);
    }
  }

  private handle(message: readonly unknown[]): void {
    if (isDown(message)) return this.ended(message[3] as Pid);
    const [tag, from, ...args] = message;
    if (tag === "nodeup") return this.greet(from as NodeName);
    if (tag === "nodedown") return this.lose(from as NodeName);
    if (tag === "mesh_failure") return this.partitions.meshFailure(from as NodeName);
    if (tag === "overlap") return this.partitions.overlap(from as string);
    if (!isPid(from)) return;
    if (tag === "del_lock") return this.deleteLock([args[0], args[1]], from);
    if (tag === "lock_wanted") return this.registrar.yield(args[0]);
    const { node } = from;
    if (!this.shares) {
      if (tag === "hello") this.sendTo(from, ["hello", this.process.pid, "alone"]);
      return;
    }
    switch (tag) {
      case "hello":
        return this.meet(from, args[0] as Entry[] | "alone");
      case "insert":
        this.table.insert(args[0], args[1] as Pid, args[2] as Pid[]);
        this.reveal();
        return this.sendTo(from, ["ack", this.process.pid, args[3]]);
      case "remove":
        this.table.remove(args[0], args[1] as Pid);
        this.settled();
        return this.sendTo(from, ["ack", this.process.pid, args[2]]);
      case "ack":
        return this.acknowledged(node, args[0] as number);
      case "lost_connection":
        return this.partitions.lostBy(node, args[0] as NodeName, args[1] as number);
      case "restored":
        return this.partitions.restoredBy(node, args[0] as NodeName);
      case "remove_connection":
        return this.partitions.removedBy(node, args[0] === true);
    }
  }

  // Locks

  private setLock(id: LockId, pid: Pid): boolean {
    if (this.locks.set(id, pid)) {
      this.watch(pid);
      return true;
    }
    this.claim(id[0]);
    return false;
  }

  private awaitLock(id: LockId, pid: Pid, had: () => void): void {
    this.watch(pid);
    let waits = true;
    this.locks.await(id, pid, () => {
      waits = false;
      had();
    });
    if (waits) this.claim(id[0]);
  }

  /** A registrar keeps its lock for as long as it has changes, and nobody else is known to want it. */
  private claim(resource: unknown): void {
    const held = resource === NAMES ? this.locks.holding(resource) : undefined;
    for (const { node } of held?.pids ?? []) {
      if (node === this.here) this.registrar.yield(held?.requester);
      else this.sendTo([NAME_SERVER, node], ["lock_wanted", this.process.pid, held?.requester]);
    }
  }

  private deleteLock(id: LockId, pid: Pid): void {
    this.locks.delete(id, pid);
    this.unwatch(pid);
  }

  private unlock(id: LockId, pid: Pid, node: NodeName): void {
    if (node === this.here) this.deleteLock(id, pid);
    else this.sendTo([NAME_SERVER, node], ["del_lock", pid, ...id]);
  }

  private watch(pid: Pid): void {
    if (!this.watched.has(pid)) this.watched.set(pid, monitor(this.process, pid));
  }

  private unwatch(pid: Pid): void {
    const ref = this.watched.get(pid);
    if (ref === undefined || this.locks.uses(pid) || this.rules.has(pid)) return;
    this.watched.delete(pid);
    demonitor(this.process, ref, { flush: true });
  }

  private ended(pid: Pid): void {
    this.watched.delete(pid);
    this.locks.drop(pid);
    if (!this.rules.has(pid)) return;
    for (const name of this.table.namesOf(pid)) this.remove(name, pid);
  }

  // Names of this node's processes

  /**
   * Gives a name to a process of this node, in the place of `replaced`: `"no"` if another of this node has it. To be
   * asked by who holds the lock.
   */
  insert(
    name: unknown,
    pid: Pid,
    rule: ResolveRule,
    replaced: readonly Pid[],
    answer: (value: "yes" | "no") => void,
  ): void {
    const here = this.table.holders(name).find(({ node }) => node === this.here);
    if (here !== undefined && !replaced.includes(here)) return answer("no");
    this.table.insert(name, pid, replaced);
    for (const old of replaced) this.forget(old);
    let rules = this.rules.get(pid);
    if (rules === undefined) this.rules.set(pid, (rules = new Map()));
    rules.set(termKey(name), rule);
    this.tell(["insert", name, pid, replaced], () => answer("yes"));
    this.watch(pid);
    this.reveal();
  }

  /** Takes a name from a process of this node. */
  remove(name: unknown, pid: Pid, done: () => void = () => undefined): void {
    const was = this.table.remove(name, pid);
    this.forget(pid);
    if (was) this.tell(["remove", name, pid], done);
    else done();
    this.settled();
  }

  private forget(pid: Pid): void {
    if (!this.table.uses(pid)) this.rules.delete(pid);
    this.unwatch(pid);
  }

  /** Tells all others, in the order of the changes, and goes on when each has answered or is gone. */
  private tell([tag, ...args]: readonly unknown[], done: () => void): void {
    // Those greeted count as well: what they were told then is what was true then.
    const waiting = new Set([...this.peers].filter(([, peer]) => peer !== "alone").map(([node]) => node));
    if (waiting.size === 0) return done();
    const number = ++this.told;
    this.tellings.set(number, { waiting, done });
    this.broadcast([tag, this.process.pid, ...args, number]);
  }

  private acknowledged(node: NodeName, number: number): void {
    const telling = this.tellings.get(number);
    if (telling?.waiting.delete(node) !== true || telling.waiting.size > 0) return;
    this.tellings.delete(number);
    telling.done();
  }

  private acknowledgedAll(node: NodeName): void {
    for (const number of [...this.tellings.keys()]) this.acknowledged(node, number);
  }

  private broadcast(message: readonly unknown[]): void {
    for (const [node, peer] of this.peers) if (peer !== "alone") this.sendTo([NAME_SERVER, node], message);
  }

  /** Only over a connection that is there: what is for its next one comes with its greeting. */
  private sendTo(to: Pid | readonly [string, NodeName], message: readonly unknown[]): void {
    const node = isPid(to) ? to.node : to[1];
    if (this.connections?.state(node) !== "down") sendFrom(this.process, to, message);
  }

  // Nodes that come and go

  private greet(node: NodeName): void {
    if (this.connections?.list().includes(node) !== true) return;
    this.partitions.up(node);
    this.peers.set(node, "greeted");
    this.sendTo([NAME_SERVER, node], ["hello", this.process.pid, this.table.entriesOf(this.here)]);
  }

  private meet(from: Pid, entries: readonly Entry[] | "alone"): void {
    const { node } = from;
    if (!this.peers.has(node)) return;
    this.peers.set(node, entries === "alone" ? "alone" : from);
    if (entries === "alone") this.acknowledgedAll(node);
    else this.table.replace(node, entries);
    this.partitions.met(node);
    this.reveal();
  }

  private lose(node: NodeName): void {
    const peer = this.serverOf(node);
    this.peers.delete(node);
    this.table.replace(node, []);
    this.acknowledgedAll(node);
    this.registrar.lost(node);
    this.partitions.down(node, peer);
    this.settled();
  }

  private disconnect(): NodeName[] {
    const nodes = this.peerNames();
    for (const node of nodes) this.partitions.part(node, true);
    return nodes;
  }

  private reveal(): void {
    this.clashes.reveal();
    this.settled();
  }

  /** Answers those who wait until everybody has been heard and the clashes are resolved. */
  private settled(): void {
    if (this.syncing.length === 0) return;
    const all = this.shares ? (this.connections?.list() ?? []) : [];
    const heard = (node: NodeName): boolean => this.peers.has(node) && this.peers.get(node) !== "greeted";
    if (!all.every(heard) || this.table.clashes(this.here).length > 0) return;
    const waiting = this.syncing;
    this.syncing = [];
    for (const from of waiting) runAs(this.process, () => reply(from, "ok"));
  }
}
