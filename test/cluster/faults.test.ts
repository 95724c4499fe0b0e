import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { NodeOptions } from "../../src/start-node.ts";
import { startNode } from "../../src/start-node.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import { Node } from "../../src/node/node-module.ts";
import { rpc } from "../../src/node/rpc.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send } from "../../src/process/spawn.ts";
import { Cluster } from "../../src/testing.ts";
import type { Pid } from "../../src/term/pid.ts";
import { startPeer } from "../support/peer.ts";
import { ended, mailbox, numbers } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";

const [A, B, C] = ["a@localhost", "b@localhost", "c@localhost"] as const;
/** Starting a program from its sources takes long on a busy machine. */
const SLOW = Math.max(180_000, Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 0));

const WAITER = "const Waiter = { wait() { return receive(() => false) }, pid() { return self() } }";
/** Prints every node that comes and goes. */
const WATCHER = "spawn(async () => { Node.monitorNodes(true); for (;;) console.log(JSON.stringify(await receive())) })";

let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.[Symbol.asyncDispose]();
  cluster = undefined;
});

async function simulated(names: string, options: NodeOptions = {}): Promise<Cluster> {
  cluster = new Cluster({ seed: 1, node: options });
  for (const name of names) await cluster.start(name);
  return cluster;
}

async function realNode(sname: string, options: NodeOptions = {}): Promise<LocalNode> {
  const node = await startNode({ sname, device: new StringDevice(), log: () => undefined, ...options });
  onTestFinished(() => node.stop());
  return node;
}

const tagged = (tag: string) => (message: unknown) => Array.isArray(message) && message[0] === tag;
const next = (tag: string): Promise<readonly unknown[]> => receive<readonly unknown[]>(tagged(tag));
const listOf = (at: Cluster, name: string): readonly string[] | undefined =>
  at.at(name).node.connections?.list().sort();

describe("a process that is killed", () => {
  test(
    "F1, F7: is told to monitors, links, callers and watchers; back under its name it is another life",
    { timeout: SLOW },
    async () => {
      const first = await startPeer("kate", { statements: [WAITER] });
      onTestFinished(() => first[Symbol.asyncDispose]());
      const alex = await realNode("alex");
      const kate = "kate@localhost";
      const old = await alex.run(async () => {
        Process.flag("trapExit", true);
        Node.monitorNodes(true);
        const [pid, ref] = await Node.spawnMonitor(kate, "Waiter", "wait");
        const linked = await Node.spawnLink(kate, "Waiter", "wait");
        const call = rpc.call(kate, "Waiter", "wait");
        expect(await next("nodeup")).toEqual(["nodeup", kate]);
        expect(Process.link(linked)).toBe(true);
        first.kill("SIGKILL");
        expect(await first.ended).toBe("SIGKILL");
        expect(await next("nodedown")).toEqual(["nodedown", kate]);
        // All of it came before nodedown.
        expect(mailbox()).toEqual(
          expect.arrayContaining([
            ["DOWN", ref, "process", pid, "noconnection"],
            ["EXIT", linked, "noconnection"],
          ]),
        );
        expect(await call).toEqual(["badrpc", "nodedown"]);
        expect(Node.list()).toEqual([]);
        return pid;
      });
      const second = await startPeer("kate", { statements: [WAITER] });
      onTestFinished(() => second[Symbol.asyncDispose]());
      await alex.run(async () => {
        const now = (await rpc.call(kate, "Waiter", "pid")) as Pid;
        expect(now.creation).not.toBe(old.creation);
        expect(await ended(old)).toBe("noproc");
        send(old, "lost");
        expect(await Node.ping(kate)).toBe("pong");
      });
    },
  );
});

describe("a process that is stopped", () => {
  test(
    "F2, F4: is taken for gone after the tick time; when it goes on it is told, and use connects again",
    { timeout: SLOW },
    async () => {
      const kate = "kate@localhost";
      const peer = await startPeer("kate", { statements: [WATCHER], args: ["--net-ticktime", "6"] });
      onTestFinished(() => peer[Symbol.asyncDispose]());
      const alex = await realNode("alex", { netTicktime: 6 });
      await alex.run(async () => {
        Node.monitorNodes(true, { nodedownReason: true });
        expect(await Node.ping(kate)).toBe("pong");
        await next("nodeup");
        await peer.waitFor('["nodeup","alex@localhost"]');
        peer.kill("SIGSTOP");
        expect(await next("nodedown")).toEqual(["nodedown", kate, { nodedownReason: "net_tick_timeout" }]);
        peer.kill("SIGCONT");
        await peer.waitFor('["nodedown","alex@localhost"]');
        expect(await Node.ping(kate)).toBe("pong");
        expect((await next("nodeup")).slice(0, 2)).toEqual(["nodeup", kate]);
      });
    },
  );
});

describe("a network that drops", () => {
  const T = 60_000;

  test("F2: both ways, both ends take the other for gone between T - T/4 and T + T/4", async () => {
    const at = await simulated("ab");
    await at.run("a", () => Node.connect(B));
    at.cut("a", "b");
    await at.advance((T * 3) / 4 - 1);
    expect([listOf(at, "a"), listOf(at, "b")]).toEqual([[B], [A]]);
    await at.advance(T / 2 + 1);
    expect([listOf(at, "a"), listOf(at, "b")]).toEqual([[], []]);
  });

  test("F3: one way, both ends know within T + T/4 and two seconds", async () => {
    for (const [from, to] of [
      ["a", "b"],
      ["b", "a"],
    ] as const) {
      const at = await simulated("ab");
      await at.run("a", () => Node.connect(B));
      at.drop(from, to);
      await at.advance((T * 5) / 4 + 2_000);
      expect([listOf(at, "a"), listOf(at, "b")], `${from} to ${to}`).toEqual([[], []]);
      await at[Symbol.asyncDispose]();
    }
  });

  test("F5: one link of three, the others stay; healed, one use makes the lists equal again", async () => {
    const at = await simulated("abc");
    await at.run("a", () => Node.connect(B));
    await at.run("c", () => Node.connect(A));
    await at.settle();
    expect([listOf(at, "a"), listOf(at, "b"), listOf(at, "c")]).toEqual([
      [B, C],
      [A, C],
      [A, B],
    ]);
    at.cut("a", "b");
    await at.advance((T * 5) / 4);
    expect([listOf(at, "a"), listOf(at, "b"), listOf(at, "c")]).toEqual([[C], [C], [A, B]]);
    at.heal("a", "b");
    await at.advance(10_000);
    expect(await at.run("b", () => Node.ping(A))).toBe("pong");
    expect([listOf(at, "a"), listOf(at, "b"), listOf(at, "c")]).toEqual([
      [B, C],
      [A, C],
      [A, B],
    ]);
  });

  test("F6: what was sent through the cut leaves one gap, with a nodedown, and order is kept", async () => {
    const at = await simulated("ab");
    const got: unknown[] = [];
    const to = Promise.withResolvers<Pid>();
    const receiver = at.at("b").node.run(async () => {
      Node.monitorNodes(true);
      to.resolve(self());
      for (let message: unknown; message !== "end"; got.push(message)) message = await receive();
    });
    const pid = await to.promise;
    // One sender, as order holds between two processes.
    const from = Promise.withResolvers<Pid>();
    const sending = at.at("a").node.run(async () => {
      from.resolve(self());
      for (let sent = 0; ;) {
        const count = await receive();
        if (typeof count !== "number") return send(pid, "end");
        for (const _ of numbers(count)) send(pid, sent++);
      }
    });
    const sender = await from.promise;
    const tell = (message: unknown): Promise<unknown> => at.run("a", () => send(sender, message));
    await tell(50);
    await at.advance(1000);
    at.cut("a", "b");
    await tell(50);
    await at.advance(30_000);
    await tell(50);
    await at.advance((T * 5) / 4);
    at.heal("a", "b");
    await at.advance(10_000);
    await tell(50);
    await tell("end");
    await at.drive(Promise.all([sending, receiver]));

    const arrived = got.filter((message) => typeof message === "number");
    expect(arrived).toEqual([...arrived].sort((x, y) => x - y));
    const gaps = arrived.flatMap((n, i) => (i > 0 && n !== (arrived[i - 1] as number) + 1 ? [i] : []));
    expect(gaps).toHaveLength(1);
    expect([arrived[0], arrived.at(-1)]).toEqual([0, 199]);
    // Between the two sides of the gap: down, and up again.
    const before = got.indexOf(arrived[(gaps[0] as number) - 1]);
    const after = got.indexOf(arrived[gaps[0] as number]);
    expect(got.slice(before + 1, after)).toEqual([
      ["nodedown", A],
      ["nodeup", A],
    ]);
  });
});

describe("a network that loses", () => {
  test("F17: 5 % both ways, 60 s: no node is taken for gone, calls are answered, order is kept", async () => {
    const at = await simulated("ab", { netTicktime: 8 });
    await at.run("a", () => Node.connect(B));
    at.lose("a", "b", 0.05);
    const began = at.clock.now();
    const events = await at.run("a", async () => {
      Node.monitorNodes(true);
      const echo = await Node.spawn(B, Remote, "echo");
      const answers: unknown[] = [];
      let sent = 0;
      for (; at.clock.now() - began < 60_000; sent += 2) {
        for (const n of [sent, sent + 1]) send(echo, [self(), n]);
        expect(await rpc.call(B, Remote, "identity", [sent])).toBe(sent);
        await Process.sleep(200);
      }
      while (answers.length < sent) answers.push((await next("echo"))[1]);
      expect(answers).toEqual(numbers(sent));
      // Waits enough for a loss to be seen: without any there would be 300 rounds.
      expect(sent / 2).toBeLessThan(298);
      return mailbox();
    });
    expect(events).toEqual([]);
    // Quiet, with ticks alone.
    await at.advance(60_000);
    expect([listOf(at, "a"), listOf(at, "b")]).toEqual([[B], [A]]);
  });
});

describe("a node that is restarted under its name, its end unheard", () => {
  test("F7: DOWN and nodedown come first, then nodeup; its old processes are dead", async () => {
    const at = await simulated("ab");
    const events: unknown[] = [];
    const pids = Promise.withResolvers<Pid>();
    void at
      .at("a")
      .node.run(async () => {
        Node.monitorNodes(true);
        const [pid] = await Node.spawnMonitor(B, Remote, "wait");
        pids.resolve(pid);
        for (;;) {
          const message = (await receive()) as readonly unknown[];
          events.push(message[0] === "DOWN" ? ["DOWN", message[4]] : message);
        }
      })
      .catch(() => undefined);
    const old = await at.drive(pids.promise);
    await at.crash("b");
    const { node } = await at.start("b");
    expect(await at.run("b", () => Node.ping(A))).toBe("pong");
    expect(events).toEqual([
      ["nodeup", B],
      ["DOWN", "noconnection"],
      ["nodedown", B],
      ["nodeup", B],
    ]);
    expect(node.runtime.creation).not.toBe(old.creation);
    expect(await at.run("a", () => ended(old))).toBe("noproc");
  });
});

describe("monitors over a link that dies", () => {
  test("L2: 10,000 fire, each once", async () => {
    const at = await simulated("ab");
    const count = 10_000;
    const fired = at.run("a", async () => {
      const pid = await Node.spawn(B, Remote, "wait");
      const refs = new Set(numbers(count).map(() => Process.monitor(pid)));
      expect(refs.size).toBe(count);
      Node.monitorNodes(true);
      // Answered behind all of them.
      expect(await rpc.call(B, Remote, "identity", [1])).toBe(1);
      at.reset("a", "b");
      await next("nodedown");
      const downs = mailbox().filter(tagged("DOWN")) as (readonly unknown[])[];
      expect(downs.every((down) => down[4] === "noconnection")).toBe(true);
      expect(new Set(downs.map((down) => down[1]))).toEqual(refs);
      return downs.length;
    });
    expect(await fired).toBe(count);
  });
});

describe("order", () => {
  test(
    "L5: 5 senders of 2,000 numbered messages each, over WebSockets: all arrive, in order per sender",
    async () => {
      const at = new Cluster({ network: "websocket" });
      cluster = at;
      for (const name of "abc") await at.start(name);
      const [senders, each] = [5, 2_000];
      const to = Promise.withResolvers<Pid>();
      const got: number[][] = numbers(senders).map(() => []);
      const received = at.at("c").node.run(async () => {
        to.resolve(self());
        for (let left = senders * each; left > 0; left--) {
          const [sender, n] = (await receive()) as [number, number];
          got[sender]?.push(n);
        }
      });
      const pid = await to.promise;
      await Promise.all(
        numbers(senders).map((sender) =>
          at.at(sender % 2 === 0 ? "a" : "b").node.run(async () => {
            for (const n of numbers(each)) {
              send(pid, [sender, n, n % 500 === 0 ? "x".repeat(100_000) : ""]);
              if (n % 100 === 0) await Process.yield();
            }
          }),
        ),
      );
      await received;
      for (const one of got) expect(one).toEqual(numbers(each));
    },
    SLOW,
  );
});

describe("the wall clock", () => {
  test("F12: an hour forth or back: no timer fires early, no node is taken for gone", async () => {
    cluster = new Cluster({ network: "websocket" });
    for (const name of "ab") await cluster.start(name);
    await cluster.run("a", () => Node.connect(B));
    const gone: unknown[] = [];
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const real = Date.now();
      await cluster.run("a", async () => {
        Node.monitorNodes(true);
        const timer = Process.sendAfter(self(), "fired", 600_000);
        for (const hours of [1, -1]) {
          vi.setSystemTime(real + hours * 3_600_000);
          for (const _ of numbers(20)) expect(await Node.ping(B)).toBe("pong");
          expect(await rpc.call(B, Remote, "sleep", [1])).toBe("ok");
        }
        expect(Process.cancelTimer(timer)).toBeGreaterThan(0);
        gone.push(...mailbox());
      });
    } finally {
      vi.useRealTimers();
    }
    expect(gone).toEqual([]);
  });
});

describe("a host that can't be reached", () => {
  test("F13: a send returns at once, a ping gives up after the set-up time, and others are served meanwhile", async () => {
    const at = await simulated("abc");
    at.cut("a", "b");
    const before = at.clock.now();
    await at.at("a").node.run(() => {
      send(["nobody", B], "lost");
      send(["nobody", B], "too");
      Process.monitor(["nobody", B]);
    });
    expect(at.clock.now()).toBe(before);
    expect(await at.run("a", () => Node.ping(C))).toBe("pong");
    expect(at.clock.now()).toBe(before);
    expect(await at.run("a", () => Node.ping(B))).toBe("pang");
    expect(at.clock.now() - before).toBe(7_000);
  });
});
