import type { LocalNode } from "../node/local-node.ts";
import { Node } from "../node/node-module.ts";
import { parseNodeName } from "../node/node-name.ts";
import { syncNodes } from "../node/sync-nodes.ts";
import { Application } from "../otp/application.ts";
import type { Configuration } from "../otp/config.ts";
import { loggerOf } from "../otp/logger/state.ts";
import { spawn } from "../process/spawn.ts";
import type { NodeName } from "../term/pid.ts";

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
    const { syncNodesOptional, syncNodesMandatory, syncNodesTimeout } = kernel;
    if (syncNodesTimeout !== undefined) {
      await syncNodes({
        timeout: syncNodesTimeout as number,
        ...(syncNodesOptional !== undefined && { optional: syncNodesOptional as NodeName[] }),
        ...(syncNodesMandatory !== undefined && { mandatory: syncNodesMandatory as NodeName[] }),
      });
    }
    const listed = (nodes ?? "").split(",").map((name) => name.trim());
    for (const name of listed.filter((text) => text !== "").map(parseNodeName)) spawn(() => Node.connect(name));
  });
}
