import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { rpc } from "../../src/node/rpc.ts";
import { Frame } from "../../src/node/wire/frame.ts";
import { MAX_FRAME_BYTES } from "../../src/node/wire/transport.ts";
import { WsTransport } from "../../src/node/wire/ws-transport.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { Cluster } from "../../src/testing.ts";
import type { Pid } from "../../src/term/pid.ts";
import { downOf, mailbox, numbers } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";
import { channels, Heard, links, toKate } from "../support/wire.ts";

const [B, C] = ["b@localhost", "c@localhost"] as const;
const SLOW = Math.max(120_000, Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 0));
const HARD_LIMIT = 64 * 1024 * 1024;
const MESSAGE = 1024 * 1024;

let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.[Symbol.asyncDispose]();
  cluster = undefined;
});

async function simulated(names: string): Promise<Cluster> {
  cluster = new Cluster({ seed: 1 });
  for (const name of names) await cluster.start(name);
  return cluster;
}

describe("a peer that reads nothing", () => {
  test(
    "F8, S1: is let go at the hard limit: logged once, monitors fire once, the queue never beyond it, others served",
    { timeout: SLOW },
    async () => {
      const at = await simulated("abc");
      const senders = 20;
      let most = 0;
      const downs = await at.run("a", async () => {
        const pid = await Node.spawn(B, Remote, "wait");
        const other = await Node.spawn(C, Remote, "echo");
        const ref = Process.monitor(pid);
        Node.monitorNodes(true, { nodedownReason: true });
        expect(await rpc.call(B, Remote, "identity", [1])).toBe(1);
        at.stall("b");
        const link = at.at("a").node.connections?.linkTo(B);
        const text = "x".repeat(MESSAGE);
        const me = self();
        for (const _ of numbers(senders)) {
          spawn(async () => {
            for (const _ of numbers(10)) {
              send(pid, text);
              most = Math.max(most, link?.queuedBytes ?? 0);
              await Process.yield();
            }
            send(me, "offered");
          });
        }
        // Meanwhile whoever talks to another peer is answered.
        for (const n of numbers(20)) {
          send(other, [self(), n]);
          expect(await receive((message) => Array.isArray(message) && message[0] === "echo")).toEqual(["echo", n]);
        }
        for (const _ of numbers(senders)) await receive((message) => message === "offered");
        const down = await receive<readonly unknown[]>(
          (message) => Array.isArray(message) && message[0] === "nodedown",
        );
        expect(down).toEqual([
          "nodedown",
          B,
          { nodedownReason: expect.stringMatching(/^too far behind: \d+ bytes are queued$/) as unknown },
        ]);
        expect(Node.list()).toEqual([C]);
        expect(await Node.ping(C)).toBe("pong");
        return mailbox().filter((message) => Array.isArray(message) && message[1] === ref);
      });
      expect(downs).toHaveLength(1);
      expect(downs[0]).toEqual(expect.arrayContaining(["DOWN", "noconnection"]));
      expect(most).toBeGreaterThan(MESSAGE);
      // The message that crosses the limit is still taken whole.
      expect(most).toBeLessThanOrEqual(HARD_LIMIT + 2 * MESSAGE);
      const lines = at.at("a").log.filter(({ message }) => message.includes("too far behind"));
      expect(lines).toHaveLength(1);
      expect(lines[0]?.message).toContain(B);
    },
  );

  test("S1: holds calls back above the soft limit, and lets them go when it reads again", async () => {
    const at = await simulated("ab");
    await at.run("a", async () => {
      const pid = await Node.spawn(B, Remote, "wait");
      at.stall("b");
      for (const _ of numbers(3)) send(pid, "x".repeat(MESSAGE));
      expect(Process.send(pid, "no", { nosuspend: true })).toBe("nosuspend");
      const call = rpc.call(B, Remote, "identity", [1]);
      at.unstall("b");
      expect(await call).toBe(1);
      expect(Process.send(pid, "yes", { nosuspend: true })).toBe("ok");
    });
  });

  test("S5: delays no other peer, and no look at who is there", async () => {
    const at = await simulated("abc");
    await at.run("a", () => Node.connect(B));
    await at.run("a", () => Node.connect(C));
    at.stall("b");
    const before = at.clock.now();
    expect(await at.run("a", () => rpc.call(C, Remote, "identity", [1]))).toBe(1);
    expect(await at.run("a", () => Node.list().sort())).toEqual([B, C]);
    expect(at.clock.now()).toBe(before);
  });
});

describe("a process that reads nothing", () => {
  test("F9: is seen in Process.info(), and its node answers", async () => {
    const at = await simulated("ab");
    const count = 10_000;
    await at.run("a", async () => {
      const pid = await Node.spawn(B, Remote, "wait");
      for (const n of numbers(count)) {
        send(pid, n);
        if (n % 1_000 === 0) expect(await Node.ping(B)).toBe("pong");
      }
      const info = (await rpc.call(B, Process, "info", [pid])) as { readonly messageQueueLen: number };
      expect(info.messageQueueLen).toBe(count);
      const longest = await rpc.call(B, Remote, "longestQueue");
      expect(longest).toEqual([pid, count]);
      expect(await rpc.call(B, Remote, "identity", [1])).toBe(1);
    });
  });
});

describe("a peer that can't be reached yet", () => {
  test("S1: what waits for the connection is bounded too", { timeout: SLOW }, async () => {
    const at = await simulated("ab");
    at.cut("a", "b");
    const got: number[] = [];
    at.at("b").node.runtime.spawn(async () => {
      Process.register(self(), "relay");
      for (;;) got.push(((await receive()) as [number])[0]);
    });
    const text = "x".repeat(MESSAGE);
    await at.run("a", async () => {
      Node.monitor(B, true);
      const ref = Process.monitor(["relay", B]);
      // A send never fails for what is elsewhere.
      for (const n of numbers(80)) send(["relay", B], [n, text]);
      expect(await receive((message) => Array.isArray(message) && message[0] === "nodedown")).toEqual(["nodedown", B]);
      expect(await downOf(ref)).toBe("noconnection");
    });
    await at.run("a", () => {
      for (const n of numbers(10)) send(["relay", B], [80 + n, text]);
    });
    const lines = at.at("a").log.filter(({ message }) => message.includes("given up"));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.message).toContain(B);
    at.heal("a", "b");
    await at.advance(20_000);
    // What waited then is lost as a whole, what came later arrives as a whole.
    expect(got).toEqual(numbers(10).map((n) => 80 + n));
  });
});

describe("over WebSockets", () => {
  test("S2: no frame is above 64 KiB, and large messages take turns with each other", async () => {
    const [near, far] = [new WsTransport(), new WsTransport()];
    const ends = await channels(near, far);
    const { alex, kate } = await links(ends);
    onTestFinished(async () => {
      for (const end of ends) end.terminate();
      await Promise.all([near.close(), far.close()]);
    });
    const frames: { readonly size: number; readonly sequence: number }[] = [];
    const take = ends[1].onMessage;
    ends[1].onMessage = (frame) => {
      if (frame[0] === Frame.FRAGMENT)
        frames.push({ size: frame.length, sequence: Buffer.from(frame).readUInt32LE(1) });
      else frames.push({ size: frame.length, sequence: -1 });
      take?.(frame);
    };
    const heard = new Heard().listen(kate);
    // More than the buffers of a socket take, so that the second begins while the first is on its way.
    alex.send(toKate("a".repeat(24 * MESSAGE), 1));
    alex.send(toKate("b".repeat(24 * MESSAGE), 2));
    alex.send(toKate("small", 3));
    await heard.until(({ signals }) => signals.length === 3);
    expect(Math.max(...frames.map(({ size }) => size))).toBeLessThanOrEqual(MAX_FRAME_BYTES);
    expect(MAX_FRAME_BYTES).toBeLessThanOrEqual(64 * 1024);
    expect(heard.messages[0]).toBe("small");
    const order = frames.filter(({ sequence }) => sequence >= 0).map(({ sequence }) => sequence);
    const [first, second] = [...new Set(order)] as [number, number];
    const together = order.slice(order.indexOf(second), order.lastIndexOf(first) + 1);
    expect(together.length).toBeGreaterThan(10);
    // While both are on their way neither has two turns in a row.
    expect(together.filter((sequence, i) => sequence === together[i - 1])).toEqual([]);
  });

  test("L6: pings are answered while a message of 32 MiB is on its way", { timeout: SLOW }, async () => {
    cluster = new Cluster({ network: "websocket" });
    for (const name of "ab") await cluster.start(name);
    await cluster.run("a", async () => {
      const echo = await Node.spawn(B, Remote, "echo");
      const sender = self();
      const done: unknown[] = [];
      const large = cluster?.at("a").node.run(async () => {
        const far: Pid = await Node.spawn(B, Remote, "relay", [sender]);
        send(far, new Uint8Array(32 * MESSAGE));
        done.push("sent");
      });
      await large;
      for (const n of numbers(5)) {
        send(echo, [self(), n]);
        expect(await receive()).toEqual(["echo", n]);
      }
      const arrived = (await receive()) as Uint8Array;
      expect(arrived.length).toBe(32 * MESSAGE);
    });
  });
});
