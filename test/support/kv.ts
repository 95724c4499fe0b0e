/** Nodes that run the example `kv`, and clients of its server. */
import { connect, type Socket } from "node:net";
import { startApp } from "../../src/cli/apps.ts";
import { Server } from "../../src/examples/kv/server.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import { Application } from "../../src/otp/application.ts";
import { type Cluster, type ClusterOptions, startCluster } from "../../src/testing/cluster.ts";

/** Each node listens on a port of its own. */
export async function startKv(node: LocalNode, settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await node.run(() => Application.putAllEnv({ kv: { port: 0, ...settings } }, { persistent: true }));
  await startApp(node, "kv");
}

export async function kvOn(
  names: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
  options: ClusterOptions = {},
): Promise<Cluster> {
  const cluster = await startCluster(names, options);
  // Not driven: it waits for files and ports, which virtual time knows nothing of.
  for (const name of names) await startKv(cluster.at(name).node, settings);
  return cluster;
}

/** A client as telnet is. */
export class Client implements Disposable {
  readonly socket: Socket;
  /** Settles when the server has hung up. */
  readonly closed: Promise<void>;
  #text = "";
  #over = false;
  #changed = Promise.withResolvers<void>();

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setEncoding("utf8");
    // It is also for tests of servers that cut it off.
    this.socket.on("error", () => undefined);
    this.socket.on("data", (text: string) => {
      this.#text += text;
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.once("close", () => {
        this.#over = true;
        this.#wake();
        resolve();
      });
    });
  }

  /** Sends a line and gives as many lines of the answer. */
  async say(line: string, lines = 1): Promise<string[]> {
    this.socket.write(`${line}\r\n`);
    return this.hear(lines);
  }

  /** Gives the next lines. */
  async hear(lines: number): Promise<string[]> {
    for (;;) {
      const heard = this.#text.split("\r\n");
      if (heard.length > lines) {
        this.#text = heard.slice(lines).join("\r\n");
        return heard.slice(0, lines);
      }
      if (this.#over) throw new Error(`The server hung up after ${JSON.stringify(this.#text)}`);
      await this.#changed.promise;
    }
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** A client of a node's server. */
export async function clientOf(node: LocalNode): Promise<Client> {
  return new Client(await node.run(() => Server.port()));
}
