import { current } from "../process/context.ts";
import { defineProgramModule, type Module } from "../process/modules.ts";
import { monitor } from "../process/monitors.ts";
import type { Pid } from "../term/pid.ts";
import type { Arguments, FunctionNames, Result } from "../process/spawn.ts";
import type { ChildSpec } from "./child-spec.ts";
import { replyMessage } from "./envelope.ts";
import { awaitMany, awaitTask, ignoreTask, shutdownTask, yieldMany, yieldTask } from "./task-await.ts";
import { callersOf, initialCallOf, runTask } from "./task-process.ts";
import { mfaOf, ownerOf, splitCall } from "./task-protocol.ts";
import { startLinked } from "./task-start.ts";
import { type Inputs, STREAM_OPTIONS, type StreamOptions, type StreamResult, streamTasks } from "./task-stream.ts";
import { TaskStruct } from "./task-struct.ts";
import { TaskSupervisor } from "./task-supervisor.ts";

export type { Shutdown, TaskLike, TaskResult, YieldManyOptions } from "./task-await.ts";
export type { Inputs, StreamOptions, StreamResult } from "./task-stream.ts";

/**
 * Runs a function in a process of its own, linked to the caller, who is to await its value with `Task.await`. Gives the
 * task at once. Whoever waits with `receive` instead gets `[task.ref, value]`, then the `DOWN` of the process.
 *
 * An error in it is logged and, by the link, ends a caller that does not trap exits, awaiting or not. Arguments are copied.
 *
 * ```ts
 * const task = Task.async(() => 6 * 7);
 * await Task.await(task); // 42
 * ```
 */
function async<T>(fn: () => T): TaskStruct<Awaited<T>>;
function async<M extends Module | string, F extends FunctionNames<M>>(
  module: M,
  fun: F,
  args?: Arguments<M, F>,
): TaskStruct<Result<M, F>>;
function async(what: unknown, fun?: string, args?: readonly unknown[]): TaskStruct {
  const process = current();
  const { pid, ref } = startLinked(process, mfaOf(what, fun, args), (task) =>
    monitor(process, task, { alias: "demonitor" }),
  );
  return new TaskStruct(pid, ref, process.pid);
}

/** Runs a function in a process of its own that nobody awaits, and gives its pid. An error in it is logged and harms nobody. */
function start(fn: () => unknown): Pid;
function start<M extends Module | string, F extends FunctionNames<M>>(module: M, fun: F, args?: Arguments<M, F>): Pid;
function start(what: unknown, fun?: string, args?: readonly unknown[]): Pid {
  return startUnawaited(false, what, fun, args);
}

/** Like {@link start}, and linked: what a supervisor starts, see {@link childSpec}. */
function startLink(fn: () => unknown): Pid;
function startLink<M extends Module | string, F extends FunctionNames<M>>(
  module: M,
  fun: F,
  args?: Arguments<M, F>,
): Pid;
function startLink(what: unknown, fun?: string, args?: readonly unknown[]): Pid {
  return startUnawaited(true, what, fun, args);
}

function startUnawaited(link: boolean, what: unknown, fun: unknown, args: unknown): Pid {
  const parent = current();
  const mfa = mfaOf(what, fun, args);
  const owner = ownerOf(parent);
  const callers = callersOf(parent);
  return parent.runtime.spawn(() => runTask(owner, callers, mfa), { parent, link, initialCall: initialCallOf(mfa) })
    .pid;
}

/** A task that has its value already, without a process: for code that may or may not need one. The caller owns it. */
function completed<T>(value: T): TaskStruct<T> {
  const process = current();
  const ref = process.runtime.makeRef();
  process.runtime.sendLocal(process, replyMessage(ref, value));
  return new TaskStruct<T>(null, ref, process.pid);
}

/**
 * Runs a function for each input, each in a task of its own linked to the consumer, several at once. Gives an async
 * iterable of `["ok", value]` and, for a consumer that traps exits or for tasks killed on timeout, `["exit", reason]`;
 * see {@link StreamOptions}. With module and function, the input comes before `args`.
 *
 * A task that fails ends a consumer that does not trap exits; one that takes too long makes it exit with
 * `["timeout", ["Task", "asyncStream", [timeout]]]`. Throws `badarg` at once, naming the option that is wrong.
 *
 * ```ts
 * for await (const result of Task.asyncStream([1, 2, 3], (n) => n * n, { maxConcurrency: 2 })) IO.inspect(result);
 * ```
 */
function asyncStream<I, T>(
  inputs: Inputs<I>,
  fn: (input: I) => T,
  options?: StreamOptions,
): AsyncIterable<StreamResult<Awaited<T>>>;
function asyncStream<I, M extends Module | string, F extends FunctionNames<M>>(
  inputs: Inputs<I>,
  module: M,
  fun: F,
  args?: readonly unknown[],
  options?: StreamOptions,
): AsyncIterable<StreamResult<Result<M, F>>>;
function asyncStream(inputs: Inputs<unknown>, ...rest: readonly unknown[]): AsyncIterable<StreamResult> {
  const { call, options } = splitCall<StreamOptions>(rest, "Task.asyncStream", STREAM_OPTIONS);
  return streamTasks(inputs, mfaOf(...call), startLinked, options, ["Task", "asyncStream"]);
}

/**
 * What a supervisor needs to have a task among its children: a function, or `[module, "fun", args]`. It is not started
 * again unless `overrides` say so. A module's own `childSpec` gives its own `id` and `start` there.
 */
function childSpec(
  what: (() => unknown) | readonly [module: Module | string, fun: string, args?: readonly unknown[]],
  overrides: Partial<ChildSpec> = {},
): ChildSpec {
  const args = Array.isArray(what) ? (what as readonly unknown[]) : [what];
  return { id: "Task", start: [Task, "startLink", args], restart: "temporary", ...overrides };
}

/** Elixir's `Task`: work in a process of its own, whose value somebody waits for. */
export const Task = {
  async,
  await: awaitTask,
  awaitMany,
  yield: yieldTask,
  yieldMany,
  shutdown: shutdownTask,
  ignore: ignoreTask,
  start,
  startLink,
  completed,
  asyncStream,
  childSpec,
  Supervisor: TaskSupervisor,
};
defineProgramModule("Task", Task);

/** A task whose value is a `T`, as `Task.async` gives it. */
export type Task<T = unknown> = TaskStruct<T>;
