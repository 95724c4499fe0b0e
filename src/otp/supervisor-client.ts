import { MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import { genCall } from "./gen-call.ts";
import type { ServerRef } from "./server-name.ts";
import { startError, StartError } from "./start-error.ts";
import type { Counts } from "./supervisor-server.ts";

/** One child, as `whichChildren` tells it. */
export type ChildInfo = readonly [
  id: unknown,
  child: Pid | "undefined" | "restarting",
  type: "worker" | "supervisor",
  modules: readonly string[] | "dynamic",
];

/** Asks a supervisor. The caller exits with `[reason, [module, fun, args]]` if it gets no answer. */
export function ask(
  request: unknown,
  module: string,
  fun: string,
  supervisor: ServerRef,
  ...args: readonly unknown[]
): Promise<unknown> {
  return genCall(supervisor, request, Infinity, [module, fun, [supervisor, ...args]]);
}

/**
 * What a start is answered with: a pid, `[pid, extra]`, or `"ignore"`. Throws for a start that failed:
 * `already_started`, `already_present`, `max_children`, `not_found`, `running`, `restarting`, or what the child's start
 * threw.
 */
export function started(answer: unknown): unknown {
  if (answer === "ignore") return "ignore";
  const [tag, value, ...extra] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (tag === "ok" && value === "undefined") return "ignore";
  if (tag === "ok" && isPid(value)) return extra.length === 0 ? value : [value, ...extra];
  if (tag === "error") throw failure(value);
  throw new MoebiError("bad_return_value", "What answered is not a supervisor", { cause: answer });
}

/** What an order is answered with. Throws `not_found`, `running`, `restarting`. */
export function done(answer: unknown): "ok" {
  if (answer === "ok") return "ok";
  const [tag, value] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (tag === "error") throw failure(value);
  throw new MoebiError("bad_return_value", "What answered is not a supervisor", { cause: answer });
}

export function listed(answer: unknown): ChildInfo[] {
  return Array.isArray(answer) ? (answer as ChildInfo[]) : [];
}

export function counted(answer: unknown): Counts {
  return answer as Counts;
}

const MESSAGES: Readonly<Record<string, string>> = {
  already_present:
    "There is a child with that id, which does not run: Supervisor.restartChild starts it, Supervisor.deleteChild forgets it",
  max_children: "The supervisor has as many children as its option maxChildren allows",
  not_found: "The supervisor has no such child",
  running: "The child runs: end it with Supervisor.terminateChild first",
  restarting: "The child is about to be restarted",
};

function failure(reason: unknown): Error {
  if (typeof reason === "string" && Object.hasOwn(MESSAGES, reason)) {
    return new StartError(reason, MESSAGES[reason] ?? "", reason);
  }
  if (Array.isArray(reason) && reason[0] === "already_started" && isPid(reason[1])) {
    return new StartError("already_started", `The child runs already as ${inspect(reason[1])}`, reason);
  }
  return startError(reason);
}
