import { isatty } from "node:tty";
import type { LocalNode } from "../node/local-node.ts";
import { snapshot } from "../shell/helpers/observer.ts";
import { parse } from "../shell/parse.ts";
import type { NodeName } from "../term/pid.ts";
import { isDumb } from "./dumb-device.ts";

/** `moebi observe NODE`: shows a node live, or prints one look at it where there is no terminal. */
export async function observe(node: LocalNode, target: NodeName): Promise<void> {
  if (!isatty(0) || !isatty(1) || isDumb(process.env)) {
    process.stdout.write(`${(await node.run(() => snapshot(target))).join("\n")}\n`);
    return;
  }
  const { createTerminal } = await import("../terminal/terminal.ts");
  const device = createTerminal({ parse });
  try {
    await device.observe?.({ runtime: node.runtime, node: target });
  } finally {
    await device.close();
  }
}
