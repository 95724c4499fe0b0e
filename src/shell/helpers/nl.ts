import { erpc, type CallResult } from "../../node/erpc.ts";
import { connectionsOf } from "../../node/node-module.ts";
import { exportedFunction, exportsOf, nameOfModule } from "../../process/modules.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";
import type { Helper } from "./context.ts";

/** A module for others. */
export const nl: Helper = {
  name: "nl",
  usage: ["nl(Kate)", 'nl(["b@localhost"], Kate)'],
  doc:
    "Loads a module, with the functions it has here, on all connected nodes or on those that are named, in the place of " +
    'one with its name. Gives ["ok", [[node, "loaded", name], …]], and [node, "badrpc", reason] for a node where it ' +
    "failed. Values that are no functions stay here. Throws badarg for what is no module of this node.",
  make:
    ({ runtime }) =>
    async (...args: readonly unknown[]) => {
      const [given, module] = args.length > 1 ? args : [undefined, args[0]];
      if ((typeof module !== "object" && typeof module !== "function" && typeof module !== "string") || module === null)
        throw new ArgumentError(`nl takes a module or its name, not ${inspect(module)}`);
      const name = nameOfModule(module);
      const own = runtime.modules.get(name);
      if (own === undefined) throw new ArgumentError(`${name} is not a module of this node`);
      const functions = Object.fromEntries(exportsOf(own).map((key) => [key, exportedFunction(own, key)]));
      const nodes = (given ?? connectionsOf(runtime)?.list("connected") ?? []) as readonly NodeName[];
      await erpc.multicall(nodes, "Moebi.Code", "expect", [name]);
      const results = await erpc.multicall(nodes, "Moebi.Code", "load", [name, functions]);
      return ["ok", nodes.map((node, index) => reportOf(node, name, results[index]))] as const;
    },
};

function reportOf(node: NodeName, name: string, result: CallResult | undefined): readonly unknown[] {
  return result?.[0] === "ok" ? [node, "loaded", name] : [node, "badrpc", result?.[1]];
}
