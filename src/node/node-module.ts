import { ArgumentError, MoebiError } from "../term/error.ts";
import { isPid, type NodeName, NONODE, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { current } from "../process/context.ts";
import { LinkedHashMap } from "../process/linked-hash-map.ts";
import type { Module } from "../process/modules.ts";
import { nameOfModule } from "../process/modules.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { type Arguments, callOf, type FunctionNames } from "../process/spawn.ts";
import { exitByLink } from "../process/terminate.ts";
import type { TickTimeChange, TickTimeState } from "./carrier.ts";
import { Connections } from "./connections.ts";
import type { MonitorNodesOptions } from "./node-events.ts";
import { isNodeName } from "./node-name.ts";
import type { SpawnFailure, SpawnRequest } from "./remote-spawn.ts";

/** The connections of the caller's node, `undefined` if it has no name. */
export function connectionsOf(runtime: Runtime): Connections | undefined {
  return runtime.router instanceof Connections ? runtime.router : undefined;
}

/** Cookies of a node, as far as `Node.setCookie` needs them. */
export interface CookieSetter {
  setCookie(node: NodeName, cookie: string): void;
}

const cookies = new WeakMap<Runtime, CookieSetter>();

/** Lets `Node.setCookie` reach the node's cookies. */
export function provideCookies(runtime: Runtime, setter: CookieSetter): void {
  cookies.set(runtime, setter);
}

type SpawnWhat = [fn: () => unknown] | [module: Module | string, fun: string, args?: readonly unknown[]];

/** Elixir's `Node`: this node, the others, and processes on them. */
export const Node = {
  /** The name of the caller's node; `nonode@nohost` if it has none. */
  self(): NodeName {
    return current().runtime.name;
  },

  /** Whether the caller's node has a name, so that others can connect. */
  isAlive(): boolean {
    return current().runtime.name !== NONODE;
  },

  /** The connected nodes: `"visible"` (default), `"hidden"`, `"connected"` (both), `"this"`, or `"known"`. */
  list(kind: "visible" | "hidden" | "connected" | "this" | "known" = "visible"): NodeName[] {
    const { runtime } = current();
    if (kind === "this") return [runtime.name];
    if (!["visible", "hidden", "connected", "known"].includes(kind)) {
      throw new ArgumentError('Node.list takes "visible", "hidden", "connected", "this" or "known"');
    }
    const connected = connectionsOf(runtime)?.list(kind === "known" ? "connected" : kind) ?? [];
    return kind === "known" ? [runtime.name, ...connected] : connected;
  },

  /**
   * Connects to a node: `true` if there is a connection now, `false` if it can't be reached or refused,
   * `"ignored"` if the caller's node has no name. Gives up after the set-up time (7 s by default).
   */
  async connect(node: NodeName): Promise<boolean | "ignored"> {
    const process = current();
    checkNode(node);
    const connections = connectionsOf(process.runtime);
    return connections === undefined ? "ignored" : waitFor(process, connections.connect(node));
  },

  /** Ends the connection: `true`, or `false` if there was none; `"ignored"` without a name. The next use connects again. */
  disconnect(node: NodeName): boolean | "ignored" {
    const connections = connectionsOf(current().runtime);
    return connections === undefined ? "ignored" : connections.disconnect(node);
  },

  /**
   * `"pong"` if the node answers, connecting to it if need be, else `"pang"`. One that is connected and does not answer is
   * waited for until it is taken for gone (`--net-ticktime`). Never throws for a bad name: nobody has it.
   */
  async ping(node: NodeName): Promise<"pong" | "pang"> {
    const process = current();
    if (node === process.runtime.name) return "pong";
    const connections = connectionsOf(process.runtime);
    if (connections === undefined || !isNodeName(node)) return "pang";
    return (await waitFor(process, connections.ping(node))) ? "pong" : "pang";
  },

  /**
   * `true`: one `["nodedown", node]` comes when the node goes, at once if it can't be reached; connects if need be.
   * As often as it was turned on. `false` takes one of these back.
   */
  monitor(node: NodeName, on: boolean): true {
    const process = current();
    checkNode(node);
    const connections = connectionsOf(process.runtime);
    if (connections === undefined) {
      if (on) process.runtime.deliver(process, ["nodedown", node]);
      return true;
    }
    connections.events.watch(process, node, on);
    if (on) void connections.reach(node);
    return true;
  },

  /**
   * `["nodeup", node]` and `["nodedown", node]` messages for every node, until turned off or the caller exits. With
   * `nodeType` or `nodedownReason` a third element tells more. `nodeup` comes before the node's first message,
   * `nodedown` after every `DOWN` and `EXIT` it causes.
   */
  monitorNodes(on: boolean, options?: MonitorNodesOptions): "ok" {
    const process = current();
    return connectionsOf(process.runtime)?.events.subscribe(process, on, options) ?? "ok";
  },

  /**
   * Silence after which a peer is taken for gone, give or take a quarter, in seconds; `["ongoing_change_to", seconds]`
   * while it changes; `"ignored"` if the caller's node has no name.
   */
  netTicktime(): TickTimeState | "ignored" {
    const state = connectionsOf(current().runtime)?.tickTime;
    return state === undefined ? "ignored" : inSeconds(state);
  },

  /**
   * Changes the net tick time, in seconds, for all connections. All nodes are to be told within `transition` seconds: for
   * so long a connection ticks as the shorter time asks for and bears as much silence as the longer; after it, a node
   * that still has a shorter time cuts off those that tick seldom.
   *
   * Gives `"change_initiated"`, `"unchanged"` if it is this already, or `["ongoing_change_to", seconds]`, and changes
   * nothing, while an earlier change goes on; `"ignored"` without a name. Throws `badarg` for what is no time. As
   * Erlang's `net_kernel:set_net_ticktime`.
   */
  setNetTicktime(seconds: number, transition = 60): TickTimeChange | "ignored" {
    const { runtime } = current();
    for (const time of [seconds, transition]) {
      if (typeof time !== "number" || !(time >= 0) || seconds === 0)
        throw new ArgumentError("A net tick time is more than 0 seconds, and its transition at least 0");
    }
    const change = connectionsOf(runtime)?.changeTickTime(seconds * 1000, transition * 1000);
    return change === undefined ? "ignored" : inSeconds(change);
  },

  /** Sets the cookie used with one node; the node's own stays. Takes effect with the next connection. */
  setCookie(node: NodeName, cookie: string): true {
    const { runtime } = current();
    checkNode(node);
    if (typeof cookie !== "string" || cookie === "") throw new ArgumentError("A cookie is a non-empty string");
    cookies.get(runtime)?.setCookie(node, cookie);
    return true;
  },

  /**
   * Starts a process on a node, running a function (which travels by its source, with the variables it uses) or
   * `module.fun(...args)` of that node. The pid comes from there, so this is a promise. What it prints comes here.
   *
   * A node that can't be reached gives a pid of a process already dead. Throws `not_sendable`, naming what can't cross.
   */
  spawn: ((node: NodeName, ...what: SpawnWhat) =>
    spawnOn(node, what, false, false).then(([pid]) => pid)) as SpawnOn<Pid>,

  /** Like `Node.spawn`, linked before its first instruction; `"noconnection"` if the node can't be reached. */
  spawnLink: ((node: NodeName, ...what: SpawnWhat) =>
    spawnOn(node, what, true, false).then(([pid]) => pid)) as SpawnOn<Pid>,

  /** Like `Node.spawn`, monitored before its first instruction. Gives `[pid, ref]`. */
  spawnMonitor: ((node: NodeName, ...what: SpawnWhat) => spawnOn(node, what, false, true)) as SpawnOn<[Pid, Ref]>,

  /**
   * Asks for a process and gives the request's reference at once; the answer is a message:
   * `["spawn_reply", ref, "ok", pid]` or `["spawn_reply", ref, "error", reason]`.
   */
  spawnRequest: ((node: NodeName, ...what: SpawnWhat) => {
    const process = current();
    checkNode(node);
    let ref: Ref | undefined;
    const settle = (result: Pid | Pick<SpawnFailure, "error">): void => {
      const message = isPid(result) ? ["spawn_reply", ref, "ok", result] : ["spawn_reply", ref, "error", result.error];
      process.runtime.deliver(process, message);
    };
    const connections = connectionsOf(process.runtime);
    if (connections === undefined || node === process.runtime.name) {
      ref = process.runtime.makeRef();
      if (node === process.runtime.name) settle(spawnHere(process, what).pid);
      else settle({ error: "noconnection" });
      return ref;
    }
    ref = connections.spawns.request(process, node, requestOf(what, false, false), settle);
    return ref;
  }) as SpawnOn<Ref, Ref>,
};

/** `(node, fn)` or `(node, module, "fun", args)`. */
interface SpawnOn<R, P = Promise<R>> {
  (node: NodeName, fn: () => unknown): P;
  <M extends Module | string, F extends FunctionNames<M>>(node: NodeName, module: M, fun: F, args?: Arguments<M, F>): P;
}

function spawnHere(process: Process, what: SpawnWhat, link = false): Process {
  const call = callOf(process.runtime, what[0], what[1], what[2]);
  return process.runtime.spawn(call.body, { parent: process, link, initialCall: call.name });
}

async function spawnOn(node: NodeName, what: SpawnWhat, link: boolean, watch: boolean): Promise<[Pid, Ref]> {
  const process = current();
  const { runtime } = process;
  checkNode(node);
  if (node === runtime.name) {
    const { pid } = spawnHere(process, what, link);
    return [pid, watch ? monitor(process, pid) : (undefined as unknown as Ref)];
  }
  const spawn = requestOf(what, link, watch);
  const connections = connectionsOf(runtime);
  if (connections === undefined) {
    const pid = runtime.makePid();
    if (link) {
      (process.links ??= new LinkedHashMap()).set(pid, { active: true, unlinkId: 0 });
      exitByLink(process, pid, "noconnection");
    }
    return [pid, watch ? monitor(process, ["", node]) : (undefined as unknown as Ref)];
  }
  return process.wait<[Pid, Ref]>((resolve) => {
    const ref: Ref = connections.spawns.request(process, node, spawn, (result) => {
      resolve([isPid(result) ? result : result.pid, ref]);
    });
    return undefined;
  });
}

function requestOf(what: SpawnWhat, link: boolean, watch: boolean): SpawnRequest {
  const [first, fun, args = []] = what;
  if (typeof first === "function" && fun === undefined)
    return { module: undefined, fun: "", args: [first], link, monitor: watch };
  if (typeof fun !== "string" || !Array.isArray(args)) {
    throw new ArgumentError(
      "Give a node and a function, or a node, a module, the name of its function and its arguments",
    );
  }
  return { module: nameOfModule(first), fun, args, link, monitor: watch };
}

function inSeconds<T extends TickTimeState | TickTimeChange>(state: T): T {
  if (typeof state === "number") return (state / 1000) as T;
  return (typeof state === "string" ? state : [state[0], state[1] / 1000]) as T;
}

function waitFor<T>(process: Process, promise: Promise<T>): Promise<T> {
  return process.wait<T>((resolve, reject) => {
    promise.then(resolve, reject);
    return undefined;
  });
}

function checkNode(node: unknown): asserts node is NodeName {
  if (!isNodeName(node)) {
    throw new MoebiError(
      "bad_name",
      `${JSON.stringify(node) ?? String(node)} is not a node's name: it looks like "alex@localhost"`,
    );
  }
}
