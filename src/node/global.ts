import type { NodeName, Pid } from "../term/pid.ts";
import { isPid } from "../term/pid.ts";
import { copy } from "../term/copy.ts";
import { ArgumentError, MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { current } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { exit } from "../process/exit.ts";
import type { Process } from "../process/process.ts";
import { provideVia } from "../otp/server-name.ts";
import { ask, releaseLock, takeLock } from "./global/lock.ts";
import type { LockId } from "./global/lock-table.ts";
import { type NameServer, nameServerOf } from "./global/name-server.ts";
import {
  checkRule,
  notifyAllName,
  portable,
  randomExitName,
  randomNotifyName,
  type Resolve,
  type ResolveRule,
} from "./global/resolve.ts";

export type { LockId, Resolve, ResolveRule };

/**
 * Erlang's `global`: names that mean the same process on all connected nodes, and locks that hold on all of them.
 *
 * Names are terms. Looking one up asks nobody: every node has them all. A name goes with its process, and with the
 * connection to its node. Where two parts of a cluster meet and each has given the same name, a rule decides once for
 * all. Nodes that are hidden, or were started with `connectAll: false`, keep their names to themselves.
 *
 * ```ts
 * await global.registerName("leader", self()); // "yes"
 * global.whereisName("leader") === self(); // true
 * global.send("leader", "hello");
 * await receive(); // "hello"
 * ```
 */
export const global = {
  /**
   * Gives a process a name on all connected nodes. Gives `"yes"` when all of them know, or `"no"` if somebody has the
   * name already, or the process' node can't be reached. `resolve` decides should another part of the cluster turn up
   * with a holder of its own: {@link randomExitName} by default. Throws `badarg` for what is no pid or no rule.
   *
   * ```ts
   * await global.registerName(["room", 7], self()); // "yes"
   * await global.registerName(["room", 7], self()); // "no"
   * ```
   */
  registerName(name: unknown, pid: Pid, resolve: ResolveRule = randomExitName): Promise<"yes" | "no"> {
    return register(name, pid, resolve, false);
  },

  /**
   * Gives a process a name, in the place of who has it now: at no time does nobody have it. `"yes"`, or `"no"` if the
   * process' node can't be reached.
   */
  reRegisterName(name: unknown, pid: Pid, resolve: ResolveRule = randomExitName): Promise<"yes" | "no"> {
    return register(name, pid, resolve, true);
  },

  /** Frees a name on all nodes; `"ok"`, also if nobody had it. */
  unregisterName(name: unknown): Promise<"ok"> {
    const server = serverHere();
    const own = copy(name);
    return change<"ok">(server, current().runtime.name, async (process) => {
      await Promise.all(server.table.holders(own).map((pid) => ask(process, pid.node, ["remove", own, pid])));
      return "ok";
    });
  },

  /** Who has a name; `null` if nobody, as far as this node knows. */
  whereisName(name: unknown): Pid | null {
    return serverHere().table.holder(name) ?? null;
  },

  /** All names. */
  registeredNames(): unknown[] {
    return serverHere().table.names();
  },

  /**
   * Sends to who has a name, and gives its pid. Exits with `["badarg", [name, message]]` if nobody has it.
   */
  send(name: unknown, message: unknown): Pid {
    const pid = serverHere().table.holder(name);
    if (pid === undefined) return exit(["badarg", [name, message]]);
    sendFrom(current(), pid, message);
    return pid;
  },

  /**
   * Takes a lock on all of `nodes`, by default this one and all connected: `true`, or `false` if it could not be had on
   * one of them after `retries` more attempts (no limit by default), and then it is held on none.
   *
   * `id` is `[resource, requester]`: who asks in the name of the same requester shares the lock. It ends with the
   * process that took it.
   *
   * ```ts
   * await global.setLock(["printer", self()]); // true
   * await global.delLock(["printer", self()]); // true
   * ```
   */
  setLock(id: LockId, nodes?: readonly NodeName[], retries = Infinity): Promise<boolean> {
    checkLock(id, retries);
    return takeLock(current(), id, nodes ?? serverHere().nodes(), retries);
  },

  /** Gives up a lock, on the nodes it was taken on. Always `true`. */
  async delLock(id: LockId, nodes?: readonly NodeName[]): Promise<true> {
    checkLock(id, 0);
    await releaseLock(current(), id, nodes ?? serverHere().nodes());
    return true;
  },

  /**
   * Runs `fun` with a lock held, and gives what it gives: `"aborted"` if the lock could not be had after `retries` more
   * attempts. What it throws is thrown when the lock is free again.
   *
   * ```ts
   * await global.trans(["printer", self()], () => "printed"); // "printed"
   * ```
   */
  async trans<T>(
    id: LockId,
    fun: () => T | Promise<T>,
    nodes?: readonly NodeName[],
    retries = Infinity,
  ): Promise<T | "aborted"> {
    const on = nodes ?? serverHere().nodes();
    if (!(await global.setLock(id, on, retries))) return "aborted";
    try {
      return await fun();
    } finally {
      await global.delLock(id, on);
    }
  },

  /** Waits until this node has heard the names of all nodes it is connected to, and its own clashes are resolved. `"ok"`. */
  async sync(): Promise<"ok"> {
    const process = current();
    await ask(process, process.runtime.name, ["sync"]);
    return "ok";
  },

  /**
   * Ends the connections to all nodes that share names, without these parting from each other. Gives their names.
   */
  async disconnect(): Promise<NodeName[]> {
    const process = current();
    return (await ask(process, process.runtime.name, ["disconnect"])) as NodeName[];
  },

  /** A rule for clashes: one of the two processes is killed. The one of the node that is first by its name stays. */
  randomExitName,

  /** A rule for clashes: one of the two keeps the name; the other gets `["global_name_conflict", name]`, and lives. */
  randomNotifyName,

  /** A rule for clashes: the name is free; both get `["global_name_conflict", name, otherPid]`. */
  notifyAllName,
};

provideVia("global", global);

function serverHere(): NameServer {
  const server = nameServerOf(current().runtime);
  if (server === undefined) throw new MoebiError("noproc", "This node has no name server: start it with startNode()");
  return server;
}

/** Has a change made by the node's registrar. The caller's end does not undo what has begun. */
function change<T>(server: NameServer, node: NodeName, make: (process: Process) => Promise<T>): Promise<T> {
  return current().wait<T>((resolve, reject) => {
    server.registrar.change(node, make).then(resolve, reject);
    return undefined;
  });
}

async function register(name: unknown, pid: Pid, rule: ResolveRule, again: boolean): Promise<"yes" | "no"> {
  const server = serverHere();
  if (!isPid(pid)) throw new ArgumentError(`A name is given to a pid, not to ${inspect(pid)}`);
  checkRule(rule);
  const own = copy(name);
  return change(server, pid.node, async (process) => {
    const holders = server.table.holders(own);
    if (holders.length > 0 && !again) return "no";
    if ((await insert(process, server, own, pid, portable(rule), holders)) !== "yes") return "no";
    const elsewhere = holders.filter((holder) => holder !== pid && holder.node !== pid.node);
    await Promise.all(elsewhere.map((holder) => ask(process, holder.node, ["remove", own, holder])));
    return "yes";
  });
}

/** The node of the process is asked; this one at once. */
function insert(
  process: Process,
  server: NameServer,
  name: unknown,
  pid: Pid,
  rule: ResolveRule,
  holders: readonly Pid[],
): Promise<unknown> {
  if (pid.node !== process.runtime.name) return ask(process, pid.node, ["insert", name, pid, rule, holders]);
  return process.wait((resolve) => {
    server.insert(name, pid, rule, holders, resolve);
    return undefined;
  });
}

function checkLock(id: unknown, retries: unknown): asserts id is LockId {
  if (!Array.isArray(id) || id.length !== 2)
    throw new ArgumentError(`A lock is [resource, requester], not ${inspect(id)}`);
  if (typeof retries !== "number" || !(retries >= 0))
    throw new ArgumentError("How often to try again is a number, or Infinity");
}
