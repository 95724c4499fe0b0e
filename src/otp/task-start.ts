import { MoebiError } from "../term/error.ts";
import { isPid, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { sendFrom } from "../process/destination.ts";
import { link, unlink } from "../process/links.ts";
import { demonitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { sendExit } from "../process/terminate.ts";
import { genCall, type Description } from "./gen-call.ts";
import { callersOf, initialCallOf, runAwaitedTask } from "./task-process.ts";
import type { ServerRef } from "./server-name.ts";
import { type Mfa, orderMessage, ownerOf, startRequest, type WireShutdown } from "./task-protocol.ts";

/** A task that runs, and the reference of its answer. */
export interface Started {
  readonly pid: Pid;
  readonly ref: Ref;
}

/** Starts a task for `process`. `watch` makes the monitor that is also the address of the answer. */
export type StartTask = (process: Process, mfa: Mfa, watch: (pid: Pid) => Ref) => Started | Promise<Started>;

/** Starts a task on this node, linked to `process`. */
export function startLinked(process: Process, mfa: Mfa, watch: (pid: Pid) => Ref): Started {
  const owner = ownerOf(process);
  const callers = callersOf(process);
  // A new process takes its first step when the caller next awaits: by then there is a reference.
  const task = process.runtime.spawn(() => runAwaitedTask(owner, { ref, replyTo: ref, callers, mfa }), {
    parent: process,
    link: true,
    initialCall: initialCallOf(mfa),
  });
  const ref = watch(task.pid);
  return { pid: task.pid, ref };
}

export interface Supervision {
  readonly supervisor: ServerRef;
  /** Whether the task and its owner end with each other. */
  readonly link: boolean;
  readonly shutdown: WireShutdown;
  /** The call as the user wrote it, for the reason of its failure. */
  readonly describe: Description;
}

/**
 * Starts tasks under a supervisor, which may be on another node. The supervisor starts a process that waits for its
 * order; link and monitor are set before the order is sent, on the same way, so that no end of it goes unnoticed.
 */
export function startUnder({ supervisor, link: linked, shutdown, describe }: Supervision): StartTask {
  return async (process, mfa, watch) => {
    const pid = startedPid(
      await genCall(supervisor, startRequest(ownerOf(process), "monitor", "temporary", shutdown), Infinity, describe),
    );
    if (linked) link(process, pid);
    const ref = watch(pid);
    try {
      sendFrom(process, pid, orderMessage(process.pid, { ref, replyTo: ref, callers: callersOf(process), mfa }));
    } catch (error) {
      // What can't be sent is told here; over there nobody shall wait for it.
      abandonTask(process, pid, ref);
      throw error;
    }
    return { pid, ref };
  };
}

/** Ends a task of which nobody wants to hear again, and whatever it has said so far. */
export function abandonTask(process: Process, pid: Pid, ref: Ref): void {
  unlink(process, pid);
  demonitor(process, ref, { flush: true });
  sendExit(process, pid, "kill");
}

/** The pid in a supervisor's answer. Throws `max_children`, or the reason the supervisor gives, as an error's code. */
export function startedPid(answer: unknown): Pid {
  const [tag, value] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (tag === "ok" && isPid(value)) return value;
  if (tag === "error" && value === "max_children") {
    throw new MoebiError(
      "max_children",
      "Reached the maximum number of tasks for this task supervisor. How many may run at the same time is the option maxChildren of " +
        "Task.Supervisor.startLink; when streaming, keep maxConcurrency at or below it, and mind the other tasks under the same supervisor",
    );
  }
  throw new MoebiError("bad_return_value", "What answered is not a task supervisor", { cause: answer });
}
