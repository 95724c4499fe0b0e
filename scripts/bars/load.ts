/** What a measured node does to the wire, and says of it, as the bars ask. */
import type { LocalNode } from "../../src/node/local-node.ts";
import {
  defmodule,
  makeRef,
  Node,
  type NodeName,
  type Pid,
  Process,
  receive,
  self,
  send,
  spawn,
} from "../../src/index.ts";
import { pidOf } from "../../src/term/pid.ts";
import { decodeFuzzed } from "./fuzz.ts";

/** How many came, and how many of them were not the next of their sender. */
export interface Arrived {
  readonly came: number;
  readonly wrong: number;
}

export const Load = defmodule("Load", {
  /** Sends the numbers from 0 on, each with who sends it. */
  async number(to: Pid, sender: number, count: number) {
    for (let i = 0; i < count; i++) {
      send(to, [sender, i]);
      if (i % 1_000 === 999) await Process.yield();
    }
  },
  /** Sends back what comes with a pid to that. */
  async echo() {
    for (;;) {
      const [from, message] = (await receive()) as readonly [Pid, unknown];
      send(from, message);
    }
  },
  /** Says how long each message is that came, as soon as it is here. */
  async measure() {
    for (;;) {
      const [from, bytes] = (await receive()) as readonly [Pid, Uint8Array];
      send(from, ["measured", bytes.length]);
    }
  },
  /** Takes everything and keeps nothing. */
  async drop() {
    Process.register(self(), "Load.drop");
    for (;;) await receive();
  },
});

let ends = 0;

const isMeasured = (message: unknown): boolean => Array.isArray(message) && message[0] === "measured";

/** How often at most a node is pinged meanwhile, in milliseconds. */
const PING_EVERY = 2;

/**
 * Milliseconds until an echo of the node has answered; infinite if it does not within ten seconds. `Node.ping` says only that
 * there is a connection.
 */
async function roundTrip(echo: Pid): Promise<number> {
  const ref = makeRef();
  const begun = performance.now();
  send(echo, [self(), ref]);
  const answer = await receive<unknown>((message) => message === ref, 10_000);
  return answer === ref ? performance.now() - begun : Infinity;
}

/** Round trips to the node, one after another, until they are told to stop; then all their times. */
async function pings(node: NodeName): Promise<() => Promise<readonly number[]>> {
  const echo = await Node.spawn(node, Load, "echo");
  const stop = new AbortController();
  const { promise, resolve } = Promise.withResolvers<readonly number[]>();
  spawn(async () => {
    const times: number[] = [];
    while (!stop.signal.aborted) {
      times.push(await roundTrip(echo));
      await Process.sleep(PING_EVERY);
    }
    Process.exit(echo, "kill");
    resolve(times);
  });
  return () => {
    stop.abort();
    return promise;
  };
}

/** Starts a process per sender, and waits for all of them. */
async function offered(senders: number, one: () => Promise<void>): Promise<void> {
  const me = self();
  for (let i = 0; i < senders; i++) {
    spawn(async () => {
      await one();
      send(me, "offered");
    });
  }
  for (let i = 0; i < senders; i++) await receive((message) => message === "offered");
}

/** What the program of a measured node can be asked besides. */
export const loadRequests = (node: () => LocalNode) => ({
  /** Lets one process of each node send numbers to one process here. */
  numbers: ({ from, each }: { from: readonly NodeName[]; each: number }): Promise<Arrived> =>
    node().run(async () => {
      const next = from.map(() => 0);
      for (const [i, other] of from.entries()) await Node.spawn(other, Load, "number", [self(), i, each]);
      let came = 0;
      let wrong = 0;
      for (; came < from.length * each; came++) {
        const message = await receive<readonly [number, number] | "timeout">(() => true, 30_000);
        if (message === "timeout") break;
        const [sender, number] = message;
        if (next[sender] !== number) wrong++;
        next[sender] = number + 1;
      }
      return { came, wrong };
    }),

  /** Milliseconds of round trips while so many messages of so many bytes are on their way, one after another. */
  pingsDuring: ({ to, bytes, times }: { to: NodeName; bytes: number; times: number }): Promise<readonly number[]> =>
    node().run(async () => {
      const measure = await Node.spawn(to, Load, "measure");
      const message = new Uint8Array(bytes).fill(7);
      const all: number[] = [];
      for (let i = 0; i < times; i++) {
        const stop = await pings(to);
        send(measure, [self(), message]);
        const [, length] = await receive<readonly [string, number]>(isMeasured);
        if (length !== bytes) throw new Error(`${String(length)} bytes came`);
        all.push(...(await stop()));
      }
      return all;
    }),

  /** Monitors a process of the node from now on. */
  keep: (other: NodeName): Promise<void> =>
    node().run(async () => {
      const echo = await Node.spawn(other, Load, "echo");
      const begun = Promise.withResolvers<void>();
      spawn(async () => {
        Process.monitor(echo);
        begun.resolve();
        await receive();
        ends++;
      });
      await begun.promise;
    }),

  /** How many of those monitors were told of an end. */
  ends: (): Promise<number> => Promise.resolve(ends),

  /** Milliseconds of so many round trips, one after another. */
  pings: ({ to, count }: { to: NodeName; count: number }): Promise<readonly number[]> =>
    node().run(async () => {
      const all: number[] = [];
      const echo = await Node.spawn(to, Load, "echo");
      for (let i = 0; i < count; i++) {
        all.push(await roundTrip(echo));
        await Process.sleep(PING_EVERY);
      }
      Process.exit(echo, "kill");
      return all;
    }),

  /**
   * Offers so many messages of so many bytes to a node, by processes that send one after another and let others have their turn
   * in between. A process that `waits` offers a message again that the connection has no room for; for so long (ms).
   * Gives how many bytes were offered, round trips to another node meanwhile, and the most memory that was held.
   */
  offer: (load: {
    to: NodeName;
    senders: number;
    each: number;
    bytes: number;
    waits: number;
    other: NodeName;
  }): Promise<{ readonly offered: number; readonly pings: readonly number[]; readonly rss: number }> =>
    node().run(async () => {
      const message = "x".repeat(load.bytes);
      let rss = 0;
      let bytes = 0;
      const timer = setInterval(() => (rss = Math.max(rss, process.memoryUsage.rss())), 20);
      const stop = await pings(load.other);
      const end = performance.now() + load.waits;
      await offered(load.senders, async () => {
        for (let i = 0; i < load.each; i++) {
          if (load.waits === 0) send(["Load.drop", load.to], message);
          else if (performance.now() > end) return;
          else if (Process.send(["Load.drop", load.to], message, { nosuspend: true }) === "nosuspend") {
            await Process.sleep(50);
            i--;
            continue;
          }
          bytes += load.bytes;
          if (i % 10 === 9) await Process.yield();
        }
      });
      const times = await stop();
      clearInterval(timer);
      return { offered: bytes, pings: times, rss: Math.max(rss, process.memoryUsage.rss()) };
    }),

  /** Sends messages of distinct pids (of one node, and of as many nodes), references and names, so many of each, to a process of the node that drops them. */
  identifiers: ({ to, count }: { to: NodeName; count: number }): Promise<void> =>
    node().run(async () => {
      const sink = await Node.spawn(to, Load, "drop");
      const wait = (): Promise<void> => new Promise(() => undefined);
      for (let i = 0; i < count;) {
        const message: unknown[] = [];
        for (let j = 0; j < 500; j++, i++) {
          const pid = spawn(wait);
          const foreign = pidOf(`n${String(i)}@localhost`, i, 0, 1);
          message.push(pid, foreign, makeRef(), { [`name ${String(i)}`]: `value ${String(i)}` });
          Process.exit(pid, "kill");
        }
        while (Process.send(sink, message, { nosuspend: true }) === "nosuspend") await Process.yield();
        send([`nobody ${String(i)}`, to], "hello");
        await Process.yield();
      }
      await Node.ping(to);
      Process.exit(sink, "kill");
    }),

  /** Pings so many nodes that there are not, some at once. Gives how many answered. */
  pingNobody: (count: number): Promise<number> =>
    node().run(async () => {
      let answered = 0;
      let next = 0;
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          while (next < count) if ((await Node.ping(`nobody${String(next++)}@localhost`)) === "pong") answered++;
        }),
      );
      return answered;
    }),

  decodeFuzzed: (work: { count: number; seed: number }) => Promise.resolve(decodeFuzzed(work)),
});
