import { isRef, type Ref } from "../term/ref.ts";
import { checkTimeout } from "../process/call.ts";
import { current } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { exitedIn } from "../process/exit.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import { take } from "../process/receive.ts";
import { ArgumentError } from "../term/error.ts";
import { callMessage, isDown, isReply } from "./envelope.ts";
import { resolveServer, type ServerRef } from "./server-name.ts";

/** A request on its way. */
export interface RequestId {
  readonly ref: Ref;
  readonly server: ServerRef;
}

/** What a message says about a request. */
export type Checked<T = unknown> =
  readonly ["reply", value: T] | readonly ["error", [reason: unknown, server: ServerRef]] | "noReply";

/**
 * Sends a request and does not wait. The answer comes as a message, which `receiveResponse` waits for, or which
 * `checkResponse` recognises among those that the caller receives. Never fails for absence: that is an answer too.
 * Throws `not_sendable`, and `badarg` for a name that is not known at once: ask `GenServer.whereis` first.
 */
export function sendRequest(server: ServerRef, request: unknown): RequestId {
  const process = current();
  const found = resolveServer(process, server);
  if (found instanceof Promise) {
    throw new ArgumentError("This name has to be asked for elsewhere: use await GenServer.whereis(server) and its pid");
  }
  // A name that nobody has is watched like one: the DOWN says so.
  const ref = found === null ? process.runtime.makeRef() : monitor(process, found, { alias: "replyDemonitor" });
  if (found === null) process.runtime.deliver(process, ["DOWN", ref, "process", process.pid, "noproc"]);
  else if (process.monitors?.has(ref) === true) {
    sendFrom(
      process,
      typeof found === "string" ? [found, process.runtime.name] : found,
      callMessage([process.pid, ref], request),
    );
  }
  return { ref, server };
}

/** What a received message says of a request: `["reply", value]`, `["error", [reason, server]]`, or `"noReply"`: it is another's. */
export function checkResponse<T = unknown>(message: unknown, { ref, server }: RequestId): Checked<T> {
  if (isReply(message, ref)) return ["reply", message[1] as T];
  if (!isDown(message, ref)) return "noReply";
  return ["error", [downReason(message[4], server), server]];
}

/**
 * Waits for the answer to a request, in milliseconds, no limit unless told, and gives it. Without one the caller exits
 * with `[reason, ["GenServer", "receiveResponse", [request, timeout]]]`, the reasons as of `GenServer.call`; an answer
 * that comes later is lost.
 */
export async function receiveResponse<T = unknown>(request: RequestId, timeout = Infinity): Promise<T> {
  const process = current();
  checkTimeout(timeout);
  if (!isRef((request as { ref?: unknown } | undefined)?.ref))
    throw new ArgumentError("receiveResponse takes what sendRequest gave");
  const message = await take(process, (m) => checkResponse(m, request) !== "noReply", timeout);
  if (isReply(message, request.ref)) return message[1] as T;
  demonitor(process, request.ref, { flush: true });
  const reason = isDown(message, request.ref) ? downReason(message[4], request.server) : "timeout";
  throw exitedIn(reason, "GenServer", "receiveResponse", [request, timeout]);
}

function downReason(reason: unknown, server: ServerRef): unknown {
  if (reason !== "noconnection") return reason;
  const node: unknown = Array.isArray(server) ? server[1] : (server as { readonly node?: unknown }).node;
  return ["nodedown", node];
}
