import { ask } from "../../io/ask.ts";
import { erpc } from "../../node/erpc.ts";
import { isNodeName } from "../../node/node-name.ts";
import type { ProcessTable, Summary, TreeReport } from "../../node/observed/types.ts";
import { current } from "../../process/context.ts";
import { ArgumentError, hasCode } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";
import type { Helper } from "./context.ts";
import { print, PRINTED } from "./print.ts";

const PATIENCE_MS = 5000;

/** A node, live. */
export const observer: Helper = {
  name: "observer",
  usage: ["observer()", 'observer("kate@localhost")'],
  doc:
    "Shows a node live on the whole screen: its peers with round trips and traffic, processes, supervision trees, one " +
    "process in detail, events, processor and memory. ? explains its keys, q leaves it. Prints one look as text where there is no screen. Throws badarg for what " +
    "is no node's name, noconnection and timeout where it prints.",
  make:
    ({ runtime }) =>
    async (node: unknown = runtime.name) => {
      if (!isNodeName(node)) throw new ArgumentError(`observer() takes a node's name, not ${inspect(node)}`);
      const process = current();
      try {
        await ask(process, process.leader, ["observe", node]);
        return PRINTED;
      } catch (error) {
        // A leader of another kind knows nothing of it.
        if (!hasCode(error, "enotsup") && !hasCode(error, "request")) throw error;
        return print(...(await snapshot(node)));
      }
    },
};

/** One look at a node, as lines. Fails as `erpc.call` does. */
export async function snapshot(node: NodeName): Promise<string[]> {
  const about = async <T>(fun: string, ...args: readonly unknown[]): Promise<T> =>
    (await erpc.call(node, "Moebi.Observed", fun, args, PATIENCE_MS)) as T;
  // The first question sets the measuring of round trips going, and the last has them.
  await about("summary");
  const table = await about<ProcessTable>("processes", { limit: 20 });
  const tree = await about<TreeReport>("tree");
  const summary = await about<Summary>("summary");
  const { snapshotLines } = await import("../observer-text.ts");
  return snapshotLines(summary, table, tree);
}
