import { ArgumentError, MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { formatExit } from "../process/format-exit.ts";
import type { DebugEvent, DebugFunction } from "./debug.ts";
import { systemCall } from "./gen-call.ts";
import type { ServerRef } from "./server-name.ts";

/** What was counted of a server. */
export interface Statistics {
  readonly startTime: Date;
  readonly currentTime: Date;
  readonly messagesIn: number;
  /** Answers to calls; what the server sends otherwise is not counted. */
  readonly messagesOut: number;
}

/**
 * A server's state: the fields of a GenServer, as a copy; what an Agent keeps. For people who debug, not for programs.
 * The caller exits as in `GenServer.call` if there is no answer in time.
 */
async function getState(server: ServerRef, timeout = 5000): Promise<unknown> {
  return value(await ask(server, "get_state", timeout, "getState"));
}

/**
 * Replaces a server's state by what `change` makes of it, in the server; gives the new one. For a GenServer both are an object of its
 * fields. Throws `callback_failed`, with the reason as its cause, if `change` throws: the state is then as it was.
 */
async function replaceState(server: ServerRef, change: (state: never) => unknown, timeout = 5000): Promise<unknown> {
  return value(await ask(server, ["replace_state", change], timeout, "replaceState"));
}

/** Makes a server leave all messages where they are, but for those of `sys` and the order to stop, until `resume`. */
async function suspend(server: ServerRef, timeout = Infinity): Promise<"ok"> {
  await ask(server, "suspend", timeout, "suspend");
  return "ok";
}

/** Makes a suspended server go on; what has come meanwhile is handled in its order. */
async function resume(server: ServerRef, timeout = Infinity): Promise<"ok"> {
  await ask(server, "resume", timeout, "resume");
  return "ok";
}

/** What is known of a server, as Erlang's `sys` tells it: `["status", pid, ["module", m], [dictionary, running, parent, [], misc]]`. */
async function getStatus(server: ServerRef, timeout = 5000): Promise<unknown> {
  return ask(server, "get_status", timeout, "getStatus");
}

/**
 * Prints what a server gets, sends and becomes, at the group leader of the server, until it is switched off; also if that
 * is nobody's terminal. `"ok"`; ends by itself if nobody takes what is printed. See the prompt's `trace` to watch from elsewhere.
 */
async function trace(server: ServerRef, on: boolean, timeout = 5000): Promise<"ok"> {
  return change(server, ["trace", on], timeout, "trace");
}

/**
 * Keeps what a server does: the last 10 events from `true` on, or the last `n` from `[true, n]`, until `false`. `"get"` gives
 * those that are kept, oldest first; `"print"` prints them as `trace` does.
 */
async function log(server: ServerRef, how: "get", timeout?: number): Promise<readonly DebugEvent[]>;
async function log(
  server: ServerRef,
  how: boolean | "print" | readonly [true, n: number],
  timeout?: number,
): Promise<"ok">;
async function log(server: ServerRef, how: unknown, timeout = 5000): Promise<unknown> {
  const request = ["log", how] as const;
  return how === "get" ? value(await debug(server, request, timeout, "log")) : change(server, request, timeout, "log");
}

/** Writes what `trace` prints to a file of the server's node, until `false`. Throws `open_file` if it can't be written. */
async function logToFile(server: ServerRef, file: string | false, timeout = 5000): Promise<"ok"> {
  return change(server, ["log_to_file", file], timeout, "logToFile");
}

/** Counts messages from `true` on; `"get"` gives what was counted, `"noStatistics"` if nothing was. */
async function statistics(server: ServerRef, how: "get", timeout?: number): Promise<Statistics | "noStatistics">;
async function statistics(server: ServerRef, how: boolean, timeout?: number): Promise<"ok">;
async function statistics(server: ServerRef, how: unknown, timeout = 5000): Promise<unknown> {
  const request = ["statistics", how] as const;
  if (how !== "get") return change(server, request, timeout, "statistics");
  const counted = value(await debug(server, request, timeout, "statistics"));
  if (!Array.isArray(counted)) return "noStatistics";
  const known = new Map(counted as readonly (readonly [string, unknown])[]);
  return {
    startTime: known.get("start_time"),
    currentTime: known.get("current_time"),
    messagesIn: known.get("messages_in"),
    messagesOut: known.get("messages_out"),
  };
}

/**
 * Has a function told of each event of a server, in that server: `fn(state, event, name)` gives its next state, or `"done"` to
 * be taken away. Given as `[fn, state]`, or `[id, fn, state]` to be found by `id`; what has that name already stays.
 */
async function install(
  server: ServerRef,
  what: readonly [fn: DebugFunction, state: unknown] | readonly [id: string, fn: DebugFunction, state: unknown],
  timeout = 5000,
): Promise<"ok"> {
  return change(server, ["install", what], timeout, "install");
}

/** Takes away the function installed under `id`, or, on the own node, that function. `"ok"` also if there was none. */
async function remove(server: ServerRef, id: string | DebugFunction, timeout = 5000): Promise<"ok"> {
  return change(server, ["remove", id], timeout, "remove");
}

/** Switches off all that `trace`, `log`, `logToFile`, `statistics` and `install` have switched on. */
async function noDebug(server: ServerRef, timeout = 5000): Promise<"ok"> {
  return change(server, "no_debug", timeout, "noDebug");
}

/** Orders a server to end with `reason`, and does not wait until it has. `GenServer.stop` does. */
async function terminate(server: ServerRef, reason: unknown, timeout = Infinity): Promise<"ok"> {
  await ask(server, ["terminate", reason], timeout, "terminate");
  return "ok";
}

function debug(server: ServerRef, request: unknown, timeout: number, fun: string): Promise<unknown> {
  return ask(server, ["debug", request], timeout, fun);
}

async function change(server: ServerRef, request: unknown, timeout: number, fun: string): Promise<"ok"> {
  const answer = await debug(server, request, timeout, fun);
  if (answer === "ok") return "ok";
  if (Array.isArray(answer) && answer[1] === "open_file")
    throw new MoebiError("open_file", `That file can't be written on the server's node: ${inspect(request)}`);
  throw new ArgumentError(`sys.${fun} can't do that: ${inspect(request)}`);
}

function ask(server: ServerRef, request: unknown, timeout: number, fun: string): Promise<unknown> {
  return systemCall(server, request, timeout, ["sys", fun, [server]]);
}

function value(answer: unknown): unknown {
  const [tag, what] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (tag === "ok") return what;
  if (Array.isArray(what) && what[0] === "callback_failed") {
    const reason: unknown = what[2];
    throw new MoebiError("callback_failed", `The state is as it was: ${formatExit(reason)}`, { cause: reason });
  }
  throw new MoebiError("badarg", "That server does not understand this", { cause: what });
}

/**
 * Erlang's `sys`: looks into any server, and stops and changes it for who debugs.
 *
 * ```ts
 * class Till extends GenServer { coins = 7 }
 * const till = GenServer.startLink(Till);
 * await sys.replaceState(till, ({ coins }) => ({ coins: coins + 1 }));
 * await sys.getState(till); // { coins: 8 }
 * await sys.log(till, true); // "ok"
 * send(till, "hi");
 * await sys.log(till, "get"); // [["in", "hi"], ["noreply", { coins: 8 }]]
 * ```
 */
export const sys = {
  getState,
  replaceState,
  suspend,
  resume,
  getStatus,
  trace,
  log,
  logToFile,
  statistics,
  install,
  remove,
  noDebug,
  terminate,
};
