import type { Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import type { Timer } from "../process/clock.ts";
import { unlink } from "../process/links.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { sendExit } from "../process/terminate.ts";
import { isDown, isExitMessage } from "./envelope.ts";

/** A child that is to end. */
export interface Stopping {
  readonly pid: Pid;
  /** Milliseconds it gets to end by itself, `Infinity`, or `"brutalKill"`: none. */
  readonly shutdown: number | "brutalKill";
  /** The monitor its parent has on it, if any; it is off afterwards. */
  readonly ref?: Ref | undefined;
}

/**
 * Ends children of `process`, all at once, and waits until each has: `shutdown` first, `kill` when its time is up. Gives
 * the reasons they ended with. Nothing of them is left in the mailbox, neither `EXIT` nor `DOWN`.
 */
export async function stopChildren(process: Process, children: readonly Stopping[]): Promise<Map<Pid, unknown>> {
  const reasons = new Map<Pid, unknown>();
  if (children.length === 0) return reasons;
  const { clock } = process.runtime;
  const timers: Timer[] = [];
  const undo = (): void => {
    for (const timer of timers) clock.clearTimeout(timer);
  };
  await process.wait<void>((resolve) => {
    const running = new Map<Pid, Stopping>();
    let complete = false;
    const ended = (pid: Pid, reason: unknown): void => {
      reasons.set(pid, reason);
      running.delete(pid);
      if (!complete || running.size > 0) return;
      undo();
      resolve();
    };
    for (const child of children) {
      const { pid, ref } = child;
      const earlier = ref === undefined ? undefined : takeDown(process, ref);
      running.set(pid, child);
      monitor(process, pid, {}, { onDown: (reason) => ended(pid, earlier === undefined ? reason : earlier.reason) });
      // So that its end does not come twice.
      unlink(process, pid);
    }
    // Only of those that had ended before.
    if (reasons.size > 0) process.mailbox.drop((message) => isExitMessage(message) && reasons.has(message[1]));
    for (const limit of limitsOf(running)) {
      const kill = (): void => {
        for (const { pid, shutdown } of running.values()) if (shutdown === limit) sendExit(process, pid, "kill");
      };
      timers.push(clock.setTimeout(kill, limit));
    }
    for (const { pid, shutdown } of [...running.values()]) {
      sendExit(process, pid, shutdown === "brutalKill" ? "kill" : "shutdown");
    }
    complete = true;
    if (running.size === 0) {
      undo();
      resolve();
    }
    return undo;
  });
  return reasons;
}

/** Ends a monitor. Gives what it has said already, which is nothing if the process still runs. */
function takeDown(process: Process, ref: Ref): { readonly reason: unknown } | undefined {
  const fired = process.monitors?.has(ref) !== true;
  demonitor(process, ref);
  if (!fired) return undefined;
  const taken = process.mailbox.take((message) => isDown(message, ref));
  return taken === undefined ? undefined : { reason: (taken.message as readonly unknown[])[4] };
}

function limitsOf(running: ReadonlyMap<Pid, Stopping>): Set<number> {
  const limits = new Set<number>();
  for (const { shutdown } of running.values())
    if (shutdown !== "brutalKill" && shutdown !== Infinity) limits.add(shutdown);
  return limits;
}
