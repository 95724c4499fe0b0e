import type { NodeName } from "../term/pid.ts";
import { current } from "../process/context.ts";
import type { Module } from "../process/modules.ts";
import { tellProgress } from "../process/progress.ts";
import type { Arguments, FunctionNames, Result } from "../process/spawn.ts";
import { type CallResult, apply, applicationOf, type Failure } from "./erpc.ts";
import { connectionsOf } from "./node-module.ts";

/** What `rpc.call` gives where the call did not go well. */
export type BadRpc = readonly ["badrpc", unknown];

/** Erlang's `rpc`: remote calls whose failures are values. {@link erpc} throws instead. */
export const rpc = {
  /**
   * Applies a function on a node and gives its value; `"ok"` where it returns nothing, as `IO.puts` would.
   *
   * What went wrong is a value too: `["badrpc", "nodedown"]` (no connection, or lost meanwhile: it may have run),
   * `["badrpc", "timeout"]` (`timeout` in ms; it may still run), `["badrpc", ["EXIT", reason]]` for an error or exit
   * there. What it throws that is no error comes back as if returned. Bad arguments throw `badarg`, before any traffic.
   *
   * ```ts
   * await rpc.call("nobody@localhost", Kernel, "node", []); // ["badrpc", "nodedown"]
   * ```
   */
  async call<M extends Module | string, F extends FunctionNames<M>>(
    node: NodeName,
    ...rest: [fn: () => unknown, timeout?: number] | [module: M, fun: F, args?: Arguments<M, F>, timeout?: number]
  ): Promise<Result<M, F> | BadRpc | "ok"> {
    const { application, timeout } = applicationOf(node, rest);
    return valueOf(await apply(current(), node, application, timeout)) as Result<M, F> | BadRpc | "ok";
  },

  /** Applies a function on a node and does not wait. Always `true`. */
  cast(node: NodeName, ...rest: readonly unknown[]): true {
    const { application } = applicationOf(node, rest);
    void apply(current(), node, application, Infinity);
    return true;
  },

  /**
   * Applies a function on several nodes at once, by default on all connected and the own. Gives the values (a
   * `badrpc` among them for one that failed there) and the nodes that gave none. Within `timeout` (ms) in all.
   */
  async multicall(...all: readonly unknown[]): Promise<[values: unknown[], badNodes: NodeName[]]> {
    const process = current();
    const { runtime } = process;
    const given = Array.isArray(all[0]);
    const nodes = given ? (all[0] as NodeName[]) : [runtime.name, ...(connectionsOf(runtime)?.list() ?? [])];
    const rest = given ? all.slice(1) : all;
    const applications = nodes.map((node) => applicationOf(node, rest));
    const told = tellProgress(process, "rpc.multicall", nodes.length);
    const results = await Promise.all(
      applications.map(async ({ application, timeout }, index) => {
        const result = await apply(process, nodes[index] as NodeName, application, timeout);
        told?.step();
        return result;
      }),
    ).finally(() => told?.end());
    const bad = (result: CallResult | Failure): boolean => "failed" in result && result.failed !== "exit";
    return [
      results.filter((result) => !bad(result)).map(valueOf),
      nodes.filter((_, index) => bad(results[index] as CallResult | Failure)),
    ];
  },
};

function valueOf(result: CallResult | Failure): unknown {
  if ("failed" in result) {
    if (result.failed === "exit") return ["badrpc", result.reason];
    return ["badrpc", result.failed === "noconnection" ? "nodedown" : "timeout"];
  }
  const [kind, value] = result;
  if (kind === "ok") return value === undefined ? "ok" : value;
  if (kind === "throw") return value;
  return ["badrpc", ["EXIT", value]];
}
