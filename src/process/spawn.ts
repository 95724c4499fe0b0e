import { copy } from "../term/copy.ts";
import { ArgumentError } from "../term/error.ts";
import { titleOfFunction } from "../term/inspect-object.ts";
import type { Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { current } from "./context.ts";
import { sendFrom, type Destination } from "./destination.ts";
import { type Module, nameOfModule, resolveFunction } from "./modules.ts";
import { monitor, type MonitorOptions } from "./monitors.ts";
import type { Runtime } from "./runtime.ts";

/** The names of a module's functions, for typed calls by module, function and arguments. */
export type FunctionNames<M> = M extends string
  ? string
  : { [K in keyof M]: M[K] extends (...args: never[]) => unknown ? K : never }[keyof M] & string;
/** The arguments a module's function takes. */
export type Arguments<M, F> = F extends keyof M
  ? M[F] extends (...args: infer A) => unknown
    ? Readonly<A>
    : readonly unknown[]
  : readonly unknown[];
/** What a module's function gives, awaited. */
export type Result<M, F> = F extends keyof M
  ? M[F] extends (...args: never[]) => infer R
    ? Awaited<R>
    : unknown
  : unknown;

/** The function a process is to run: a function, or a module, the name of its function, and arguments. */
export interface Call {
  readonly body: () => unknown;
  readonly name: string;
}

/**
 * What `(fn)` or `(module, "fun", args)` mean. The arguments are copied; the module is looked up when the process
 * starts, so that an unknown one is the new process' failure (`undef`), not the caller's.
 */
export function callOf(runtime: Runtime, what: unknown, fun?: string, args: readonly unknown[] = []): Call {
  if (typeof what === "function" && fun === undefined)
    return { body: what as () => unknown, name: titleOfFunction(what) };
  if ((typeof what === "object" && what !== null) || typeof what === "string" || typeof what === "function") {
    if (typeof fun !== "string" || !Array.isArray(args)) {
      throw new ArgumentError(
        'Give a function, or a module, the name of its function and an array of arguments: spawn(Mod, "fun", [1, 2])',
      );
    }
    const name = nameOfModule(what);
    const own = copy([...args]) as unknown[];
    return {
      body: () => resolveFunction(runtime.modules, name, fun, own.length)(...own),
      name: `${name}.${fun}/${args.length}`,
    };
  }
  throw new ArgumentError("Give a function, or a module, the name of its function and its arguments");
}

/**
 * Starts a process on this node, running `fn` or `module.fun(...args)`. Gives its pid at once; it takes its first
 * step when the caller next awaits. Not linked: its crash is reported, and harms nobody.
 *
 * ```ts
 * const echo = spawn(() => receive({ ping: (from) => send(from, "pong") }));
 * send(echo, ["ping", self()]);
 * await receive(); // "pong"
 * ```
 */
export function spawn(fn: () => unknown): Pid;
export function spawn<M extends Module | string, F extends FunctionNames<M>>(
  module: M,
  fun: F,
  args?: Arguments<M, F>,
): Pid;
export function spawn(what: unknown, fun?: string, args?: readonly unknown[]): Pid {
  const parent = current();
  const call = callOf(parent.runtime, what, fun, args);
  return parent.runtime.spawn(call.body, { parent, initialCall: call.name }).pid;
}

/** Like {@link spawn}, and linked in the same step: there is no moment at which its death goes unnoticed. */
export function spawnLink(fn: () => unknown): Pid;
export function spawnLink<M extends Module | string, F extends FunctionNames<M>>(
  module: M,
  fun: F,
  args?: Arguments<M, F>,
): Pid;
export function spawnLink(what: unknown, fun?: string, args?: readonly unknown[]): Pid {
  const parent = current();
  const call = callOf(parent.runtime, what, fun, args);
  return parent.runtime.spawn(call.body, { parent, link: true, initialCall: call.name }).pid;
}

/**
 * Like {@link spawn}, and monitored in the same step. Gives `[pid, ref]`.
 *
 * ```ts
 * const [pid, ref] = spawnMonitor(() => exit("done"));
 * await receive({ DOWN: (_ref, _type, _pid, reason) => reason }); // "done"
 * ```
 */
export function spawnMonitor(fn: () => unknown, options?: MonitorOptions): [Pid, Ref];
export function spawnMonitor<M extends Module | string, F extends FunctionNames<M>>(
  module: M,
  fun: F,
  args?: Arguments<M, F>,
): [Pid, Ref];
export function spawnMonitor(what: unknown, fun?: unknown, args?: readonly unknown[]): [Pid, Ref] {
  const parent = current();
  const options = typeof fun === "object" && fun !== null ? (fun as MonitorOptions) : {};
  const call = callOf(parent.runtime, what, typeof fun === "string" ? fun : undefined, args);
  const { pid } = parent.runtime.spawn(call.body, { parent, initialCall: call.name });
  return [pid, monitor(parent, pid, options)];
}

/** The calling process' pid. Fails with `noprocess` outside a process. */
export function self(): Pid {
  return current().pid;
}

/**
 * Sends a message and gives it back. Returns at once; what happens elsewhere never throws here: a dead pid, a node
 * that is away, a name nobody holds on a node all lose the message in silence. A bare name nobody holds is `badarg`;
 * what can't cross to another node is `not_sendable`, naming the path to it, and nothing is sent.
 */
export function send<M>(destination: Destination, message: M): M {
  sendFrom(current(), destination, message);
  return message;
}
