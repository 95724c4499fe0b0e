/**
 * A node in a process of its own, which bars measure. It says what it holds, dials, and keeps up traffic, as it is asked
 * over the channel that it was started with.
 */
import { NameService } from "../../src/node/name-service/name-service.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import {
  defmodule,
  Node,
  type NodeName,
  type Pid,
  Process,
  receive,
  type Ref,
  rpc,
  spawn,
  startNode,
} from "../../src/index.ts";
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

/** What was told of the end of another node, and when: milliseconds since 1970, of a clock that all processes share. */
export interface Lost {
  readonly nodedown: number;
  readonly downs: number;
  /** Monitors that were told more than once. */
  readonly twice: number;
  /** The reason of the last. */
  readonly reason: unknown;
  readonly last: number;
  /** When the call that waited ended. */
  readonly call: number;
  /** What came first: `DOWN`, `nodedown` and `nodeup`, in their order. */
  readonly order: readonly string[];
}

const absolute = (): number => performance.timeOrigin + performance.now();
let lost: Promise<Lost> = Promise.reject(new Error("Nothing is watched"));
lost.catch(() => undefined);
let twice = 0;
let watched: Pid | undefined;

/** Monitors a process of another node so many times, and calls one; resolves when all that is in place. */
function watchFar(far: NodeName, monitors: number): Promise<void> {
  const ready = Promise.withResolvers<void>();
  const done = Promise.withResolvers<Lost>();
  lost = done.promise;
  twice = 0;
  spawn(async () => {
    Node.monitorNodes(true);
    const pid = (watched = await Node.spawn(far, Traffic, "wait"));
    const left = new Set(Array.from({ length: monitors }, () => Process.monitor(pid)));
    const calling = new Promise<number>((resolve) => {
      spawn(async () => {
        await rpc.call(far, Traffic, "wait", []).catch(() => undefined);
        resolve(absolute());
      });
    });
    await rpc.call(far, Traffic, "identity", [1]);
    ready.resolve();
    let [nodedown, last, downs, reason] = [0, 0, 0, undefined as unknown];
    const order: string[] = [];
    const tellLost = async (): Promise<void> =>
      done.resolve({ nodedown, last, downs, reason, order, call: await calling, twice });
    for (;;) {
      const message = (await receive()) as readonly unknown[];
      const what = String(message[0]);
      if (order.at(-1) !== what) order.push(what);
      if (what === "nodedown") nodedown = absolute();
      if (what === "DOWN") {
        if (!left.delete(message[1] as Ref)) twice++;
        downs++;
        last = absolute();
        reason = message[4];
      }
      if (left.size === 0 && nodedown !== 0) void tellLost();
    }
  });
  return ready.promise;
}

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
  watchFar: ({ node: far, monitors }: { readonly node: NodeName; readonly monitors: number }): Promise<void> =>
    node.run(() => watchFar(far, monitors)),
  lost: async (): Promise<Lost> => ({ ...(await lost), twice }),
  /** Why a monitor of the process that was watched ends now. */
  reasonNow: (): Promise<unknown> =>
    node.run(async () => {
      const ref = Process.monitor(watched!);
      const down = await receive<readonly unknown[]>((m) => Array.isArray(m) && m[1] === ref, 5_000);
      return down[4];
    }),
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
