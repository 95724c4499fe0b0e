import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { checkTimeout } from "../process/call.ts";
import { current } from "../process/context.ts";
import { exitedIn } from "../process/exit.ts";
import { unlink } from "../process/links.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import { sendExit } from "../process/terminate.ts";
import { type Down, isDown, isReply } from "./envelope.ts";
import { checkOwner, TaskStruct } from "./task-struct.ts";

/** A task, or the promise of one, as a supervisor gives it. */
export type TaskLike<T> = TaskStruct<T> | PromiseLike<TaskStruct<T>>;

/** What became of a task: its value, the reason it ended without one, or `null`: nothing yet. */
export type TaskResult<T = unknown> = readonly [tag: "ok", value: T] | readonly [tag: "exit", reason: unknown] | null;

/** How long a task gets to end by itself, in milliseconds; `"brutalKill"`: no time at all. */
export type Shutdown = number | "brutalKill";

const NOTHING = Symbol("nothing");

/**
 * Waits for a task's value. Only its owner may, once.
 *
 * Without one the caller exits with `[reason, ["Task", "await", [task, timeout]]]`: the reason the task ended with,
 * `["nodedown", node]`, or `timeout` after so many milliseconds. In that case the task runs on, linked as it was, and its
 * answer is lost. `badarg` if another process owns the task.
 */
export async function awaitTask<T>(task: TaskLike<T>, timeout = 5000): Promise<T> {
  const process = current();
  const own = await taken(task, process);
  checkTimeout(timeout);
  const message = await answer(process, own.ref, timeout);
  // Also an answer that came between the timeout and now.
  letGo(process, own.ref);
  if (isReply(message, own.ref)) return message[1] as T;
  throw exitedIn(isDown(message) ? reasonOf(message) : "timeout", "Task", "await", [own, timeout]);
}

/**
 * Waits for the values of several tasks, in their order, and `timeout` milliseconds in all. The first that fails, or the
 * timeout, makes the caller exit as {@link awaitTask} does; nothing of the others comes any more.
 */
export async function awaitMany<T>(tasks: readonly TaskLike<T>[], timeout = 5000): Promise<T[]> {
  const process = current();
  const own = await allTaken(tasks, process);
  checkTimeout(timeout);
  const { clock } = process.runtime;
  const until = clock.now() + timeout;
  const waiting = new Set(own.map((task) => task.ref));
  const values = new Map<Ref, unknown>();
  while (waiting.size > 0) {
    const message = await anyAnswer(process, waiting, until - clock.now());
    if (message === NOTHING || isDown(message)) {
      for (const ref of waiting) letGo(process, ref);
      throw exitedIn(isDown(message) ? reasonOf(message) : "timeout", "Task", "awaitMany", [own, timeout]);
    }
    const [ref, value] = message as readonly [Ref, unknown];
    demonitor(process, ref, { flush: true });
    waiting.delete(ref);
    values.set(ref, value);
  }
  return own.map((task) => values.get(task.ref) as T);
}

/**
 * Looks what became of a task, for at most `timeout` milliseconds: `["ok", value]`, `["exit", reason]` if it ended without
 * a value, `null` if neither yet; it may be asked again then. The caller exits only if the task's node is gone.
 * `badarg` if another process owns the task.
 */
export async function yieldTask<T>(task: TaskLike<T>, timeout = 5000): Promise<TaskResult<T>> {
  const process = current();
  const own = await taken(task, process);
  checkTimeout(timeout);
  return resultOf<T>(process, own, await answer(process, own.ref, timeout), "yield", [own, timeout]);
}

/** How {@link yieldMany} waits. */
export interface YieldManyOptions {
  /** How many must have answered for it to return. All, unless told. */
  readonly limit?: number;
  /** Milliseconds in all; 5000 unless told. */
  readonly timeout?: number;
  /** What becomes of those that have not answered by then: they go on, are let go ({@link ignoreTask}), or are killed. */
  readonly onTimeout?: "nothing" | "ignore" | "killTask";
}

/** Looks what became of several tasks. Gives pairs of task and result, in their order; see {@link yieldTask}. */
export async function yieldMany<T>(
  tasks: readonly TaskLike<T>[],
  options: number | YieldManyOptions = {},
): Promise<(readonly [task: TaskStruct<T>, result: TaskResult<T>])[]> {
  const process = current();
  const own = await allTaken(tasks, process);
  const {
    limit = own.length,
    timeout = 5000,
    onTimeout = "nothing",
  } = typeof options === "number" ? { timeout: options } : options;
  checkTimeout(timeout);
  if (!Number.isInteger(limit) || limit < 0)
    throw new ArgumentError(`The option limit is how many tasks to wait for, not ${inspect(limit)}`);
  if (!["nothing", "ignore", "killTask"].includes(onTimeout)) {
    throw new ArgumentError(`The option onTimeout is "nothing", "ignore" or "killTask", not ${inspect(onTimeout)}`);
  }
  const { clock } = process.runtime;
  const until = clock.now() + timeout;
  const byRef = new Map(own.map((task) => [task.ref, task]));
  const waiting = new Set(byRef.keys());
  const results = new Map<Ref, TaskResult<T>>();
  let timedOut = false;
  while (waiting.size > 0 && results.size < limit && !timedOut) {
    const message = await anyAnswer(process, waiting, until - clock.now());
    if (message === NOTHING) {
      timedOut = true;
      break;
    }
    const ref = isDown(message) ? message[1] : (message as readonly [Ref])[0];
    const task = byRef.get(ref);
    waiting.delete(ref);
    if (task !== undefined) results.set(ref, resultOf<T>(process, task, message, "yieldMany", [own, options]));
  }
  for (const ref of timedOut && onTimeout !== "nothing" ? waiting : []) {
    const task = byRef.get(ref);
    if (task !== undefined)
      results.set(ref, await (onTimeout === "ignore" ? ignoreTask(task) : shutdownTask(task, "brutalKill")));
  }
  return own.map((task) => [task, results.get(task.ref) ?? null] as const);
}

/**
 * Unlinks a task, ends it and waits until it has: with `shutdown`, and after `timeout` milliseconds with `kill`; or at once,
 * with `"brutalKill"`. Gives `["ok", value]` if it answered before, `["exit", reason]` if it ended in another way, `null`
 * if it was shut down. The caller exits if the task's node is gone. `badarg` if another process owns the task.
 */
export async function shutdownTask<T>(task: TaskLike<T>, timeout: Shutdown = 5000): Promise<TaskResult<T>> {
  const process = current();
  const own = await taken(task, process);
  if (timeout !== "brutalKill") checkTimeout(timeout);
  const { pid, ref } = own;
  if (pid === null) throw new ArgumentError(`Task ${inspect(own)} does not have a process to shut down`);
  const watch = monitor(process, pid);
  unlink(process, pid);
  sendExit(process, pid, timeout === "brutalKill" ? "kill" : "shutdown");
  const ended = (m: unknown): boolean => isDown(m, watch);
  let down = await take(process, ended, timeout === "brutalKill" ? Infinity : timeout, NOTHING);
  const expected = timeout === "brutalKill" ? "killed" : "shutdown";
  if (down === NOTHING) {
    sendExit(process, pid, "kill");
    down = await take(process, ended);
  }
  // The monitor of old may have seen an end that the new one came too late for.
  const earlier = process.mailbox.take((m) => isDown(m, ref))?.message;
  letGo(process, ref, false);
  const reply = process.mailbox.take((m) => isReply(m, ref))?.message as readonly [Ref, T] | undefined;
  if (reply !== undefined) return ["ok", reply[1]];
  let last = down as Down;
  if (last[4] === "noproc") {
    if (!isDown(earlier)) return null;
    last = earlier;
  }
  if (last[4] === expected) return null;
  if (last[4] === "noconnection") throw exitedIn(reasonOf(last), "Task", "shutdown", [own, timeout]);
  return ["exit", last[4]];
}

/**
 * Lets a task go: unlinked, not stopped, and nothing of it comes to the mailbox any more. Gives what has come already,
 * `["ok", value]` or `["exit", reason]`, else `null`. Does not wait. `badarg` if another process owns the task.
 */
export async function ignoreTask<T>(task: TaskLike<T>): Promise<TaskResult<T>> {
  const process = current();
  // Takes effect at once if it can, for those who don't wait.
  const own = task instanceof TaskStruct ? task : await task;
  checkOwner(own, process);
  const message = process.mailbox.take((m) => isReply(m, own.ref) || isDown(m, own.ref))?.message ?? NOTHING;
  if (message !== NOTHING) return resultOf<T>(process, own, message, "ignore", [own]);
  if (own.pid !== null) unlink(process, own.pid);
  letGo(process, own.ref);
  return null;
}

/** The task of this process that `task` is or promises. */
async function taken<T>(task: TaskLike<T>, process: Process): Promise<TaskStruct<T>> {
  const own = task instanceof TaskStruct ? task : await task;
  checkOwner(own, process);
  return own;
}

async function allTaken<T>(tasks: readonly TaskLike<T>[], process: Process): Promise<TaskStruct<T>[]> {
  if (!Array.isArray(tasks)) throw new ArgumentError("The tasks are an array");
  return Promise.all(tasks.map((task: TaskLike<T>) => taken(task, process)));
}

function answer(process: Process, ref: Ref, timeout: number): Promise<unknown> {
  return take(process, (m) => isReply(m, ref) || isDown(m, ref), timeout, NOTHING);
}

function anyAnswer(process: Process, refs: ReadonlySet<Ref>, timeout: number): Promise<unknown> {
  const match = (m: unknown): boolean =>
    isDown(m) ? refs.has(m[1]) : Array.isArray(m) && m.length === 2 && refs.has(m[0] as Ref);
  return take(process, match, timeout, NOTHING);
}

/** Ends the monitor and address of a task, and drops what came by them; with `replies` false, only the end of it. */
function letGo(process: Process, ref: Ref, replies = true): void {
  demonitor(process, ref, { flush: true });
  if (replies) process.mailbox.drop((m) => isReply(m, ref));
}

function resultOf<T>(
  process: Process,
  task: TaskStruct,
  message: unknown,
  fun: string,
  args: readonly unknown[],
): TaskResult<T> {
  if (message === NOTHING) return null;
  demonitor(process, task.ref, { flush: true });
  if (isReply(message, task.ref)) {
    const value = message[1] as T;
    return ["ok", value];
  }
  const down = message as Down;
  if (down[4] === "noconnection") throw exitedIn(reasonOf(down), "Task", fun, args);
  return ["exit", down[4]];
}

/** Why a task ended, as a call says it: a lost connection names the node. */
function reasonOf([, , , target, reason]: Down): unknown {
  return reason === "noconnection" ? ["nodedown", nodeOfTarget(target)] : reason;
}

function nodeOfTarget(target: Pid | readonly [string, NodeName]): NodeName {
  return isPid(target) ? target.node : target[1];
}
