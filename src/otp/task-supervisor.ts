import { ArgumentError, MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import { checkTimeout } from "../process/call.ts";
import { current } from "../process/context.ts";
import { defineProgramModule, type Module } from "../process/modules.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import type { Arguments, FunctionNames, Result } from "../process/spawn.ts";
import type { ChildSpec } from "./child-spec.ts";
import { genCall, genStop, type Description } from "./gen-call.ts";
import { checkOptions } from "./options.ts";
import { serve } from "./serve.ts";
import type { ServerName, ServerRef } from "./server-name.ts";
import { type Life, startProcess } from "./start.ts";
import type { Shutdown } from "./task-await.ts";
import { callersOf } from "./task-process.ts";
import { mfaOf, ownerOf, type Restart, splitCall, startRequest, type WireShutdown } from "./task-protocol.ts";
import { startedPid, startUnder } from "./task-start.ts";
import { type Inputs, type StreamOptions, STREAM_OPTIONS, type StreamResult, streamTasks } from "./task-stream.ts";
import { TaskStruct } from "./task-struct.ts";
import { type TaskSupervisorLimits, TaskSupervisorServer } from "./task-supervisor-server.ts";

/** How a task supervisor is addressed: its pid, its name on this node, `[name, node]`, `{ global }` or `{ via }`. */
export type SupervisorName = ServerRef;

/** How a task supervisor is started. */
export interface TaskSupervisorOptions {
  readonly name?: ServerName;
  /** How many children it may have at once. No limit unless told. */
  readonly maxChildren?: number;
  /** How many restarts within `maxSeconds` it puts up with; 3 unless told. One more ends it, with `shutdown`. */
  readonly maxRestarts?: number;
  /** 5 unless told. */
  readonly maxSeconds?: number;
}

export interface TaskOptions {
  /** How long the supervisor lets the task end by itself: milliseconds, 5000 unless told, or `"brutalKill"`. */
  readonly shutdown?: Shutdown;
}

export interface ChildOptions extends TaskOptions {
  /** When the task is run again: never (`"temporary"`, unless told), after a failure (`"transient"`), always (`"permanent"`). */
  readonly restart?: Restart;
}

const MODULE = "Task.Supervisor";

/** Starts a task supervisor linked to the caller. Gives its pid. Throws `already_started` if its name is taken, `badarg`. */
async function startLink(options: TaskSupervisorOptions = {}): Promise<Pid> {
  return startServer(current(), options, true);
}

/** Starts a task supervisor that nothing holds. Gives its pid. Throws as {@link startLink} does. */
async function start(options: TaskSupervisorOptions = {}): Promise<Pid> {
  return startServer(current(), options, false);
}

async function startServer(parent: Process, options: TaskSupervisorOptions, link: boolean): Promise<Pid> {
  checkOptions(`${MODULE}.${link ? "startLink" : "start"}`, options, [
    "name",
    "maxChildren",
    "maxRestarts",
    "maxSeconds",
  ]);
  const { name } = options;
  const limits = limitsOf(options);
  const init = (server: Process): Life => {
    server.trapExit = true;
    return () => serve(server, link ? parent.pid : undefined, new TaskSupervisorServer(server, limits));
  };
  return (await startProcess(parent, init, { link, name, initialCall: `${MODULE}.init/1` })) as Pid;
}

function limitsOf({
  maxChildren = Infinity,
  maxRestarts = 3,
  maxSeconds = 5,
}: TaskSupervisorOptions): TaskSupervisorLimits {
  const limits = { maxChildren, maxRestarts, maxSeconds };
  for (const [option, value] of Object.entries(limits)) {
    if (typeof value !== "number" || !(value >= 0))
      throw new ArgumentError(`The option ${option} is a number, zero or more, not ${inspect(value)}`);
  }
  return limits;
}

/**
 * Starts a task under a supervisor, linked to the caller, who is to await it. The supervisor may be on another node:
 * the task then runs there, on that node's modules, and prints there.
 *
 * Without a supervisor the caller exits with `[reason, ["Task.Supervisor", "async", args]]`: `noproc`, or
 * `["nodedown", node]`. Throws `max_children` if it is full, `not_sendable` for a function or arguments that can't travel.
 */
async function async<T>(
  supervisor: SupervisorName,
  fn: () => T,
  options?: TaskOptions,
): Promise<TaskStruct<Awaited<T>>>;
async function async<M extends Module | string, F extends FunctionNames<M>>(
  supervisor: SupervisorName,
  module: M,
  fun: F,
  args?: Arguments<M, F>,
  options?: TaskOptions,
): Promise<TaskStruct<Result<M, F>>>;
async function async(supervisor: SupervisorName, ...rest: readonly unknown[]): Promise<TaskStruct> {
  return startAwaited(supervisor, rest, true, "async");
}

/** Like {@link async}, and not linked: the caller outlives a failure of the task, and hears of it when it awaits or yields. */
async function asyncNolink<T>(
  supervisor: SupervisorName,
  fn: () => T,
  options?: TaskOptions,
): Promise<TaskStruct<Awaited<T>>>;
async function asyncNolink<M extends Module | string, F extends FunctionNames<M>>(
  supervisor: SupervisorName,
  module: M,
  fun: F,
  args?: Arguments<M, F>,
  options?: TaskOptions,
): Promise<TaskStruct<Result<M, F>>>;
async function asyncNolink(supervisor: SupervisorName, ...rest: readonly unknown[]): Promise<TaskStruct> {
  return startAwaited(supervisor, rest, false, "asyncNolink");
}

async function startAwaited(
  supervisor: SupervisorName,
  rest: readonly unknown[],
  link: boolean,
  name: string,
): Promise<TaskStruct> {
  const process = current();
  const { call, options } = splitCall<TaskOptions>(rest, `${MODULE}.${name}`, ["shutdown"]);
  const startTask = startUnder({
    supervisor,
    link,
    shutdown: wireShutdown(options.shutdown),
    describe: [MODULE, name, [supervisor, ...call]],
  });
  const { pid, ref } = await startTask(process, mfaOf(...call), (task) =>
    monitor(process, task, { alias: "demonitor" }),
  );
  return new TaskStruct(pid, ref, process.pid);
}

/**
 * Starts a task under a supervisor that nobody awaits and that outlives the caller. Gives its pid. With the option
 * `restart` it is run again when it ends. Fails as {@link async} does.
 */
async function startChild(supervisor: SupervisorName, fn: () => unknown, options?: ChildOptions): Promise<Pid>;
async function startChild<M extends Module | string, F extends FunctionNames<M>>(
  supervisor: SupervisorName,
  module: M,
  fun: F,
  args?: Arguments<M, F>,
  options?: ChildOptions,
): Promise<Pid>;
async function startChild(supervisor: SupervisorName, ...rest: readonly unknown[]): Promise<Pid> {
  const process = current();
  const { call, options } = splitCall<ChildOptions>(rest, `${MODULE}.startChild`, ["restart", "shutdown"]);
  const { restart = "temporary", shutdown } = options;
  if (!["temporary", "transient", "permanent"].includes(restart)) {
    throw new ArgumentError(`The option restart is "temporary", "transient" or "permanent", not ${inspect(restart)}`);
  }
  const run = { callers: callersOf(process), mfa: mfaOf(...call) };
  const message = startRequest(ownerOf(process), run, restart, wireShutdown(shutdown));
  return startedPid(await genCall(supervisor, message, Infinity, [MODULE, "startChild", [supervisor, ...call]]));
}

/**
 * Runs a function for each input, in a task of its own under a supervisor, linked to the consumer. Gives an async iterable
 * of results; see {@link StreamOptions}. A failed task ends a consumer that does not trap exits. Throws `badarg` naming
 * the option that is wrong; while it runs, what {@link async} throws.
 */
function asyncStream<I, T>(
  supervisor: SupervisorName,
  inputs: Inputs<I>,
  fn: (input: I) => T,
  options?: StreamOptions & TaskOptions,
): AsyncIterable<StreamResult<Awaited<T>>>;
function asyncStream<I, M extends Module | string, F extends FunctionNames<M>>(
  supervisor: SupervisorName,
  inputs: Inputs<I>,
  module: M,
  fun: F,
  args?: readonly unknown[],
  options?: StreamOptions & TaskOptions,
): AsyncIterable<StreamResult<Result<M, F>>>;
function asyncStream(
  supervisor: SupervisorName,
  inputs: Inputs<unknown>,
  ...rest: readonly unknown[]
): AsyncIterable<StreamResult> {
  return stream(supervisor, inputs, rest, true, "asyncStream");
}

/** Like {@link asyncStream}, and not linked: a task that fails is a result, `["exit", reason]`. */
function asyncStreamNolink<I, T>(
  supervisor: SupervisorName,
  inputs: Inputs<I>,
  fn: (input: I) => T,
  options?: StreamOptions & TaskOptions,
): AsyncIterable<StreamResult<Awaited<T>>>;
function asyncStreamNolink<I, M extends Module | string, F extends FunctionNames<M>>(
  supervisor: SupervisorName,
  inputs: Inputs<I>,
  module: M,
  fun: F,
  args?: readonly unknown[],
  options?: StreamOptions & TaskOptions,
): AsyncIterable<StreamResult<Result<M, F>>>;
function asyncStreamNolink(
  supervisor: SupervisorName,
  inputs: Inputs<unknown>,
  ...rest: readonly unknown[]
): AsyncIterable<StreamResult> {
  return stream(supervisor, inputs, rest, false, "asyncStreamNolink");
}

function stream(
  supervisor: SupervisorName,
  inputs: Inputs<unknown>,
  rest: readonly unknown[],
  link: boolean,
  name: string,
): AsyncIterable<StreamResult> {
  const { call, options } = splitCall<StreamOptions & TaskOptions>(rest, `${MODULE}.${name}`, [
    ...STREAM_OPTIONS,
    "shutdown",
  ]);
  const describe: Description = [MODULE, name, [supervisor, inputs, ...call]];
  const startTask = startUnder({ supervisor, link, shutdown: wireShutdown(options.shutdown), describe });
  return streamTasks(inputs, mfaOf(...call), startTask, options, [MODULE, name]);
}

/** The pids of a supervisor's tasks, oldest first. Fails as {@link async} does. */
async function children(supervisor: SupervisorName): Promise<Pid[]> {
  const answer = await genCall(supervisor, "which_children", Infinity, [MODULE, "children", [supervisor]]);
  return (Array.isArray(answer) ? (answer as readonly (readonly unknown[])[]) : [])
    .map((child) => child[1])
    .filter(isPid);
}

/** Ends a task, in the time it was started with, and waits until it has. `"ok"`. Throws `not_found` if it is no child. */
async function terminateChild(supervisor: SupervisorName, pid: Pid): Promise<"ok"> {
  if (!isPid(pid)) throw new ArgumentError("Task.Supervisor.terminateChild takes the pid of a child");
  const answer = await genCall(supervisor, ["terminate_child", pid], Infinity, [
    MODULE,
    "terminateChild",
    [supervisor, pid],
  ]);
  if (answer === "ok") return "ok";
  throw new MoebiError("not_found", `${inspect(pid)} is no child of that supervisor`);
}

/** Ends a supervisor and all its tasks, and waits until they have. `"ok"`. The caller exits if that fails or takes longer (ms). */
async function stop(supervisor: SupervisorName, reason: unknown = "normal", timeout = Infinity): Promise<"ok"> {
  return genStop(supervisor, reason, timeout, [MODULE, "stop", [supervisor, reason, timeout]]);
}

/** What a supervisor needs to have a task supervisor among its children. */
function childSpec(options: TaskSupervisorOptions = {}): ChildSpec {
  return {
    id: options.name ?? MODULE,
    start: [TaskSupervisor, "startLink", [options]],
    restart: "permanent",
    type: "supervisor",
  };
}

/** Elixir's `Task.Supervisor`: tasks that run under a process of their node, here or on another. */
export const TaskSupervisor = {
  startLink,
  start,
  async,
  asyncNolink,
  startChild,
  asyncStream,
  asyncStreamNolink,
  children,
  terminateChild,
  stop,
  childSpec,
};
defineProgramModule(MODULE, TaskSupervisor);

function wireShutdown(shutdown: Shutdown | undefined): WireShutdown {
  if (shutdown === undefined) return null;
  if (shutdown === "brutalKill") return "brutal_kill";
  checkTimeout(shutdown);
  return shutdown === Infinity ? "infinity" : shutdown;
}
