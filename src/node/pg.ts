import { MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { current } from "../process/context.ts";
import type { ChildSpec } from "../otp/child-spec.ts";
import { genCall } from "../otp/gen-call.ts";
import { serve } from "../otp/serve.ts";
import { startProcess } from "../otp/start.ts";
import { Scope, scopeOf } from "./pg/scope.ts";

/** Which scope is meant: groups of one know nothing of those of another. `"pg"` unless told. */
export interface PgOptions {
  readonly scope?: string | undefined;
}

const DEFAULT = "pg";

/**
 * Erlang's `pg`: named groups of processes, over all connected nodes that run the scope.
 *
 * A scope is a process of its name on each node; start it where groups are to be known. A process joins on its own node,
 * also several times; who is in a group is looked up without asking anybody. Lists agree as soon as what was sent has
 * arrived; they end with the process, and with the connection to its node. A group is any term, and is there as long as
 * somebody is in it.
 *
 * ```ts
 * await pg.start();
 * await pg.join("workers", self());
 * pg.getMembers("workers").length; // 1
 * ```
 */
export const pg = {
  /**
   * Starts a scope on the caller's node and gives its pid. Throws `already_started` if it runs.
   *
   * ```ts
   * const pid = await pg.start("chat");
   * Process.whereis("chat") === pid; // true
   * ```
   */
  start(scope: string = DEFAULT): Promise<Pid> {
    return start(scope, false);
  },

  /** Like {@link pg.start}, linked with the caller. */
  startLink(scope: string = DEFAULT): Promise<Pid> {
    return start(scope, true);
  },

  /** How a supervisor starts a scope. */
  childSpec(scope: string = DEFAULT): ChildSpec {
    return { id: scope, start: () => pg.startLink(scope) };
  },

  /**
   * Adds processes of this node to a group, once more each time. `"ok"`. Throws `nolocal` for one of another node: it
   * joins there. Exits with `noproc` if the scope does not run here, as all do that change something.
   */
  async join(group: unknown, pids: Pid | readonly Pid[], { scope = DEFAULT }: PgOptions = {}): Promise<"ok"> {
    const list = localOnes(pids);
    return (await genCall(scope, ["join_local", group, list], Infinity, ["pg", "join", [scope, group, pids]])) as "ok";
  },

  /** Takes processes out of a group, each once. `"ok"`, or `"not_joined"` if none of them was in it. */
  async leave(
    group: unknown,
    pids: Pid | readonly Pid[],
    { scope = DEFAULT }: PgOptions = {},
  ): Promise<"ok" | "not_joined"> {
    const list = localOnes(pids);
    const answer = await genCall(scope, ["leave_local", group, list], Infinity, ["pg", "leave", [scope, group, pids]]);
    return answer as "ok" | "not_joined";
  },

  /** Who is in a group, on any node; in no order. Nobody, if the scope does not run here. */
  getMembers(group: unknown, { scope = DEFAULT }: PgOptions = {}): Pid[] {
    return [...(scopeOf(current().runtime, scope)?.table.members(group) ?? [])];
  },

  /** Who of this node is in a group. */
  getLocalMembers(group: unknown, { scope = DEFAULT }: PgOptions = {}): Pid[] {
    return [...(scopeOf(current().runtime, scope)?.table.localMembers(group) ?? [])];
  },

  /** All groups that have members. */
  whichGroups({ scope = DEFAULT }: PgOptions = {}): unknown[] {
    return scopeOf(current().runtime, scope)?.table.list("all") ?? [];
  },

  /** All groups that processes of this node are in. */
  whichLocalGroups({ scope = DEFAULT }: PgOptions = {}): unknown[] {
    return scopeOf(current().runtime, scope)?.table.list("local") ?? [];
  },

  /**
   * Tells the caller who joins and leaves a group from now on: `[ref, "join", group, pids]`, `[ref, "leave", group,
   * pids]`. Gives the reference, and who is in it now.
   *
   * ```ts
   * await pg.start("news");
   * const [ref, members] = await pg.monitor("readers", { scope: "news" });
   * members; // []
   * await pg.join("readers", self(), { scope: "news" });
   * (await receive())[1]; // "join"
   * ```
   */
  async monitor(group: unknown, { scope = DEFAULT }: PgOptions = {}): Promise<[ref: Ref, members: Pid[]]> {
    return (await genCall(scope, ["monitor", group], Infinity, ["pg", "monitor", [scope, group]])) as [Ref, Pid[]];
  },

  /** Like {@link pg.monitor}, for all groups of a scope. Gives the reference, and the groups with who is in them. */
  async monitorScope({ scope = DEFAULT }: PgOptions = {}): Promise<[ref: Ref, groups: Map<unknown, Pid[]>]> {
    const answer = await genCall(scope, ["monitor_scope"], Infinity, ["pg", "monitorScope", [scope]]);
    const [ref, groups] = answer as [Ref, [unknown, Pid[]][]];
    return [ref, new Map(groups)];
  },

  /** Ends a monitor, and takes what it has sent out of the mailbox. `"ok"`, or `false` if it is none. */
  async demonitor(ref: Ref, { scope = DEFAULT }: PgOptions = {}): Promise<"ok" | false> {
    const process = current();
    const answer = await genCall(scope, ["demonitor", ref], Infinity, ["pg", "demonitor", [scope, ref]]);
    if (answer !== "ok") return false;
    process.mailbox.drop((message) => Array.isArray(message) && message.length === 4 && message[0] === ref);
    return "ok";
  },
};

async function start(scope: string, link: boolean): Promise<Pid> {
  const starter = current();
  const pid = await startProcess(
    starter,
    (process) => {
      const server = new Scope(process, scope);
      return () => serve(process, link ? starter.pid : undefined, server);
    },
    { link, name: scope, initialCall: "pg.init/1" },
  );
  return pid as Pid;
}

function localOnes(pids: Pid | readonly Pid[]): readonly Pid[] {
  const { runtime } = current();
  const list: readonly unknown[] = Array.isArray(pids) ? pids : [pids];
  for (const pid of list) {
    if (isPid(pid) && runtime.isLocal(pid)) continue;
    throw new MoebiError("nolocal", `Only processes of this node join and leave groups here, not ${inspect(pid)}`);
  }
  return list as readonly Pid[];
}
