import { randomBytes } from "node:crypto";
import type { LocalNode } from "../node/local-node.ts";
import { Node } from "../node/node-module.ts";
import { isLongName, parseNodeName } from "../node/node-name.ts";
import type { NodeOptions } from "../start-node.ts";
import { MoebiError } from "../term/error.ts";
import type { NodeName } from "../term/pid.ts";

/**
 * The options of a node that only looks in on another: hidden, and, unless it is given a name, with one that nobody
 * else has and that is long if the other's is.
 */
export function visitorOptions(options: NodeOptions, target: string): NodeOptions {
  const visited = parseNodeName(target);
  if (options.sname !== undefined || options.name !== undefined) return { ...options, hidden: true };
  const name = `visitor-${randomBytes(6).toString("hex")}`;
  return { ...options, hidden: true, ...(isLongName(visited) ? { name: `${name}@127.0.0.1` } : { sname: name }) };
}

/** Connects to the node that is visited. Rejects with `noconnection`, saying what to look at, if it can't be. */
export async function visit(node: LocalNode, target: NodeName): Promise<void> {
  if ((await node.run(() => Node.connect(target))) === true) return;
  throw new MoebiError(
    "noconnection",
    `Can't connect to "${target}". Is it there ("moebi names" lists the nodes of this host), and is its cookie the same?`,
  );
}
