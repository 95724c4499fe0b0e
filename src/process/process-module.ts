import { ArgumentError } from "../term/error.ts";
import { isPid, type Pid } from "../term/pid.ts";
import { isRef, type Ref } from "../term/ref.ts";
import { current } from "./context.ts";
import type { Destination } from "./destination.ts";
import { DeadProcessError } from "./exit.ts";
import { link, unlink } from "./links.ts";
import { demonitor, monitor, type DemonitorOptions, type MonitorOptions } from "./monitors.ts";
import { processInfo, type ProcessInfo } from "./process-info.ts";
import type { Alias } from "./runtime.ts";
import { sendFrom } from "./destination.ts";
import { sendExit } from "./terminate.ts";
import { cancelTimer, readTimer, sendAfter, sleep } from "./timers.ts";

/** Elixir's `Process`, and the calls of `erlang` it stands for. All act at once unless they give a promise. */
export const Process = {
  /** Links the caller with `pid`. Gives `true`. A dead local one is `noproc`: a message if trapping, an exit if not. */
  link(pid: Pid): true {
    link(current(), checkPid(pid));
    return true;
  },

  /** Ends the link with `pid`: from here on its end does nothing to the caller. Always `true`. */
  unlink(pid: Pid): true {
    unlink(current(), checkPid(pid));
    return true;
  },

  /** Watches a pid, a name, or `[name, node]`. Gives the reference that the one `DOWN` message will carry. */
  monitor(target: Pid | string | readonly [string, Pid["node"]], options?: MonitorOptions): Ref {
    return monitor(current(), target, options);
  },

  /**
   * Ends a monitor; always `true`, also if there was none. A `DOWN` that has come already stays in the mailbox unless
   * `flush`. With `info`: whether it was still on.
   */
  demonitor(ref: Ref, options?: DemonitorOptions): boolean {
    if (!isRef(ref)) throw new ArgumentError("Process.demonitor takes the reference that Process.monitor gave");
    return demonitor(current(), ref, options);
  },

  /** Sets a flag of the caller and gives its former value. `trapExit`: exit signals become messages. */
  flag(name: "trapExit", value: boolean): boolean {
    if (name !== "trapExit" || typeof value !== "boolean")
      throw new ArgumentError('The flag is "trapExit", its value true or false');
    const process = current();
    const before = process.trapExit;
    process.trapExit = value;
    return before;
  },

  /**
   * Sends an exit signal. `"kill"` ends the target whatever it traps, and its links see `"killed"`; `"normal"` does
   * nothing to others; any other reason ends it, or is a message if it traps exits. Gives `true` at once.
   * To oneself it takes effect before it returns, and no `catch` stops it.
   */
  exit(pid: Pid, reason: unknown): true {
    const process = current();
    sendExit(process, checkPid(pid), reason);
    if (!process.alive) throw new DeadProcessError();
    return true;
  },

  /** Gives `pid` (of this node) a name. `badarg` if it is dead, has one, or the name is taken. */
  register(pid: Pid, name: string): true {
    const { runtime } = current();
    const process = runtime.find(checkPid(pid));
    if (process === undefined) {
      throw new ArgumentError(`Could not register the process as "${name}" because it is not alive on this node`);
    }
    runtime.register(process, name);
    return true;
  },

  /** Frees a name; `badarg` if nobody holds it. */
  unregister(name: string): true {
    current().runtime.unregister(name);
    return true;
  },

  /** Who holds a name on this node; `null` if nobody. */
  whereis(name: string): Pid | null {
    return current().runtime.names.get(name)?.pid ?? null;
  },

  /** All names held on this node. */
  registered(): string[] {
    return [...current().runtime.names.keys()];
  },

  /** Whether a process of this node lives. `badarg` for one of another node: ask there. */
  alive(pid: Pid): boolean {
    const { runtime } = current();
    if (checkPid(pid).node !== runtime.name) {
      throw new ArgumentError(
        `Process.alive is answered by the process' own node: rpc.call("${pid.node}", Process, "alive", [pid])`,
      );
    }
    return runtime.find(pid) !== undefined;
  },

  /** What is known of a process of this node; `null` if it has exited. `badarg` for one of another node. */
  info(pid: Pid): ProcessInfo | null {
    const { runtime } = current();
    if (checkPid(pid).node !== runtime.name)
      throw new ArgumentError(`Process.info is answered by the process' own node, ${pid.node}`);
    const process = runtime.find(pid);
    return process === undefined ? null : processInfo(process);
  },

  /** The pids of all processes of this node. */
  list(): Pid[] {
    return [...current().runtime.processes.values()].map((process) => process.pid);
  },

  sleep,
  sendAfter,
  cancelTimer,
  readTimer,

  /** The caller's group leader, or with two arguments: sets that of a process, on whichever node it is. */
  groupLeader: groupLeader,

  /** Keeps a value in the caller's own dictionary. Gives the one it replaces, or `null`. */
  put(key: unknown, value: unknown): unknown {
    const dictionary = (current().dictionary ??= new Map());
    const before = dictionary.get(key) ?? null;
    dictionary.set(key, value);
    return before;
  },

  /** A value of the caller's dictionary, or `otherwise`. */
  get(key: unknown, otherwise: unknown = null): unknown {
    const { dictionary } = current();
    return dictionary?.has(key) === true ? dictionary.get(key) : otherwise;
  },

  /** The keys of the caller's dictionary, or those that have this value. */
  getKeys(...value: readonly [value?: unknown]): unknown[] {
    const entries = [...(current().dictionary ?? [])];
    return entries.filter(([, kept]) => value.length === 0 || kept === value[0]).map(([key]) => key);
  },

  /** Takes a value out of the caller's dictionary and gives it. */
  delete(key: unknown): unknown {
    const { dictionary } = current();
    const before = dictionary?.get(key) ?? null;
    dictionary?.delete(key);
    return before;
  },

  /**
   * A reference that messages can be sent to, until {@link Process.unalias}; with `{ reply: true }`, until the first
   * has come.
   */
  alias(options: { readonly reply?: boolean } = {}): Ref {
    const process = current();
    const ref = process.runtime.makeRef();
    const mode: Alias["mode"] = options.reply === true ? "reply" : "explicit";
    process.runtime.addAlias(ref, { process, mode, sinks: undefined });
    return ref;
  },

  /** Ends an alias of the caller; whether it was one. Messages sent to it from then on are lost. */
  unalias(ref: Ref): boolean {
    const process = current();
    return process.aliases?.has(ref) === true && process.runtime.removeAlias(ref);
  },

  /** An `AbortSignal` that fires when the caller exits: for `fetch`, timers, streams. */
  signal(): AbortSignal {
    return current().signal;
  },

  /**
   * Sends, with options: `nosuspend` answers `"nosuspend"` instead of queueing when the connection is past its soft
   * limit; `noconnect` answers `"noconnect"` when there is no connection yet. Otherwise `"ok"`.
   */
  send(
    destination: Destination,
    message: unknown,
    options: { readonly nosuspend?: boolean; readonly noconnect?: boolean } = {},
  ): string {
    const process = current();
    const node =
      isPid(destination) || isRef(destination)
        ? destination.node
        : Array.isArray(destination)
          ? (destination[1] as Pid["node"])
          : undefined;
    const state = node === undefined || node === process.runtime.name ? undefined : process.runtime.router?.state(node);
    if (options.noconnect === true && state === "down") return "noconnect";
    if (options.nosuspend === true && state === "busy") return "nosuspend";
    sendFrom(process, destination, message);
    return "ok";
  },

  /** Gives other processes, timers and sockets a turn: what a long computation calls now and then. */
  yield(): Promise<"ok"> {
    const process = current();
    return process.wait((resolve) => {
      process.runtime.clock.setImmediate(() => resolve("ok"));
      return undefined;
    });
  },
};

function groupLeader(): Pid;
function groupLeader(pid: Pid, leader: Pid): true;
function groupLeader(pid?: Pid, leader?: Pid): Pid | true {
  const process = current();
  if (pid === undefined) return process.leader;
  checkPid(pid);
  if (!isPid(leader)) throw new ArgumentError("A group leader is a pid");
  const target = process.runtime.find(pid);
  if (target !== undefined) target.leader = leader;
  else if (pid.node !== process.runtime.name)
    process.runtime.router?.route(pid.node, { op: "groupLeader", from: process.pid, to: pid, leader });
  else throw new ArgumentError("That process is not alive");
  return true;
}

function checkPid(pid: unknown): Pid {
  if (!isPid(pid)) throw new ArgumentError(`This needs a pid, not ${pid === null ? "null" : typeof pid}`);
  return pid;
}
