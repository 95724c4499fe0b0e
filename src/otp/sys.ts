import { MoebiError } from "../term/error.ts";
import { formatExit } from "../process/format-exit.ts";
import { systemCall } from "./gen-call.ts";
import type { ServerRef } from "./server-name.ts";

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
 * ```
 */
export const sys = { getState, replaceState, suspend, resume, getStatus };
