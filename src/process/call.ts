import { ArgumentError } from "../term/error.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import type { Timer } from "./clock.ts";
import { current, processOrUndefined } from "./context.ts";
import { sendFrom, type Destination } from "./destination.ts";
import { demonitor, monitor } from "./monitors.ts";
import type { Process } from "./process.ts";

/** Whom to answer: opaque, can be kept and passed on. The tag is the alias the answer goes to. */
export type From = readonly [caller: Pid, tag: Ref];

/** How a request ended: with an answer, or with the reason there is none. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: unknown };

/**
 * Sends a request to a server and waits for its answer: a monitor whose reference is also the address of the answer
 * (an alias), so that a late answer finds nobody and never shows in a mailbox. Looks at no mailbox, however full.
 *
 * Reasons: `noproc` (not there), `["nodedown", node]` (no connection), `timeout`, or the server's exit reason. Only
 * `noproc` says that the request was not seen. `withdrawal` is sent after it when a person stops the wait.
 */
export async function request(
  process: Process,
  server: Destination,
  envelope: (from: From) => unknown,
  timeout: number,
  withdrawal?: (from: From) => unknown,
): Promise<Outcome> {
  checkTimeout(timeout);
  const { clock, router } = process.runtime;
  // A connection past its soft limit holds calls back; messages it never does.
  const busy = router?.drained(nodeOf(process, server));
  if (busy !== undefined) await process.wait<void>((resolve) => void busy.then(resolve));
  return process.wait<Outcome>((resolve) => {
    let timer: Timer;
    const finish = (outcome: Outcome): void => {
      if (timer !== undefined) clock.clearTimeout(timer);
      resolve(outcome);
    };
    const ref = monitor(
      process,
      server,
      { alias: "replyDemonitor" },
      {
        onDown: (reason) =>
          finish({ ok: false, reason: reason === "noconnection" ? ["nodedown", nodeOf(process, server)] : reason }),
        // `[tag, value]` of a server, `["io_reply", tag, value]` of a group leader.
        onMessage: (message) => finish({ ok: true, value: (message as readonly unknown[]).at(-1) }),
      },
    );
    if (process.monitors?.has(ref) !== true) return undefined;
    // By the pair, since a bare name that vanished meanwhile would throw.
    const target = typeof server === "string" ? ([server, process.runtime.name] as const) : server;
    sendFrom(process, target, envelope([process.pid, ref]));
    if (timeout !== Infinity) {
      timer = clock.setTimeout(() => {
        demonitor(process, ref);
        resolve({ ok: false, reason: "timeout" });
      }, timeout);
    }
    return () => {
      if (timer !== undefined) clock.clearTimeout(timer);
      // The wait ends with the process, or before it: nobody wants the answer any more.
      if (!process.alive) return;
      demonitor(process, ref);
      if (withdrawal !== undefined) sendFrom(process, target, withdrawal([process.pid, ref]));
    };
  });
}

/** Answers a request. A second answer, or one to a caller that gave up, is lost. Always `"ok"`. */
export function reply(from: From, value: unknown): "ok" {
  sendFrom(current(), from[1], [from[1], value]);
  return "ok";
}

/** The node a destination names. */
export function nodeOf(process: Process, destination: Destination): NodeName {
  if (isPid(destination)) return destination.node;
  if (Array.isArray(destination)) return destination[1] as NodeName;
  return process.runtime.name;
}

/** Throws `badarg` unless it is a number of milliseconds, zero or more, or Infinity. */
export function checkTimeout(timeout: unknown): asserts timeout is number {
  if (typeof timeout !== "number" || !(timeout >= 0)) {
    throw new ArgumentError(
      `A timeout is a number of milliseconds or Infinity, not ${typeof timeout === "number" ? String(timeout) : typeof timeout}`,
    );
  }
}

/** Whether the caller itself is what `destination` names on this node. */
export function isSelf(destination: Destination): boolean {
  const process = processOrUndefined();
  if (process === undefined) return false;
  if (isPid(destination)) return destination === process.pid;
  const name =
    typeof destination === "string"
      ? destination
      : Array.isArray(destination) && destination[1] === process.runtime.name
        ? destination[0]
        : undefined;
  return name !== undefined && process.name === name;
}
