import { copy } from "../term/copy.ts";
import { ArgumentError, MoebiError } from "../term/error.ts";
import type { NodeName } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { checkTimeout } from "../process/call.ts";
import { current } from "../process/context.ts";
import type { Deadline } from "../process/deadlines.ts";
import { exit, isExit, reasonOfThrown } from "../process/exit.ts";
import { defineProgramModule, type Module, nameOfModule, resolveFunction } from "../process/modules.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import type { MonitorSinks, Process, Waiting } from "../process/process.ts";
import { tellProgress } from "../process/progress.ts";
import type { Arguments, FunctionNames, Result } from "../process/spawn.ts";
import { terminate } from "../process/terminate.ts";
import { afterwards } from "../otp/afterwards.ts";
import { DONE } from "./erpc-done.ts";
import { isNodeName } from "./node-name.ts";
import { connectionsOf } from "./node-module.ts";

/** How one remote application ended, as `erpc` tells them apart. */
export type CallResult<T = unknown> =
  readonly ["ok", T] | readonly ["throw", unknown] | readonly ["exit", unknown] | readonly ["error", unknown];

/** Runs on the called node, in a process of its own: its end is the answer. */
const Executor = {
  execute(what: unknown, fun: string, args: readonly unknown[]): unknown {
    const process = current();
    // As by an exit, without the error that would carry it: its stack would cost more than the rest of the call.
    const end = (outcome: CallResult): void => terminate(process, [DONE, outcome]);
    const fail = (thrown: unknown): void => end(failureOf(thrown));
    try {
      const value =
        typeof what === "function"
          ? (what as () => unknown)()
          : resolveFunction(process.runtime.modules, what as string, fun, args.length)(...args);
      const ended = afterwards(value, (settled) => end(["ok", settled]));
      return ended instanceof Promise ? ended.catch(fail) : ended;
    } catch (thrown) {
      return fail(thrown);
    }
  },
};

/** What becomes of a call whose function threw. */
function failureOf(thrown: unknown): CallResult {
  const reason = reasonOfThrown(thrown);
  if (isExit(thrown)) return ["exit", reason];
  return Array.isArray(reason) && reason[0] === "nocatch" ? ["throw", reason[1]] : ["error", reason];
}

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
    if (Array.isArray(fun)) throw badarg("a function by itself gets none, but may use variables, as in () => f(x)");
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
  application: Application,
  timeout: number,
  { link = false }: ApplyOptions = {},
): Promise<CallResult | Failure> {
  return new Running(process, node, link).start(application, timeout);
}

export interface ApplyOptions {
  /**
   * Ends what runs with the caller, which has to trap exits, as it hears of the end by the link, too. Without it what runs
   * goes on, as in Erlang.
   */
  readonly link?: boolean;
}

/** What whoever calls calls what is sent. */
const ARGUMENTS = ["fn", "fun", "args"];

/** A function that runs, here or on another node, in a process whose end is waited for. */
class Running implements MonitorSinks, Waiting {
  readonly #process: Process;
  readonly #node: NodeName;
  readonly #result = Promise.withResolvers<CallResult | Failure>();
  #wait = 0;
  #done = false;
  #deadline: Deadline | undefined;

  readonly #link: boolean;

  constructor(process: Process, node: NodeName, link: boolean) {
    this.#process = process;
    this.#node = node;
    this.#link = link;
  }

  start({ what, fun, args }: Application, timeout: number): Promise<CallResult | Failure> {
    const process = this.#process;
    const { runtime } = process;
    const { promise } = this.#result;
    this.#wait = process.waitFor(this);
    try {
      const ref = this.#node === runtime.name ? this.#here(what, fun, args) : this.#there([what, fun, args]);
      // It may have failed at once.
      if (ref !== undefined && !this.#done) this.#deadline = runtime.deadlines.set(timeout, () => this.#over(ref));
    } catch (thrown) {
      process.waitedFor(this.#wait);
      this.abandon(thrown);
    }
    return promise;
  }

  #here(what: Application["what"], fun: string, args: readonly unknown[]): Ref {
    const process = this.#process;
    const given = copy(args);
    const own = process.runtime.spawn(() => Executor.execute(what, fun, given), {
      parent: process,
      link: this.#link,
      initialCall: `${fun}/${args.length}`,
    });
    return monitor(process, own.pid, {}, this);
  }

  #there(args: readonly unknown[]): Ref | undefined {
    const connections = connectionsOf(this.#process.runtime);
    if (connections === undefined) {
      this.#finish({ failed: "noconnection" });
      return undefined;
    }
    const spawn = { module: EXECUTOR, fun: "execute", args, argNames: ARGUMENTS, link: this.#link, monitor: true };
    return connections.spawns.request(this.#process, this.#node, { ...spawn, sinks: this }, ignore);
  }

  onDown(reason: unknown): void {
    if (Array.isArray(reason) && reason[0] === DONE) {
      // On the own node nothing is shared either.
      const outcome: unknown = this.#node === this.#process.runtime.name ? copy(reason[1]) : reason[1];
      this.#finish(outcome as CallResult);
    } else this.#finish(reason === "noconnection" ? { failed: "noconnection" } : { failed: "exit", reason });
  }

  abandon(error: unknown): void {
    this.#process.runtime.deadlines.clear(this.#deadline);
    this.#result.promise.catch(ignore);
    this.#result.reject(error);
  }

  #over(ref: Ref): void {
    connectionsOf(this.#process.runtime)?.spawns.forget(ref);
    demonitor(this.#process, ref);
    this.#finish({ failed: "timeout" });
  }

  #finish(result: CallResult | Failure): void {
    this.#process.runtime.deadlines.clear(this.#deadline);
    this.#process.waitedFor(this.#wait);
    this.#done = true;
    this.#result.resolve(result);
  }
}

const ignore = (): void => undefined;

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
