/**
 * The other node of the bench, in a process of its own. It echoes, counts and runs tasks; beside it listens the raw
 * WebSocket server that is the yardstick.
 */
import { WebSocketServer } from "ws";
import {
  defmodule,
  GenServer,
  Node,
  type NodeName,
  type Pid,
  receive,
  send,
  startNode,
  Task,
} from "../../src/index.ts";
import { globalNames } from "./global-names.ts";

export const Bench = defmodule("Bench", {
  /** Sends every message back to whoever is named in it. */
  async echo() {
    for (;;) {
      const [from, message] = (await receive()) as [Pid, unknown];
      send(from, message);
    }
  },

  /** Takes `count` messages, then says so. */
  async sink(from: Pid, count: number) {
    for (let i = 0; i < count; i++) await receive();
    send(from, "done");
  },

  one(value: number) {
    return value;
  },

  idle() {
    return receive();
  },
});

/** Answers what it is asked. */
export class BenchServer extends GenServer {
  handleCall(request: number): number {
    return request;
  }
}

/** Connects to a node, if there is one to connect to, and waits until `others` are connected. */
async function joinMesh(others: number, to?: NodeName): Promise<void> {
  Node.monitorNodes(true);
  if (to !== undefined) void Node.connect(to);
  while (Node.list().length < others) await receive((message) => Array.isArray(message) && message[0] === "nodeup");
}

if (process.argv[1]?.endsWith("peer.js") === true) {
  const node = await startNode({ sname: process.argv[2] ?? "bench_b", cookie: "bench" });
  await node.run(() => Task.Supervisor.start({ name: "Bench.Tasks" }));
  await node.run(() => GenServer.start(BenchServer, undefined, { name: "Bench.Server" }));
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  let expected = 0;
  server.on("connection", (socket) => {
    socket.on("message", (data, binary) => {
      const message = JSON.parse(data as unknown as string) as readonly unknown[];
      if (message[0] === "expect") expected = message[1] as number;
      else if (message[0] === "ping") socket.send(JSON.stringify(message), { binary });
      else if (--expected === 0) socket.send('["done"]');
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  process.send?.({ ready: (server.address() as { port: number }).port });
  process.on("message", (wanted: { mesh?: number; connect?: NodeName; names?: number }) => {
    const { mesh, connect, names } = wanted;
    if (mesh !== undefined) void node.run(() => joinMesh(mesh, connect)).then(() => process.send?.("joined"));
    else if (names !== undefined) void node.run(() => globalNames(names)).then((rates) => process.send?.(rates));
  });
  process.on("disconnect", () => process.exit());
}
