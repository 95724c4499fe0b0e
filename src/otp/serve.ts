import { tagOf } from "../term/atom.ts";
import type { Pid } from "../term/pid.ts";
import { reply, type From } from "../process/call.ts";
import { Exit, reasonOfThrown } from "../process/exit.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import { asCall, asSystem, isExitMessage } from "./envelope.ts";

/** What a server does. Each runs to its end before the next message is looked at, also while it awaits. */
export interface Handlers {
  /** What a caller gets for its request. */
  handleCall(request: unknown, from: From): unknown;
  /** Any message that is neither a call nor the parent's end. */
  handleInfo(message: unknown): unknown;
  /** Runs before the server ends by an order to stop, by its parent's end, or by an error of its own. */
  terminate(reason: unknown): unknown;
}

/**
 * A server's life: one message at a time, in the order they came. Ends with an order to stop, or, if the server traps
 * exits, with its parent, whose reason it takes. Never returns.
 */
export async function serve(process: Process, parent: Pid | undefined, handlers: Handlers): Promise<never> {
  let reason: unknown;
  try {
    reason = await untilTold(process, parent, handlers);
  } catch (thrown) {
    if (process.alive) await handlers.terminate(reasonOfThrown(thrown));
    throw thrown;
  }
  await handlers.terminate(reason);
  throw new Exit(reason);
}

/** Gives the reason to stop with. */
async function untilTold(process: Process, parent: Pid | undefined, handlers: Handlers): Promise<unknown> {
  for (;;) {
    const message = await take(process, undefined);
    const call = asCall(message);
    if (call !== undefined) {
      reply(call.from, await handlers.handleCall(call.request, call.from));
      continue;
    }
    const system = asSystem(message);
    if (system !== undefined && Array.isArray(system.request) && tagOf(system.request[0]) === "terminate") {
      reply(system.from, "ok");
      return system.request[1] as unknown;
    }
    if (parent !== undefined && isExitMessage(message, parent)) return message[2];
    await handlers.handleInfo(message);
  }
}
