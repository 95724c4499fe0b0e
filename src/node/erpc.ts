import { copy } from "../term/copy.ts";
import { ArgumentError, MoebiError } from "../term/error.ts";
import type { NodeName } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { checkTimeout } from "../process/call.ts";
import type { Timer } from "../process/clock.ts";
import { current } from "../process/context.ts";
import { exit, isExit, reasonOfThrown } from "../process/exit.ts";
import { defineProgramModule, type Module, nameOfModule, resolveFunction } from "../process/modules.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { tellProgress } from "../process/progress.ts";
import type { Arguments, FunctionNames, Result } from "../process/spawn.ts";
import { terminate } from "../process/terminate.ts";
import { isNodeName } from "./node-name.ts";
import { connectionsOf } from "./node-module.ts";

/** How one remote application ended, as `erpc` tells them apart. */
export type CallResult<T = unknown> =
  readonly ["ok", T] | readonly ["throw", unknown] | readonly ["exit", unknown] | readonly ["error", unknown];

/** The end of the helper process, which carries the outcome: `[ref-free tag, class, value]`. */
const DONE = "$erpc";

/** Runs on the called node, in a process of its own: its end is the answer. */
const Executor = {
  async execute(what: unknown, fun: string, args: readonly unknown[]): Promise<void> {
    const process = current();
    let outcome: CallResult;
    try {
      const value =
        typeof what === "function"
          ? (what as () => unknown)()
          : resolveFunction(process.runtime.modules, what as string, fun, args.length)(...args);
      outcome = ["ok", await value];
    } catch (thrown) {
      const reason = reasonOfThrown(thrown);
      outcome = isExit(thrown)
        ? ["exit", reason]
        : Array.isArray(reason) && reason[0] === "nocatch"
          ? ["throw", reason[1]]
          : ["error", reason];
    }
    // As by an exit, without the error that would carry it: its stack would cost more than the rest of the call.
    terminate(process, [DONE, outcome]);
  },
};
const EXECUTOR = "Moebi.Erpc";
defineProgramModule(EXECUTOR, Executor);

/** What {@link apply} runs: a function, or module, name and arguments. */
export interface Application {
  readonly what: Module | string | (() => unknown);
  readonly fun: string;
  readonly args: readonly unknown[];
}

/** `(fn, timeout?)` or `(module, "fun", args, timeout?)`, told apart and checked before any traffic. */
export function applicationOf(node: unknown, rest: readonly unknown[]): { application: Application; timeout: number } {
  if (!isNodeName(node)) throw badarg(`${JSON.stringify(node) ?? String(node)} is not a node's name`);
  const [what, fun] = rest;
  if (typeof what === "function" && typeof fun !== "string") {
    const timeout = fun ?? Infinity;
    checkTimeout(timeout);
    return { application: { what: what, fun: "", args: [] }, timeout };
  }
  const [, , args = [], timeout = Infinity] = rest;
  if (!((typeof what === "object" && what !== null) || typeof what === "string" || typeof what === "function")) {
    throw badarg("the module is its name, or the module itself");
  }
  if (typeof fun !== "string") throw badarg("the function is given by its name");
  if (!Array.isArray(args)) throw badarg("the arguments are an array");
  checkTimeout(timeout);
  return { application: { what: nameOfModule(what), fun, args }, timeout };
}

function badarg(why: string): ArgumentError {
  return new ArgumentError(`A remote call takes a node, a module, a function's name and an array of arguments: ${why}`);
}

/** How a call failed before or instead of an outcome: `noconnection`, `timeout`, or the helper's own end. */
export type Failure =
  { readonly failed: "noconnection" | "timeout" } | { readonly failed: "exit"; readonly reason: unknown };

/**
 * Applies a function on a node, in a process of its own there, whose output comes here. The one primitive under `rpc`
 * and `erpc`: spawn with a monitor, the outcome being the exit reason, so nothing late can reach the caller's mailbox.
 */
export function apply(
  process: Process,
  node: NodeName,
  { what, fun, args }: Application,
  timeout: number,
): Promise<CallResult | Failure> {
  const { runtime } = process;
  const { clock } = runtime;
  return process.wait<CallResult | Failure>((resolve) => {
    let timer: Timer;
    let ref: Ref | undefined;
    const here = node === runtime.name;
    const onDown = (reason: unknown): void => {
      if (timer !== undefined) clock.clearTimeout(timer);
      // On the own node nothing is shared either.
      if (Array.isArray(reason) && reason[0] === DONE) resolve((here ? copy(reason[1]) : reason[1]) as CallResult);
      else resolve(reason === "noconnection" ? { failed: "noconnection" } : { failed: "exit", reason });
    };
    if (here) {
      const given = copy(args);
      const own = runtime.spawn(() => Executor.execute(what, fun, given), {
        parent: process,
        initialCall: `${String(fun)}/${args.length}`,
      });
      ref = monitor(process, own.pid, {}, { onDown });
    } else {
      const connections = connectionsOf(runtime);
      if (connections === undefined) {
        resolve({ failed: "noconnection" });
        return undefined;
      }
      const spawn = {
        module: EXECUTOR,
        fun: "execute",
        args: [what, fun, args],
        link: false,
        monitor: true,
        sinks: { onDown },
      };
      ref = connections.spawns.request(process, node, spawn, () => undefined);
    }
    if (timeout !== Infinity) {
      timer = clock.setTimeout(() => {
        if (ref !== undefined) {
          connectionsOf(runtime)?.spawns.forget(ref);
          demonitor(process, ref);
        }
        resolve({ failed: "timeout" });
      }, timeout);
    }
    return () => {
      if (timer !== undefined) clock.clearTimeout(timer);
    };
  });
}

/** Thrown by `erpc` for what went wrong between the nodes: `noconnection`, `timeout`, `notsup`. Code as its reason. */
export class ErpcError extends MoebiError {
  constructor(reason: "noconnection" | "timeout", node: NodeName) {
    super(
      reason,
      reason === "timeout"
        ? `The call on ${node} timed out; it may still be running there`
        : `No connection to ${node}`,
    );
  }

  override get name(): string {
    return "ErpcError";
  }
}

interface Calls<P> {
  (node: NodeName, fn: () => unknown, timeout?: number): P;
  <M extends Module | string, F extends FunctionNames<M>>(
    node: NodeName,
    module: M,
    fun: F,
    args?: Arguments<M, F>,
    timeout?: number,
  ): P;
}

/** Erlang's `erpc`: remote calls whose failures are told apart. */
export const erpc = {
  /**
   * Applies a function on a node and gives its value; on the caller's own node it behaves just so.
   *
   * Fails as the function did: with what it threw; with an exit for its `exit(reason)`; with an Error whose `cause` is
   * the remote one, stack kept, for an uncaught error (it ran, to that point). Or with an `ErpcError`: `noconnection`
   * (the node can't be reached, or was lost: it may have run), `timeout` (ms; it may still run). `badarg` before any traffic.
   *
   * ```ts
   * await erpc.call(node(), Kernel, "node", []) === node(); // true
   * await erpc.call("nobody@localhost", Kernel, "node", []).catch((error) => error.code); // "noconnection"
   * ```
   */
  async call<M extends Module | string, F extends FunctionNames<M>>(
    node: NodeName,
    ...rest: [fn: () => unknown, timeout?: number] | [module: M, fun: F, args?: Arguments<M, F>, timeout?: number]
  ): Promise<Result<M, F>> {
    const { application, timeout } = applicationOf(node, rest);
    return valueOf(await apply(current(), node, application, timeout), node) as Result<M, F>;
  },

  /** Applies a function on a node and does not wait; `"ok"` at once, whatever becomes of it. */
  cast: ((node: NodeName, ...rest: unknown[]) => {
    const { application } = applicationOf(node, rest);
    void apply(current(), node, application, Infinity);
    return "ok";
  }) as Calls<"ok">,

  /**
   * Applies a function on several nodes at once: one result per node, in their order: `["ok", value]`,
   * `["throw", value]`, `["exit", reason]`, or `["error", error]`. Takes no longer than `timeout` (ms) in all.
   */
  async multicall(nodes: readonly NodeName[], ...rest: readonly unknown[]): Promise<CallResult[]> {
    if (!Array.isArray(nodes)) throw badarg("the nodes are an array");
    const process = current();
    const applications = nodes.map((node) => applicationOf(node, rest));
    const told = tellProgress(process, "erpc.multicall", nodes.length);
    const results = Promise.all(
      applications.map(async ({ application, timeout }, index) => {
        const node = nodes[index] as NodeName;
        const result = await apply(process, node, application, timeout);
        told?.step();
        if (!("failed" in result)) return result;
        if (result.failed === "exit") return ["exit", result.reason] as const;
        return ["error", new ErpcError(result.failed, node)] as const;
      }),
    );
    return results.finally(() => told?.end());
  },

  /** Applies a function on several nodes and waits for none. */
  multicast(nodes: readonly NodeName[], ...rest: readonly unknown[]): "ok" {
    for (const node of nodes) (erpc.cast as (node: NodeName, ...rest: unknown[]) => "ok")(node, ...rest);
    return "ok";
  },
};

/** The value of a call on a node, or what it failed with, thrown. */
export function valueOf(result: CallResult | Failure, node: NodeName): unknown {
  if ("failed" in result) {
    if (result.failed === "exit") return exit(result.reason);
    throw new ErpcError(result.failed, node);
  }
  const [kind, value] = result;
  switch (kind) {
    case "ok":
      return value;
    case "throw":
      throw value;
    case "exit":
      return exit(value);
    case "error":
      throw remoteError(value, node);
  }
}

/** The error as it was, with the remote one as its cause, so that nested calls show every step. */
function remoteError(error: unknown, node: NodeName): Error {
  if (!(error instanceof Error)) return new MoebiError("exception", `An error was raised on ${node}`, { cause: error });
  const wrapped = new MoebiError("exception", error.message, { cause: error });
  Object.defineProperty(wrapped, "name", { value: error.name, configurable: true });
  return wrapped;
}
