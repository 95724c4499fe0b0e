/** The prompt that looks into a process, at a terminal of this node: keys that are no statement's are for whoever evaluates there. */
import { pryingAt } from "../io/group.ts";
import type { LocalNode } from "../node/local-node.ts";
import { genCall } from "../otp/gen-call.ts";
import { send } from "../process/spawn.ts";
import type { Pid } from "../term/pid.ts";

/** A Tab waits no longer for the other node. */
const PATIENCE_MS = 1000;

/** Stops what is evaluated at the innermost such prompt of a leader; whether there is one. */
export function interruptPried(node: LocalNode, leader: Pid): boolean {
  const holder = pryingAt(node.runtime, leader);
  if (holder === undefined) return false;
  const { session } = holder;
  const here = node.runtime.find(session);
  // At once where that can be: what computes without a pause, and is about to begin, would not hear of it.
  if (here === undefined) void node.run(() => send(session, "interrupt"));
  else node.runtime.deliver(here, "interrupt");
  return true;
}

/** What such a prompt's shell answers to `["complete", text]` or `["offer", text]`; `undefined` if there is none. Rejects if that takes long. */
export function askPried(
  node: LocalNode,
  leader: Pid,
  what: "complete" | "offer",
  before: string,
): Promise<unknown> | undefined {
  const holder = pryingAt(node.runtime, leader);
  if (holder === undefined) return undefined;
  return node.run(() => genCall(holder.session, [what, before], PATIENCE_MS, ["Moebi.Shell", what, [before]]));
}
