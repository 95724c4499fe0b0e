/** Lines of their own for nodes that come and go, for those who want them: the setting `nodeEvents`. */
import { connectionsOf } from "../node/node-module.ts";
import type { NodeListener } from "../node/node-events.ts";
import type { Runtime } from "../process/runtime.ts";
import { escapeControls } from "../term/escape.ts";
import type { NodeName } from "../term/pid.ts";
import { settingsOf } from "./settings.ts";

/** `kate@localhost is up`, `kate@localhost is down: noconnection`. */
export function nodeLine(event: "nodeup" | "nodedown", node: NodeName, reason?: string): string {
  if (event === "nodeup") return `${node} is up`;
  return reason === undefined ? `${node} is down` : `${node} is down: ${escapeControls(reason)}`;
}

/**
 * Prints such a line, dim where there are colours, for each node that is no hidden one, while the setting says so. Gives a
 * function that ends it.
 */
export function tellOfNodes(runtime: Runtime, print: (text: string) => void, colours: boolean): () => void {
  const told: NodeListener = (event, { name, hidden }, reason) => {
    const { nodeEvents, colors } = settingsOf(runtime).current;
    if (!nodeEvents || hidden) return;
    const line = nodeLine(event, name, reason);
    print(colours && colors ? `\u001b[2m${line}\u001b[22m\n` : `${line}\n`);
  };
  return connectionsOf(runtime)?.events.listen(told) ?? (() => undefined);
}
