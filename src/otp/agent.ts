import { ArgumentError } from "../term/error.ts";
import type { Pid } from "../term/pid.ts";
import { current } from "../process/context.ts";
import { defineProgramModule, type Module } from "../process/modules.ts";
import type { FunctionNames, Result } from "../process/spawn.ts";
import { AgentServer, runAgentCall } from "./agent-server.ts";
import type { ChildSpec } from "./child-spec.ts";
import { castMessage } from "./envelope.ts";
import { genCall, genStop } from "./gen-call.ts";
import { serve } from "./serve.ts";
import { sendToServer, type ServerName, type ServerRef } from "./server-name.ts";
import { startProcess } from "./start.ts";
import { mfaOf, splitCall } from "./task-protocol.ts";

const MODULE = "Agent";

/** How an agent is started. */
export interface AgentOptions {
  /** `"Name"` on this node, `{ global: term }` on all, `{ via: [module, term] }`. */
  readonly name?: ServerName | undefined;
  /** How long the first state may take, in milliseconds; no limit unless told. */
  readonly timeout?: number | undefined;
}

declare const STATE: unique symbol;

/** The pid of an agent whose state is an `S`. At run time a pid like others. */
export type AgentPid<S = unknown> = Pid & { readonly [STATE]?: S };

/** How an agent is addressed. */
export type AgentRef<S = unknown> = AgentPid<S> | Exclude<ServerRef, Pid>;

/** What a function of an agent's state takes: any, if the agent is known by a name only. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the function says what the state is
type StateOf<S> = unknown extends S ? any : S;

/**
 * Starts an agent linked to the caller, with what the function gives as its state. The function runs in the agent; its
 * result is copied. Gives the agent's pid. Throws what the function threw (a caller that does not trap exits dies of
 * it), `already_started` if the name is taken, `timeout`, `badarg`.
 *
 * ```ts
 * const agent = Agent.startLink(() => 42);
 * Agent.update(agent, (state) => state + 1);
 * await Agent.get(agent, (state) => state); // 43
 * ```
 */
function startLink<S>(fn: () => S, options?: AgentOptions): Promise<AgentPid<Awaited<S>>>;
function startLink<M extends Module | string, F extends FunctionNames<M>>(
  module: M,
  fun: F,
  args?: readonly unknown[],
  options?: AgentOptions,
): Promise<AgentPid<Result<M, F>>>;
async function startLink(...args: readonly unknown[]): Promise<Pid> {
  return startServer(args, true);
}

/** Starts an agent that nothing holds, as {@link startLink} does. */
function start<S>(fn: () => S, options?: AgentOptions): Promise<AgentPid<Awaited<S>>>;
function start<M extends Module | string, F extends FunctionNames<M>>(
  module: M,
  fun: F,
  args?: readonly unknown[],
  options?: AgentOptions,
): Promise<AgentPid<Result<M, F>>>;
async function start(...args: readonly unknown[]): Promise<Pid> {
  return startServer(args, false);
}

async function startServer(args: readonly unknown[], link: boolean): Promise<Pid> {
  const starter = current();
  const {
    call,
    options: { name, timeout },
  } = splitCall<AgentOptions>(args, `Agent.${link ? "startLink" : "start"}`, ["name", "timeout"]);
  const first = wireCall(call);
  const pid = await startProcess(
    starter,
    async (process) => {
      const server = new AgentServer(process, await runAgentCall(process.runtime, first), name);
      return () => serve(process, link ? starter.pid : undefined, server);
    },
    { link, name, timeout, initialCall: `${MODULE}.init/1` },
  );
  return pid as Pid;
}

/**
 * Gives what a function makes of the state; it runs in the agent, so that what it needs not is not sent. On another node a
 * function goes as its text and the variables it uses; module, function and arguments (after the state) are found
 * there. `timeout` is in milliseconds, 5000 unless told.
 *
 * The caller exits as with `GenServer.call` if there is no agent or it takes longer. An error of the function ends the
 * agent, and the caller exits with it.
 */
function get<S, T>(agent: AgentRef<S>, fn: (state: StateOf<S>) => T, timeout?: number): Promise<Awaited<T>>;
function get<M extends Module | string, F extends FunctionNames<M>>(
  agent: AgentRef,
  module: M,
  fun: F,
  args?: readonly unknown[],
  timeout?: number,
): Promise<Result<M, F>>;
async function get(agent: ServerRef, ...rest: readonly unknown[]): Promise<unknown> {
  return ask("get", agent, rest);
}

/** Makes what a function gives the new state. `"ok"` once it is. Fails as {@link get} does. */
function update<S>(
  agent: AgentRef<S>,
  fn: (state: StateOf<S>) => StateOf<S> | Promise<StateOf<S>>,
  timeout?: number,
): Promise<"ok">;
function update<M extends Module | string, F extends FunctionNames<M>>(
  agent: AgentRef,
  module: M,
  fun: F,
  args?: readonly unknown[],
  timeout?: number,
): Promise<"ok">;
async function update(agent: ServerRef, ...rest: readonly unknown[]): Promise<unknown> {
  return ask("update", agent, rest);
}

/**
 * Gives the first of the two that a function gives, `[value, state]`, and makes the second the new state. Anything else
 * ends the agent with `["bad_return_value", it]`. Fails as {@link get} does.
 *
 * ```ts
 * const stack = Agent.startLink(() => ["a", "b"]);
 * await Agent.getAndUpdate(stack, ([first, ...rest]) => [first, rest]); // "a"
 * ```
 */
function getAndUpdate<S, T>(
  agent: AgentRef<S>,
  fn: (state: StateOf<S>) => readonly [value: T, state: StateOf<S>] | Promise<readonly [value: T, state: StateOf<S>]>,
  timeout?: number,
): Promise<T>;
function getAndUpdate<M extends Module | string, F extends FunctionNames<M>>(
  agent: AgentRef,
  module: M,
  fun: F,
  args?: readonly unknown[],
  timeout?: number,
): Promise<Result<M, F> extends readonly [infer T, unknown] ? T : unknown>;
async function getAndUpdate(agent: ServerRef, ...rest: readonly unknown[]): Promise<unknown> {
  return ask("getAndUpdate", agent, rest);
}

/** Makes what a function gives the new state, later. `"ok"` at once, also if there is no agent. Throws `not_sendable`. */
function cast<S>(agent: AgentRef<S>, fn: (state: StateOf<S>) => StateOf<S> | Promise<StateOf<S>>): "ok";
function cast<M extends Module | string, F extends FunctionNames<M>>(
  agent: AgentRef,
  module: M,
  fun: F,
  args?: readonly unknown[],
): "ok";
function cast(agent: ServerRef, ...call: readonly unknown[]): "ok" {
  sendToServer(current(), agent, castMessage(["cast", wireCall(call)]));
  return "ok";
}

/** Ends an agent with `reason`, and waits until it has, in milliseconds, no limit unless told. `"ok"`. Fails as `GenServer.stop` does. */
async function stop(agent: ServerRef, reason: unknown = "normal", timeout = Infinity): Promise<"ok"> {
  return genStop(agent, reason, timeout, [MODULE, "stop", [agent, reason, timeout]]);
}

/**
 * What a supervisor needs to have an agent among its children: a function that gives the first state, or
 * `[module, "fun", args]`, and whatever `overrides` say.
 */
function childSpec(
  what:
    | (() => unknown)
    | readonly [module: Module | string, fun: string, args?: readonly unknown[], options?: AgentOptions],
  overrides: Partial<ChildSpec> = {},
): ChildSpec {
  const args = Array.isArray(what) ? (what as readonly unknown[]) : [what];
  return { id: MODULE, start: [MODULE, "startLink", args], ...overrides };
}

/** Elixir's `Agent`: a process that keeps a state, for functions that read and change it, one after another. */
export const Agent = { startLink, start, get, update, getAndUpdate, cast, stop, childSpec };
defineProgramModule(MODULE, Agent);

const TAGS = { get: "get", update: "update", getAndUpdate: "get_and_update" } as const;

function ask(fun: keyof typeof TAGS, agent: ServerRef, rest: readonly unknown[]): Promise<unknown> {
  const isFunction = typeof rest[1] !== "string";
  const call = isFunction ? rest.slice(0, 1) : rest.slice(0, 3);
  const timeout = (isFunction ? rest[1] : rest[3]) ?? 5000;
  return genCall(agent, [TAGS[fun], wireCall(call)], timeout as number, [MODULE, fun, [agent, ...call, timeout]]);
}

/** What was written, `(fn)` or `(module, "fun", args)`, as it is sent. Throws `badarg` for anything else. */
function wireCall([what, fun, args = []]: readonly unknown[]): unknown {
  if (typeof what === "function" && fun === undefined) return what;
  if (what === undefined) throw new ArgumentError("Give a function of the state, or module, function and arguments");
  return mfaOf(what, fun, args);
}
