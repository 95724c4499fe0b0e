import { Node } from "../../node/node-module.ts";
import { GenServer } from "../../otp/gen-server.ts";
import { Logger } from "../../otp/logger.ts";
import { defmodule } from "../../process/kernel.ts";
import type { NodeName } from "../../term/pid.ts";
import "./simple-cluster.ts";

/** Logs the nodes that come and go. */
export class Observer extends GenServer {
  init(): void {
    Node.monitorNodes(true);
  }

  handleInfo([event, node]: readonly ["nodeup" | "nodedown", NodeName]): void {
    Logger.info(`--- Node ${event === "nodeup" ? "up" : "down"}: ${node}`);
  }
}
defmodule("SimpleCluster.Observer", Observer);
