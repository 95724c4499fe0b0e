import { Node } from "../../node/node-module.ts";
import { GenServer } from "../../otp/gen-server.ts";
import { Logger } from "../../otp/logger.ts";
import type { From } from "../../process/call.ts";
import { defmodule, node } from "../../process/kernel.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";
import "./simple-cluster.ts";

type Pong = readonly ["ok", NodeName, "pong"];

const NAME = "SimpleCluster.Ping";

/** A server on every node, by which each can ask all others whether they are there. */
export class Ping extends GenServer {
  static override startLink(_arg?: unknown) {
    return GenServer.startLink(Ping, undefined, { name: NAME });
  }

  /** Asks every connected node in turn, and logs their answers. `"ok"`. Exits if one does not answer within 5 s. */
  static async ping(): Promise<"ok"> {
    const answers: Pong[] = [];
    for (const other of Node.list()) answers.push(await GenServer.call<Pong>([NAME, other], "ping"));
    return Logger.info(answers);
  }

  handleCall(_request: "ping", from: From): Pong {
    Logger.info(`--- Receiving ping from ${inspect(from)}`);
    return ["ok", node(), "pong"];
  }
}
defmodule(NAME, Ping);
