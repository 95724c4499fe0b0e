import { AsyncResource } from "node:async_hooks";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { GenServer } from "../../otp/gen-server.ts";
import { Logger } from "../../otp/logger.ts";
import { Task } from "../../otp/task.ts";
import { defmodule } from "../../process/kernel.ts";
import { Process } from "../../process/process-module.ts";
import { self, send } from "../../process/spawn.ts";
import { hasCode } from "../../term/error.ts";
import { serve } from "./client.ts";
import { SERVER_TASKS } from "./kv.ts";

/** Listens for clients on this machine, and has each served by a task. Clients outlive it. */
export class Server extends GenServer {
  /** Those that nobody serves yet. */
  private readonly waiting = new Set<Socket>();
  private port = 0;

  /** Starts the server, on a free port for 0. Throws Node's `EADDRINUSE` if somebody listens there. */
  static override startLink(port: number) {
    return GenServer.startLink(Server, port, { name: Server });
  }

  /** The port that this node's server listens on. */
  static port(): Promise<number> {
    return GenServer.call(Server, "port");
  }

  async init(port: number): Promise<void> {
    const server = self();
    const signal = Process.signal();
    // Half-open: a client that has said all it wanted still gets its answers.
    const listener = createServer({ allowHalfOpen: true });
    // Node calls from outside any process: this lets it call from ours.
    listener.on(
      "connection",
      AsyncResource.bind((socket: Socket) => {
        // Without a listener an error would end the program. Whoever reads or writes hears of it.
        socket.on("error", () => undefined);
        if (signal.aborted) return void socket.destroy();
        this.waiting.add(socket);
        send(server, ["connection", socket]);
      }),
    );
    signal.addEventListener("abort", () => {
      listener.close();
      for (const socket of this.waiting) socket.destroy();
    });
    listener.listen(port, "127.0.0.1");
    await once(listener, "listening");
    this.port = (listener.address() as AddressInfo).port;
    Logger.info(`Accepting connections on port ${this.port}`);
  }

  handleCall(_request: "port"): number {
    return this.port;
  }

  async handleInfo([, socket]: readonly ["connection", Socket]): Promise<void> {
    try {
      await Task.Supervisor.startChild(SERVER_TASKS, () => {
        this.waiting.delete(socket);
        return serve(socket);
      });
    } catch (error) {
      this.waiting.delete(socket);
      socket.destroy();
      if (!hasCode(error, "max_children")) throw error;
      Logger.warning("A client was turned away: there are too many");
    }
  }
}
defmodule("KV.Server", Server);
