import { isDeepStrictEqual } from "node:util";
import { checkTimeout, isSelf, nodeOf, request, type From } from "../process/call.ts";
import type { Timer } from "../process/clock.ts";
import { current } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { type Exit, exitedIn } from "../process/exit.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import { callMessage, systemMessage } from "./envelope.ts";
import { describedServer, resolveServer, type ServerDestination, type ServerRef } from "./server-name.ts";

/** How a failed call is described in the reason that its caller exits with: as the call that the user wrote. */
export type Description = readonly [module: string, fun: string, args: readonly unknown[]];

/**
 * Calls a server and gives its answer.
 *
 * Without one the caller exits with `[reason, [module, fun, args]]`; reason is `noproc` (nobody there),
 * `["nodedown", node]` (no connection), `timeout` (ms; the server may still be at it, and its late answer is lost),
 * `calling_self`, or the reason the server ended with meanwhile.
 */
export function genCall(server: ServerRef, message: unknown, timeout: number, call: Description): Promise<unknown> {
  return ask(server, (from: From) => callMessage(from, message), timeout, call);
}

/** Asks a server what every server answers, whatever it serves. Gives its answer, and fails as {@link genCall} does. */
export function systemCall(server: ServerRef, message: unknown, timeout: number, call: Description): Promise<unknown> {
  return ask(server, (from: From) => systemMessage(from, message), timeout, call);
}

async function ask(
  server: ServerRef,
  envelope: (from: From) => unknown,
  timeout: number,
  call: Description,
): Promise<unknown> {
  const process = current();
  checkTimeout(timeout);
  const found = resolveServer(process, server);
  const destination = reached(found instanceof Promise ? await found : found, call);
  const outcome = await request(process, destination, envelope, timeout);
  if (!outcome.ok) throw noAnswer(outcome.reason, call);
  return outcome.value;
}

/**
 * Tells a server to stop with `reason` and waits until it has. Gives `"ok"`; fails as {@link genCall} does, also if the
 * server ended with another reason.
 */
export async function genStop(server: ServerRef, reason: unknown, timeout: number, call: Description): Promise<"ok"> {
  const process = current();
  const { clock } = process.runtime;
  checkTimeout(timeout);
  const found = resolveServer(process, server);
  const destination = reached(found instanceof Promise ? await found : found, call);
  const ended = await process.wait<unknown>((resolve) => {
    let timer: Timer;
    const ref = monitor(
      process,
      destination,
      {},
      {
        onDown: (why) => {
          if (timer !== undefined) clock.clearTimeout(timer);
          resolve(why === "noconnection" ? ["nodedown", nodeOf(process, destination)] : why);
        },
      },
    );
    if (process.monitors?.has(ref) !== true) return undefined;
    // By the pair, since a bare name that vanished meanwhile would throw.
    const to = typeof destination === "string" ? ([destination, process.runtime.name] as const) : destination;
    sendFrom(process, to, systemMessage([process.pid, ref], ["terminate", reason]));
    if (timeout !== Infinity) {
      timer = clock.setTimeout(() => {
        demonitor(process, ref);
        resolve("timeout");
      }, timeout);
    }
    return () => {
      if (timer !== undefined) clock.clearTimeout(timer);
    };
  });
  if (!isDeepStrictEqual(ended, reason)) throw noAnswer(ended, call);
  return "ok";
}

/** Exits with `noproc` if nobody has the server's name, `calling_self` if that is the caller. */
function reached(destination: ServerDestination | null, call: Description): ServerDestination {
  if (destination === null) throw noAnswer("noproc", call);
  if (isSelf(destination)) throw noAnswer("calling_self", call);
  return destination;
}

/** The exit of a call without an answer. The first argument, if there is any, is the server. */
function noAnswer(reason: unknown, [module, fun, args]: Description): Exit {
  return exitedIn(
    reason,
    module,
    fun,
    args.map((arg, i) => (i === 0 ? describedServer(arg) : arg)),
  );
}
