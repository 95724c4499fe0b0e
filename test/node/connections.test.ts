import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NodeOptions, startNode } from "../../src/start-node.ts";
import type { LocalNode } from "../../src/node/local-node.ts";
import type { Carrier, Link } from "../../src/node/carrier.ts";
import { Connections } from "../../src/node/connections.ts";
import { Node } from "../../src/node/node-module.ts";
import { Frame } from "../../src/node/wire/frame.ts";
import { MemoryNames } from "../../src/node/wire/memory-resolver.ts";
import { MemoryNetwork } from "../../src/node/wire/memory-transport.ts";
import type { Channel, Transport } from "../../src/node/wire/transport.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import { Cluster, StringDevice, VirtualClock } from "../../src/testing.ts";
import type { NodeName, Pid } from "../../src/term/pid.ts";
import { numbers } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";

const [A, B, C] = ["a@localhost", "b@localhost", "c@localhost"] as const;

let cluster: Cluster;
beforeEach(() => {
  cluster = new Cluster({ seed: 1 });
});
afterEach(() => cluster[Symbol.asyncDispose]());

async function start(names: string, options: NodeOptions = {}): Promise<void> {
  for (const name of names) await cluster.start(name, options);
}
const list = (name: string, kind?: "visible" | "hidden" | "connected"): readonly string[] | undefined =>
  cluster.at(name).node.connections?.list(kind).sort();

function idleLink(name: NodeName): Link {
  return {
    peer: { name, creation: 1, hidden: true },
    open: () => undefined,
    send: () => "ok",
    close: () => undefined,
    queuedBytes: 0,
    stats: { bytesIn: 0, bytesOut: 0, signalsIn: 0, signalsOut: 0 },
  };
}

/** Tells of dials, which come to nothing. */
function idleCarrier(dialled: (node: NodeName) => void): Carrier {
  return {
    connect(node) {
      dialled(node);
      return Promise.reject(new Error("Nobody is there"));
    },
    waitingFor: () => ({ add: () => undefined, bytes: 0, largest: 0, take: () => [], drop: () => [] }),
    onLink: () => undefined,
    listen: () => Promise.resolve(),
    tickTime: 60_000,
    changeTickTime: () => "unchanged",
    stop: () => Promise.resolve(),
  };
}

describe("a connection", () => {
  test("DIST-006: is made by sending to a name at the other node, and the message arrives", async () => {
    await start("ab");
    const got = cluster.at("b").node.run(() => {
      Process.register(self(), "ping");
      return receive();
    });
    await cluster.run("a", () => {
      expect(Node.list()).toEqual([]);
      send(["ping", B], ["ping", self()]);
    });
    expect(await cluster.drive(got)).toEqual(["ping", expect.objectContaining({ node: A })]);
    expect([list("a"), list("b")]).toEqual([[B], [A]]);
  });

  test("DIST-008: an answer to the sender's pid arrives in its mailbox", async () => {
    await start("ab");
    await cluster.run("a", async () => {
      const pid = await Node.spawn(B, Remote, "echo");
      expect(pid.node).toBe(B);
      send(pid, [self(), { n: 1 }]);
      expect(await receive()).toEqual(["echo", { n: 1 }]);
    });
  });

  test("DIST-011, Trap 14: keeps the order of one sender's messages, whatever their size, by pid or by name", async () => {
    await start("ab");
    await cluster.run("a", async () => {
      const pid = await Node.spawn(B, Remote, "relay", [self(), "relay"]);
      const large = "x".repeat(32 * 1024 * 1024);
      for (const n of numbers(1000)) send(n % 2 === 0 ? pid : (["relay", B] as const), n);
      for (const message of ["small", large, "small again"]) send(pid, message);
      const got: unknown[] = [];
      while (got.length < 1003) got.push(await receive());
      expect(got.slice(0, 1000)).toEqual(numbers(1000));
      expect([got[1000], got[1001] === large, got[1002]]).toEqual(["small", true, "small again"]);
      send(pid, "end");
    });
  });

  test("DIST-047: a small message of another is not held up by a large one", async () => {
    await start("ab");
    const arrived: string[] = [];
    await cluster.run("a", async () => {
      const me = self();
      const [first, second] = [await Node.spawn(B, Remote, "relay", [me]), await Node.spawn(B, Remote, "relay", [me])];
      cluster.delay("a", "b", 1);
      // Two senders, as only the messages of one keep their order.
      cluster.at("a").node.runtime.spawn(() => send(first, "x".repeat(4 * 1024 * 1024)));
      cluster.at("a").node.runtime.spawn(() => send(second, "small"));
      while (arrived.length < 2) arrived.push(String(await receive()).slice(0, 5));
      send(first, "end");
      send(second, "end");
    });
    expect(arrived).toEqual(["small", "xxxxx"]);
  });

  test("DIST-024: disconnect ends it at both ends, and says whether there was one", async () => {
    await start("ab");
    await cluster.run("a", async () => {
      expect(await Node.connect(B)).toBe(true);
      await cluster.settle();
      expect([list("a"), list("b")]).toEqual([[B], [A]]);
      expect([Node.disconnect(B), Node.disconnect(B)]).toEqual([true, false]);
    });
    await cluster.settle();
    expect([list("a"), list("b")]).toEqual([[], []]);
  });

  test("DIST-039: idle for hours, it stays", async () => {
    await start("ab");
    await cluster.run("a", () => Node.connect(B));
    await cluster.advance(3 * 3_600_000);
    expect([list("a"), list("b")]).toEqual([[B], [A]]);
  });

  test("made from both ends at once is one", async () => {
    await start("ab");
    cluster.delay("a", "b", 20);
    const both = [cluster.at("a").node.run(() => Node.connect(B)), cluster.at("b").node.run(() => Node.connect(A))];
    expect(await cluster.drive(Promise.all(both))).toEqual([true, true]);
    expect([list("a"), list("b")]).toEqual([[B], [A]]);
  });
});

describe("a peer that sends garbage", () => {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock });
  const names = new MemoryNames();
  const open = (sname: string, transport: Transport = network.transport(sname)): Promise<LocalNode> =>
    clock.drive(
      startNode({
        sname,
        cookie: "cluster",
        clock,
        device: new StringDevice(),
        log: () => undefined,
        network: { transport, resolver: names.resolver() },
      }),
    );

  test.each([
    ["an unknown frame", Uint8Array.of(255, 1, 2)],
    ["nothing", new Uint8Array(0)],
    ["a truncated signal", Uint8Array.of(Frame.SIGNALS, 5, 1)],
    ["a length beyond all bytes", Uint8Array.of(Frame.SIGNALS, 255, 255, 255, 255, 15)],
    ["a fragment of nothing", Uint8Array.of(Frame.FRAGMENT, 9, 9, 9)],
  ])("DIST-058: %s ends that link alone, and is told as bad_frame", async (_, garbage) => {
    let channel: Channel | undefined;
    const under = network.transport("bad");
    const transport: Transport = {
      exposed: false,
      listen: (onChannel) => under.listen(onChannel),
      close: () => under.close(),
      dial: async (address, signal) => {
        const dialled = await under.dial(address, signal);
        // The first: the mesh dials others later.
        channel ??= dialled;
        return dialled;
      },
    };
    const nodes = [await open("a"), await open("b"), await open("bad", transport)] as const;
    const [a, , bad] = nodes;
    const down = a.run(async () => {
      await Node.connect(B);
      Node.monitorNodes(true, { nodedownReason: true });
      for (;;) {
        const message = (await receive()) as unknown[];
        if (message[0] === "nodedown") return message;
      }
    });
    await clock.advance(10);
    expect(await clock.drive(bad.run(() => Node.connect(A)))).toBe(true);
    channel?.send(garbage);
    const told = await clock.drive(down);
    expect(told).toEqual([
      "nodedown",
      "bad@localhost",
      { nodedownReason: expect.stringMatching(/^bad_frame/) as string },
    ]);
    expect(a.connections?.list()).toEqual([B]);
    expect(await clock.drive(a.run(() => Node.ping(B)))).toBe("pong");
    for (const node of nodes) await clock.drive(node.stop());
  });
});

describe("the mesh", () => {
  test("DIST-027: who connects to one of a pair is connected to both", async () => {
    await start("abc");
    await cluster.run("a", () => Node.connect(B));
    await cluster.run("c", () => Node.connect(A));
    await cluster.advance(100);
    expect([list("a"), list("b"), list("c")]).toEqual([
      [B, C],
      [A, C],
      [A, B],
    ]);
  });

  test("DIST-029: a hidden node is not part of it", async () => {
    await start("ab");
    await cluster.start("h", { hidden: true });
    await cluster.run("a", () => Node.connect(B));
    await cluster.run("h", () => Node.connect(A));
    await cluster.advance(100);
    expect([list("a"), list("a", "hidden"), list("b", "connected"), list("h"), list("h", "hidden")]).toEqual([
      [B],
      ["h@localhost"],
      [A],
      [],
      [A],
    ]);
  });

  test("what a peer says of others is believed only if they are names of nodes", async () => {
    await start("ab");
    await cluster.run("a", async () => {
      await Node.connect(B);
      send(["net_kernel", B], ["mesh", ["no name", 7, "a@b@c", B]]);
      send(["net_kernel", B], "nonsense");
      send(["net_kernel", B], ["mesh", "x"]);
    });
    await cluster.advance(100);
    expect([list("b"), cluster.at("b").log]).toEqual([[A], []]);
  });
});

describe("connecting by use", () => {
  test("DIST-042: a thousand pings of an absent node all fail and leave nothing behind", async () => {
    await start("a");
    const { processes } = cluster.at("a").node.runtime;
    const before = [cluster.clock.pending, processes.size];
    await cluster.run("a", async () => {
      const answers = new Set<string>();
      for (const _ of numbers(1000)) answers.add(await Node.ping("absent@localhost"));
      expect([...answers]).toEqual(["pang"]);
    });
    expect([cluster.clock.pending, processes.size]).toEqual(before);
  });

  test("DIST-043: never, if the node is told so; connecting by hand works", async () => {
    await cluster.start("a", { autoConnect: "never" });
    await start("b");
    await cluster.run("a", async () => {
      send(["name", B], 1);
      expect(await Node.ping(B)).toBe("pang");
      const ref = Process.monitor(["name", B]);
      expect(await receive()).toEqual(["DOWN", ref, "process", ["name", B], "noconnection"]);
      Node.monitor(B, true);
      expect(await receive()).toEqual(["nodedown", B]);
      expect(Node.list()).toEqual([]);
      expect(await Node.connect(B)).toBe(true);
      expect(await Node.ping(B)).toBe("pong");
    });
  });

  test("DIST-044: once: a lost one is not made again by use, but by hand, or from the other side", async () => {
    await cluster.start("a", { autoConnect: "once" });
    await start("b");
    await cluster.run("a", async () => {
      expect(await Node.ping(B)).toBe("pong");
      Node.disconnect(B);
      send(["name", B], 1);
      expect([await Node.ping(B), Node.list()]).toEqual(["pang", []]);
      expect(await Node.connect(B)).toBe(true);
      Node.disconnect(B);
    });
    await cluster.settle();
    expect(await cluster.run("b", () => Node.connect(A))).toBe(true);
    expect(await cluster.run("a", () => Node.ping(B))).toBe("pong");
  });

  test("V4: once: the nodes that were lost longest ago are forgotten when there are endless ones", async () => {
    const dialled: NodeName[] = [];
    const carrier = idleCarrier((node) => dialled.push(node));
    const connections = new Connections(new Runtime({ name: A }), carrier, { autoConnect: "once" });
    const use = (node: NodeName): unknown => connections.reach(node);
    const lose = (node: NodeName): void => {
      carrier.onLink(idleLink(node));
      connections.disconnect(node);
    };
    for (let i = 0; i <= 65_536; i++) lose(`n${String(i)}@localhost`);
    void [use("n1@localhost"), use("n65536@localhost"), use("n0@localhost")];
    expect(dialled).toEqual(["n0@localhost"]);
    await connections.stop();
  });

  test("DIST-057: with a short set-up time a dial of a host that does not answer gives up within it", async () => {
    await cluster.start("a", { netSetuptime: 500 });
    await start("b");
    cluster.cut("a", "b");
    const before = cluster.clock.now();
    expect(await cluster.run("a", () => Node.connect(B))).toBe(false);
    expect(cluster.clock.now() - before).toBe(500);
    expect(await cluster.run("a", () => Node.ping(B))).toBe("pang");
  });

  test("is not done only to say that a link or a monitor over a lost connection has ended", async () => {
    await start("ab");
    const remote = await cluster.run("a", () => Node.spawn(B, Remote, "wait"));
    await cluster.run("a", async () => {
      const node = cluster.at("a").node.runtime;
      const linked = node.spawn(() => {
        Process.link(remote);
        return receive(() => false);
      });
      // Dies of its partner, before its own link has fired.
      const both = node.spawn(() => {
        Process.link(linked.pid);
        Process.link(remote);
        Process.monitor(remote);
        return receive(() => false);
      });
      await cluster.settle();
      const ref = Process.monitor(both.pid);
      Node.disconnect(B);
      expect(await receive()).toEqual(["DOWN", ref, "process", both.pid, "noconnection"]);
    });
    await cluster.advance(10_000);
    expect([list("a"), list("b")]).toEqual([[], []]);
  });

  test("an end that can't cross is told in words, also while the connection is still being made", async () => {
    await start("ab");
    const remote = await cluster.run("b", async () => {
      const relay = await Node.spawn(B, Remote, "relay", [self()]);
      return relay;
    });
    const { runtime } = cluster.at("a").node;
    const dying = runtime.spawn(() => {
      Process.link(remote);
      Process.monitor(remote);
      return Promise.reject(Object.assign(new Error("x"), { field: new WeakMap() }));
    });
    await cluster.advance(1000);
    expect(dying.waiting).toBe(false);
    expect(dying.links).toBeUndefined();
    expect(await cluster.run("b", () => Process.info(remote)?.links)).toEqual([]);
  });

  test("Trap 12: a failed one is silent for who sends", async () => {
    await start("a");
    await cluster.run("a", () => {
      send(["name", "absent@localhost"], 1);
      expect(() => send({ pid: 1 } as unknown as Pid, 1)).toThrow();
    });
    await cluster.advance(10_000);
    expect(cluster.at("a").log).toEqual([]);
  });
});
