import { tagOf } from "../term/atom.ts";
import { copy } from "../term/copy.ts";
import { ArgumentError } from "../term/error.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import { isRef, type Ref } from "../term/ref.ts";
import { nameOfModule, resolveFunction } from "../process/modules.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { checkOptions } from "./options.ts";

/**
 * What a task, its owner and its supervisor tell each other: Elixir's protocol, the same from 1.14 to 1.20. It is
 * private to Elixir, which is why it is all in this file.
 */

/** A call as data. A function that travels by itself is `["erlang", "apply", [fn, args]]`. */
export type Mfa = readonly [module: string, fun: string, args: readonly unknown[]];

/** Who started a task: its node, its registered name or else its pid, its pid. */
export type Owner = readonly [node: NodeName, name: string | Pid, pid: Pid];

/** When the supervisor runs a child again. */
export type Restart = "temporary" | "transient" | "permanent";

/** Milliseconds a child gets to end by itself, `"infinity"`, or none at all. `null` leaves it to the supervisor. */
export type WireShutdown = number | "infinity" | "brutal_kill" | null;

/** `(fn)` or `(module, "fun", args)` as data, the arguments copied. Throws `badarg` for anything else. */
export function mfaOf(what: unknown, fun?: unknown, args: unknown = []): Mfa {
  if (typeof what === "function" && fun === undefined) return ["erlang", "apply", [what, []]];
  if (!((typeof what === "object" && what !== null) || typeof what === "string" || typeof what === "function")) {
    throw new ArgumentError("Give a function, or a module, the name of its function and its arguments");
  }
  if (typeof fun !== "string" || !Array.isArray(args)) {
    throw new ArgumentError(
      'Give a function, or a module, the name of its function and an array of arguments: Task.async(Mod, "fun", [1, 2])',
    );
  }
  return [nameOfModule(what), fun, copy([...args]) as unknown[]];
}

/** `(fn, options?)` or `(module, "fun", args?, options?)`, told apart. `call` is what was written, without the options. */
export function splitCall<O extends object>(
  rest: readonly unknown[],
  what: string,
  known: readonly (keyof O & string)[],
): { readonly call: readonly [what: unknown, fun?: unknown, args?: unknown]; readonly options: Partial<O> } {
  const isFunction = typeof rest[0] === "function" && typeof rest[1] !== "string";
  const call = isFunction ? ([rest[0]] as const) : ([rest[0], rest[1], rest[2] ?? []] as const);
  const options = (isFunction ? rest[1] : rest[3]) ?? {};
  checkOptions(what, options, known);
  return { call, options };
}

/** The same call with `input` before its arguments: what a stream runs for each of its inputs. */
export function withInput([module, fun, args]: Mfa, input: unknown): Mfa {
  if (isClosure([module, fun, args])) return [module, fun, [args[0], [input]]];
  return [module, fun, [input, ...args]];
}

function isClosure([module, fun, args]: Mfa): boolean {
  return (
    module === "erlang" &&
    fun === "apply" &&
    args.length === 2 &&
    typeof args[0] === "function" &&
    Array.isArray(args[1])
  );
}

/** Runs the call on the modules of a node. Throws `undef` if it has no such function. */
export function applyMfa(runtime: Runtime, mfa: Mfa): unknown {
  const { fun, args } = running(mfa);
  if (typeof fun === "function") return fun(...args);
  return resolveFunction(runtime.modules, mfa[0], mfa[1], args.length)(...args);
}

/** What a call runs, for those who read logs: a function, or `Mod.fun/2`; and on what arguments. */
export function running(mfa: Mfa): {
  readonly fun: ((...args: readonly unknown[]) => unknown) | string;
  readonly args: readonly unknown[];
} {
  const [module, fun, args] = mfa;
  if (isClosure(mfa)) return { fun: args[0] as () => unknown, args: args[1] as readonly unknown[] };
  return { fun: `${module}.${fun}/${args.length}`, args };
}

export function ownerOf({ runtime, name, pid }: Process): Owner {
  return [runtime.name, name ?? pid, pid];
}

/** What a task must know to run: given when it starts, or in a message from whoever will await it. */
export interface TaskOrder {
  readonly ref: Ref;
  readonly replyTo: Ref | Pid;
  readonly callers: readonly Pid[];
  readonly mfa: Mfa;
}

/** The message by which a supervised task gets what it is to run. */
export function orderMessage(owner: Pid, { ref, replyTo, callers, mfa }: TaskOrder): readonly unknown[] {
  return [owner, ref, replyTo, callers, mfa];
}

/** The order that a message of `owner` is, `undefined` if it is none. */
export function asOrder(message: unknown, owner: Pid): TaskOrder | undefined {
  if (!Array.isArray(message) || message.length !== 5 || message[0] !== owner) return undefined;
  const [, ref, replyTo, callers, call] = message as readonly unknown[];
  const mfa = asMfa(call);
  if (!isRef(ref) || !(isRef(replyTo) || isPid(replyTo)) || !isPids(callers) || mfa === undefined) return undefined;
  return { ref, replyTo, callers, mfa };
}

/** The request to start a task which somebody will give its order, or with `callers` and `mfa`, one that nobody awaits. */
export function startRequest(
  owner: Owner,
  run: "monitor" | { readonly callers: readonly Pid[]; readonly mfa: Mfa },
  restart: Restart,
  shutdown: WireShutdown,
): readonly unknown[] {
  return ["start_task", run === "monitor" ? [owner, "monitor"] : [owner, run.callers, run.mfa], restart, shutdown];
}

export interface StartTask {
  readonly owner: Owner;
  /** `undefined` if the order comes later. */
  readonly run: { readonly callers: readonly Pid[]; readonly mfa: Mfa } | undefined;
  readonly restart: Restart;
  readonly shutdown: WireShutdown;
}

/** The request to start a task that `request` is, `undefined` if it is none: it may come from another node. */
export function asStartTask(request: unknown): StartTask | undefined {
  if (!Array.isArray(request) || request.length !== 4 || tagOf(request[0]) !== "start_task") return undefined;
  const [, args, restartTag, limit] = request as readonly unknown[];
  const restart = tagOf(restartTag);
  const shutdown = asShutdown(limit);
  if (restart !== "temporary" && restart !== "transient" && restart !== "permanent") return undefined;
  if (shutdown === undefined || !Array.isArray(args)) return undefined;
  const owner = asOwner(args[0]);
  if (owner === undefined) return undefined;
  if (args.length === 2 && tagOf(args[1]) === "monitor") return { owner, run: undefined, restart, shutdown };
  const [, callers, call] = args as readonly unknown[];
  const mfa = asMfa(call);
  if (args.length !== 3 || !isPids(callers) || mfa === undefined) return undefined;
  return { owner, run: { callers, mfa }, restart, shutdown };
}

function asOwner(value: unknown): Owner | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [nodeTag, name, pid] = value as readonly unknown[];
  const node = tagOf(nodeTag);
  const known = isPid(name) ? name : tagOf(name);
  return node === undefined || known === undefined || !isPid(pid) ? undefined : [node as NodeName, known, pid];
}

function asMfa(value: unknown): Mfa | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [module, fun] = [tagOf(value[0]), tagOf(value[1])];
  const args: unknown = value[2];
  return module === undefined || fun === undefined || !Array.isArray(args) ? undefined : [module, fun, args];
}

function asShutdown(value: unknown): WireShutdown | undefined {
  // An Erlang node says `nil`.
  if (value === null || value === undefined || tagOf(value) === "nil") return null;
  if (typeof value === "number") return value >= 0 ? value : undefined;
  const tag = tagOf(value);
  return tag === "infinity" || tag === "brutal_kill" ? tag : undefined;
}

function isPids(value: unknown): value is readonly Pid[] {
  return Array.isArray(value) && value.every(isPid);
}
