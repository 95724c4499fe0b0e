/**
 * A node in a process of its own, which bars measure. It says what it holds, dials, and keeps up traffic, as it is asked
 * over the channel that it was started with.
 */
import { NameService } from "../../src/node/name-service/name-service.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import { defmodule, Node, type NodeName, Process, receive, rpc, spawn, startNode } from "../../src/index.ts";
import { loadRequests } from "./load.ts";

export interface Figures {
  /** Bytes, after garbage was collected. */
  readonly rss: number;
  readonly heap: number;
  readonly nodes: number;
  /** Seconds of processor time since it was started. */
  readonly cpu: number;
}

/** What a node that keeps up traffic was told. */
export interface Told {
  readonly calls: number;
  readonly nodedowns: number;
  /** A `nodedown` of a node that was not up, or a `nodeup` of one that was. */
  readonly twice: number;
  readonly monitors: number;
  readonly downs: number;
  /** Monitors that have not been told of an end. */
  readonly watching: number;
}

const Traffic = defmodule("Traffic", {
  wait: () => receive(() => false),
  identity: (value: unknown) => value,
});

const told = { calls: 0, nodedowns: 0, twice: 0, monitors: 0, downs: 0, watching: 0 };

/** Counts who comes and goes. */
async function watch(): Promise<void> {
  const up = new Set<NodeName>(Node.list());
  Node.monitorNodes(true);
  for (;;) {
    const [what, node] = (await receive()) as readonly ["nodeup" | "nodedown", NodeName];
    if (what === "nodedown") told.nodedowns++;
    if (up.has(node) === (what === "nodeup")) told.twice++;
    if (what === "nodeup") up.add(node);
    else up.delete(node);
  }
}

/** Calls another node again and again, and monitors a process of each of its lives. */
async function talk(node: NodeName): Promise<void> {
  const isDown = (message: unknown): boolean => Array.isArray(message) && message[0] === "DOWN";
  for (;;) {
    if (Node.list().includes(node) || (await Node.ping(node)) === "pong") {
      const [, ref] = await Node.spawnMonitor(node, Traffic, "wait");
      told.monitors++;
      told.watching++;
      for (let gone = false; !gone;) {
        const answer = await rpc.call(node, Traffic, "identity", ["x".repeat(1_000)]);
        if (answer === "x".repeat(1_000)) told.calls++;
        const down = await receive<readonly unknown[] | "timeout">(isDown, 50);
        if (down === "timeout") continue;
        if (down[1] === ref) told.watching--;
        told.downs++;
        gone = true;
      }
    }
    await Process.sleep(200);
  }
}

const collect = async (): Promise<void> => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const requests = {
  async figures(): Promise<Figures> {
    await collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    const nodes = node.connections?.list().length ?? 0;
    const { user, system } = process.cpuUsage();
    return { rss, heap: heapUsed + external, nodes, cpu: (user + system) / 1e6 };
  },
  /** Milliseconds until it is connected, or -1. */
  connect: (other: NodeName): Promise<number> =>
    node.run(async () => {
      const begun = performance.now();
      const connected = await Node.connect(other);
      return connected === true ? performance.now() - begun : -1;
    }),
  disconnect: (other: NodeName): Promise<unknown> => node.run(() => Node.disconnect(other)),
  /** How many of them answer, dialled at once. */
  reach: async (others: readonly NodeName[]): Promise<number> => {
    const answers = await Promise.all(others.map((other) => node.run(() => Node.ping(other))));
    return answers.filter((answer) => answer === "pong").length;
  },
  /** Milliseconds a look-up takes, and the port it gives, 0 if none. */
  async lookup(other: NodeName): Promise<readonly [number, number]> {
    const begun = performance.now();
    const found = await names.lookup(other);
    return [performance.now() - begun, found?.port ?? 0];
  },
  async talk(others: readonly NodeName[]): Promise<void> {
    await node.run(() => {
      spawn(watch);
      for (const other of others) spawn(() => talk(other));
    });
  },
  told: (): Promise<Told> => Promise.resolve(told),
  ...loadRequests(() => node),
};
export type Requests = typeof requests;

const node: LocalNode = await startNode({ sname: process.argv[2], cookie: "bars" });
const names = new NameService({});
process.on("message", ([id, request, argument]: [number, keyof Requests, never]) => {
  Promise.resolve(requests[request](argument)).then(
    (value: unknown) => process.send?.([id, value]),
    (error: unknown) => process.send?.([id, undefined, String(error)]),
  );
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
