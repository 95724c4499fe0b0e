import { StringDevice } from "../io/string-device.ts";
import type { LocalNode } from "../node/local-node.ts";
import { MemoryNames } from "../node/wire/memory-resolver.ts";
import { MemoryNetwork } from "../node/wire/memory-transport.ts";
import type { LogEntry } from "../process/log.ts";
import { startNode, type NodeOptions } from "../start-node.ts";
import { ArgumentError } from "../term/error.ts";
import type { NodeName } from "../term/pid.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface ClusterOptions {
  /** All chance comes from it; printed when a test fails. Random by default, `MOEBI_SEED` if set. */
  readonly seed?: number;
  /**
   * `memory`: inside the program, in virtual time. `websocket`: real sockets on loopback, in real time, where nothing can be
   * cut or slowed. What MOEBI_NETWORK says if left out, so that a suite can be run over both; else `memory`.
   */
  readonly network?: "memory" | "websocket";
  readonly cookie?: string;
  /** For every node started. */
  readonly node?: NodeOptions;
}

/** Lives of nodes in this program: pids of one are the same objects everywhere in it, so no two may share a number. */
let creations = 0;

/** One node of a {@link Cluster}, with what it printed and logged. */
export interface Member {
  readonly name: NodeName;
  readonly node: LocalNode;
  readonly device: StringDevice;
  readonly log: LogEntry[];
}

/**
 * Many nodes in one program, whose network can be cut, slowed and healed: for tests of what runs on a cluster.
 *
 * ```ts
 * await using cluster = await startCluster(["a", "b"]);
 * await cluster.run("a", () => Node.connect("b@localhost"));
 * cluster.cut("a", "b");
 * await cluster.advance(75_000);
 * ```
 */
export class Cluster implements AsyncDisposable {
  readonly seed: number;
  readonly virtual: boolean;
  readonly clock = new VirtualClock();
  readonly members = new Map<string, Member>();
  private readonly options: ClusterOptions;
  private readonly network: MemoryNetwork;
  private readonly names = new MemoryNames();

  constructor(options: ClusterOptions = {}) {
    this.options = options;
    this.seed = options.seed ?? Number(process.env["MOEBI_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    this.virtual = (options.network ?? process.env["MOEBI_NETWORK"] ?? "memory") === "memory";
    this.network = new MemoryNetwork({ clock: this.clock, seed: this.seed });
  }

  /** Starts a node. `name` is the part before the `@`; the host is `localhost`. */
  async start(name: string, options: NodeOptions = {}): Promise<Member> {
    const device = new StringDevice();
    const log: LogEntry[] = [];
    const network = this.virtual
      ? { transport: this.network.transport(name), resolver: this.names.resolver() }
      : undefined;
    const starting = startNode({
      sname: name,
      cookie: this.options.cookie ?? "cluster",
      device,
      log: (entry) => log.push(entry),
      network,
      ...(this.virtual && { clock: this.clock, creation: ++creations }),
      ...this.options.node,
      ...options,
    });
    const node = await this.drive(starting);
    const member = { name: node.name, node, device, log };
    this.members.set(name, member);
    return member;
  }

  /** A node by its short name. Throws `badarg` if there is none. */
  at(name: string): Member {
    const member = this.members.get(name);
    if (member === undefined) throw new ArgumentError(`There is no node "${name}" in this cluster`);
    return member;
  }

  /** Runs `body` as a process of a node, letting time pass until it is done. */
  run<T>(name: string, body: () => T | Promise<T>): Promise<T> {
    return this.drive(this.at(name).node.run(body));
  }

  /** Lets time pass until `promise` is settled. */
  async drive<T>(promise: Promise<T>): Promise<T> {
    if (!this.virtual) return promise;
    try {
      return await this.clock.drive(promise);
    } catch (error) {
      if (error instanceof Error && !error.message.includes("seed")) {
        Object.defineProperty(error, "message", {
          value: `${error.message} (seed ${String(this.seed)})`,
          configurable: true,
        });
      }
      throw error;
    }
  }

  /** Lets `ms` milliseconds pass. Only in virtual time. */
  advance(ms: number): Promise<void> {
    if (!this.virtual) throw new ArgumentError("Real time can't be advanced: await an event instead");
    return this.clock.advance(ms);
  }

  /** Lets everything happen that needs no time: in real time, one turn of the event loop. */
  settle(): Promise<void> {
    return this.virtual ? this.clock.settle() : new Promise((resolve) => setImmediate(resolve));
  }

  /** Cuts the way between two nodes: nothing arrives, nobody is told. Memory only, as the rest here. */
  cut(a: string, b: string): void {
    this.network.cut(a, b);
  }

  /** Cuts one direction. */
  drop(from: string, to: string): void {
    this.network.drop(from, to);
  }

  heal(a: string, b: string): void {
    this.network.heal(a, b);
  }

  delay(a: string, b: string, ms: number, jitter = 0): void {
    this.network.delay(a, b, ms, jitter);
  }

  /** Loses that share (0 up to 1) of what is sent between two nodes, which TCP then sends again: it arrives late, in order. */
  lose(a: string, b: string, share: number): void {
    this.network.lose(a, b, share);
  }

  /** Stops a node's reading, as SIGSTOP does; {@link unstall} lets it go on. */
  stall(name: string): void {
    this.network.stall(name);
  }

  unstall(name: string): void {
    this.network.unstall(name);
  }

  /** Ends every connection between two nodes, as a reset does. */
  reset(a: string, b: string): void {
    this.network.reset(a, b);
    this.network.reset(b, a);
  }

  /** Ends a node as `kill -9` does: its peers see their connections closed, and it does nothing more. */
  async kill(name: string): Promise<void> {
    for (const other of this.members.keys()) if (other !== name) this.network.reset(name, other);
    await this.crash(name);
  }

  /** Ends a node as a power cut does: nobody hears of it. */
  async crash(name: string): Promise<void> {
    const { node } = this.at(name);
    this.network.crash(name);
    this.names.forget(node.name);
    this.members.delete(name);
    // Its applications end with it, in no order.
    node.runtime.stop();
    await this.drive(node.stop());
  }

  /** Stops a node in good order. */
  async stop(name: string): Promise<void> {
    const { node } = this.at(name);
    this.members.delete(name);
    await this.drive(node.stop());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.members.keys()]) await this.stop(name);
  }
}

/** Starts a cluster with these nodes, not yet connected. */
export async function startCluster(names: readonly string[], options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = new Cluster(options);
  for (const name of names) await cluster.start(name);
  return cluster;
}
