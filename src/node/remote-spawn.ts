import type { NodeName, Pid } from "../term/pid.ts";
import { titleOfFunction } from "../term/inspect-object.ts";
import { isPid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { LinkedHashMap } from "../process/linked-hash-map.ts";
import { resolveFunction } from "../process/modules.ts";
import type { MonitorSinks, Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Signal } from "../process/signal.ts";
import { exitByLink, fireMonitor } from "../process/terminate.ts";

/** A spawn on another node that has not been answered yet. */
interface Pending {
  readonly process: Process;
  readonly node: NodeName;
  readonly initialCall: string;
  readonly link: boolean;
  readonly monitor: boolean;
  readonly sinks: MonitorSinks | undefined;
  readonly settle: (result: Pid | SpawnFailure) => void;
}

/** Why there is no process, and the pid of a dead one in its place: that which a link or a monitor names. */
export interface SpawnFailure {
  readonly error: unknown;
  readonly pid: Pid;
}

/** What to start on another node. */
export interface SpawnRequest {
  readonly module: string | undefined;
  readonly fun: string;
  readonly args: readonly unknown[];
  /** What errors call them. */
  readonly argNames?: readonly string[];
  readonly link: boolean;
  readonly monitor: boolean;
  /** Take the end of the process instead of a `DOWN` in the mailbox. Only with `monitor`. */
  readonly sinks?: MonitorSinks;
}

/**
 * Processes started on other nodes: the target allocates the pid, sets link and monitor before the first instruction,
 * and answers before anything else of the new process. The request's reference is the monitor's.
 */
export class RemoteSpawns {
  private readonly runtime: Runtime;
  private readonly pending = new LinkedHashMap<Ref, Pending>();

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** Sends a request. `settle` is called once: with the pid, or with why there is none. Throws `not_sendable` at once. */
  request(process: Process, node: NodeName, spawn: SpawnRequest, settle: Pending["settle"]): Ref {
    const ref = this.runtime.makeRef();
    const { module, fun, args, argNames, link, monitor } = spawn;
    const initialCall = initialCallOf(module, fun, args);
    this.pending.set(ref, { process, node, initialCall, link, monitor, sinks: spawn.sinks, settle });
    try {
      this.runtime.router?.route(node, {
        op: "spawn",
        from: process.pid,
        ref,
        leader: process.leader,
        module,
        fun,
        args,
        argNames,
        link,
        monitor,
      });
    } catch (error) {
      this.pending.delete(ref);
      throw error;
    }
    return ref;
  }

  /** Another node asks for a process here. */
  requested(signal: Extract<Signal, { op: "spawn" }>, reply: (signal: Signal) => void): void {
    const { runtime } = this;
    const { module, fun, args, from, ref } = signal;
    const [closure] = args;
    const body =
      module !== undefined
        ? () => resolveFunction(runtime.modules, module, fun, args.length)(...args)
        : (closure as () => unknown);
    if (typeof body !== "function") {
      reply({ op: "spawnReply", to: from, ref, result: { error: "badarg" } });
      return;
    }
    const initialCall = initialCallOf(module, fun, args);
    const process = runtime.spawn(body, { leader: signal.leader, parentPid: from, initialCall });
    if (signal.link) (process.links ??= new LinkedHashMap()).set(from, { active: true, unlinkId: 0 });
    if (signal.monitor) (process.watchers ??= new LinkedHashMap()).set(ref, { pid: from, name: undefined });
    reply({ op: "spawnReply", to: from, ref, result: process.pid });
  }

  /** The answer to a request of ours. */
  replied(signal: Extract<Signal, { op: "spawnReply" }>, reply: (signal: Signal) => void): void {
    const pending = this.pending.get(signal.ref);
    this.pending.delete(signal.ref);
    const { result } = signal;
    // Whoever asked no longer waits: nobody is to be told of the end.
    if (isPid(result) && pending?.process.alive !== true)
      reply({ op: "demonitor", from: signal.to, to: result, ref: signal.ref });
    if (pending === undefined) return;
    const { process, initialCall, link, monitor, sinks, settle } = pending;
    if (isPid(result)) {
      if (!process.alive) {
        // Whoever asked has gone: its end is the new process' too, if they were to be linked.
        if (link) reply({ op: "exit", from: process.pid, to: result, reason: process.exitReason });
        return;
      }
      if (link) (process.links ??= new LinkedHashMap()).set(result, { active: true, unlinkId: 0, spawnedThere: true });
      if (monitor)
        (process.monitors ??= new LinkedHashMap()).set(signal.ref, { target: result, local: undefined, sinks });
      this.runtime.tracer?.happened(process, ["spawn", result, initialCall]);
      if (link) this.runtime.tracer?.happened(process, ["link", result]);
      settle(result);
    } else this.fail(signal.ref, pending, result.error);
  }

  /** Whoever asked no longer wants an answer: none will come, whatever becomes of the process. */
  forget(ref: Ref): void {
    this.pending.delete(ref);
  }

  /** The request could not be delivered. */
  failed(ref: Ref, reason: unknown): void {
    const pending = this.pending.get(ref);
    this.pending.delete(ref);
    if (pending !== undefined) this.fail(ref, pending, reason);
  }

  /** The connection is gone: nobody will answer what was asked over it. */
  lost(node: NodeName): void {
    for (const [ref, pending] of this.pending) if (pending.node === node) this.failed(ref, "noconnection");
  }

  /** A dead pid, whose link and monitor fire as those of a process that died at once would. */
  private fail(ref: Ref, pending: Pending, reason: unknown): void {
    const { process, link, monitor, sinks, settle } = pending;
    if (!process.alive) return;
    const pid = this.runtime.makePid();
    settle({ error: reason, pid });
    if (monitor) {
      (process.monitors ??= new LinkedHashMap()).set(ref, { target: pid, local: undefined, sinks });
      fireMonitor(process, ref, reason);
    }
    if (link) {
      (process.links ??= new LinkedHashMap()).set(pid, { active: true, unlinkId: 0 });
      exitByLink(process, pid, reason);
    }
  }
}

function initialCallOf(module: string | undefined, fun: string, args: readonly unknown[]): string {
  if (module !== undefined) return `${module}.${fun}/${args.length}`;
  const [closure] = args;
  return typeof closure === "function" ? titleOfFunction(closure) : "(anonymous)";
}
