import type { LocalNode } from "../node/local-node.ts";
import { Node } from "../node/node-module.ts";
import { parseNodeName } from "../node/node-name.ts";
import { checkSyncNodes, syncNodes, type SyncNodes } from "../node/sync-nodes.ts";
import { Application } from "../otp/application.ts";
import type { Configuration } from "../otp/config.ts";
import { loggerOf } from "../otp/logger/state.ts";
import { checkOptions } from "../otp/options.ts";
import { spawn } from "../process/spawn.ts";
import { MoebiError } from "../term/error.ts";
import type { NodeName } from "../term/pid.ts";

const SETTINGS = ["syncNodesOptional", "syncNodesMandatory", "syncNodesTimeout"];

/**
 * Applies a configuration to a node that has just started: settings for its applications, the log's (`logger`), and the
 * nodes to wait for (`syncNodesOptional`, `syncNodesMandatory`, `syncNodesTimeout` of `kernel`). `NODES`, names with
 * commas between them, are connected to without waiting. Rejects with `badarg`, and with `noconnection` if a mandatory
 * node can't be reached in time.
 */
export async function configure(node: LocalNode, config: Configuration, nodes = process.env["NODES"]): Promise<void> {
  await node.run(async () => {
    Application.putAllEnv(config, { persistent: true });
    const { logger, kernel = {} } = config;
    if (logger !== undefined) loggerOf(node.runtime).configure(logger);
    await waitForNodes(node, kernel);
    for (const name of nodesIn(nodes ?? "")) spawn(() => Node.connect(name));
  });
}

async function waitForNodes({ runtime }: LocalNode, kernel: Readonly<Record<string, unknown>>): Promise<void> {
  checkOptions("The configuration of kernel", kernel, SETTINGS);
  const { syncNodesOptional: optional = [], syncNodesMandatory: mandatory = [], syncNodesTimeout: timeout } = kernel;
  checkSyncNodes({ optional, mandatory, timeout: timeout ?? 0 });
  if (timeout !== undefined) await syncNodes({ optional, mandatory, timeout } as SyncNodes);
  // As in Erlang, where many have wondered.
  else if (SETTINGS.some((setting) => setting in kernel))
    runtime.log("warning", "The start waits for no node: syncNodesTimeout of kernel is not set");
}

/** The nodes in the environment variable. Throws `bad_name`, saying where it is from. */
function nodesIn(listed: string): NodeName[] {
  const names = listed.split(",").map((name) => name.trim());
  try {
    return names.filter((text) => text !== "").map(parseNodeName);
  } catch (error) {
    throw new MoebiError("bad_name", `NODES: ${(error as Error).message}`, { cause: error });
  }
}
