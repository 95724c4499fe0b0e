import { describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { Tracker } from "../../src/node/tracker.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { startNode } from "../../src/start-node.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import type { Pid } from "../../src/term/pid.ts";
import { exitOf, mailbox } from "../support/processes.ts";
import { startConnected } from "../support/connected.ts";

const DOWN = 10_000;
const PERMDOWN = 300_000;
/** Longer than silence takes to be noticed. */
const NOTICED = 80_000;

/** A tracker of a node, started by a process that lives as long as it. */
const start = (cluster: Cluster, node: string): Promise<void> =>
  cluster.run(node, async () => {
    const me = self();
    spawn(async () => {
      await Tracker.startLink({ downPeriod: DOWN, permdownPeriod: PERMDOWN });
      send(me, "started");
      await receive((message) => message === "end");
    });
    await receive((message) => message === "started");
  });

/** A user of a node who is in the lobby, and what happens there. */
const user = (cluster: Cluster, node: string, key: string, meta: unknown = {}): Promise<Pid> =>
  cluster.run(node, async () => {
    const pid = spawn(() => receive((message) => message === "end"));
    await Tracker.track(pid, "lobby", key, meta);
    return pid;
  });

/** Collects the events of the lobby on a node, each as `"join ada"`. */
async function events(cluster: Cluster, node: string): Promise<() => string[]> {
  let seen: string[] = [];
  await cluster.run(node, async () => {
    const me = self();
    spawn(async () => {
      const [ref] = await Tracker.monitor("lobby");
      send(me, "watching");
      for (;;) {
        const [from, event, , presences] = (await receive()) as [unknown, string, unknown, { key: string }[]];
        if (from === ref) for (const { key } of presences) seen.push(`${event} ${key}`);
      }
    });
    await receive((message) => message === "watching");
  });
  return () => {
    const taken = seen;
    seen = [];
    return taken;
  };
}

const users = (cluster: Cluster, node: string): Promise<unknown[]> =>
  cluster.run(node, () => Tracker.list("lobby").map(({ key }) => key));
const nodes = (cluster: Cluster, node: string): Promise<string[]> =>
  cluster.run(node, () => Tracker.nodes().map(([name, status]) => `${name.replace("@localhost", "")} ${status}`));

const trackers = (...names: string[]): Promise<Cluster> => startConnected(names, start);

describe("Tracker.track(), update() and untrack()", () => {
  test("are seen on all nodes, as a process' end is", async () => {
    await using cluster = await trackers("a", "b", "c");
    const seen = await events(cluster, "c");
    const ada = await user(cluster, "a", "ada");
    const bob = await user(cluster, "b", "bob", { typing: false });
    await cluster.settle();
    for (const node of ["a", "b", "c"]) expect(new Set(await users(cluster, node))).toEqual(new Set(["ada", "bob"]));
    await cluster.run("b", () => Tracker.update(bob, "lobby", "bob", { typing: true }));
    await cluster.settle();
    expect(await cluster.run("a", () => Tracker.getByKey("lobby", "bob"))).toEqual([
      { key: "bob", pid: bob, meta: { typing: true } },
    ]);
    await cluster.run("b", () => Tracker.untrack(bob, "lobby", "bob"));
    await cluster.run("c", () => send(ada, "end"));
    await cluster.settle();
    for (const node of ["a", "b", "c"]) expect(await users(cluster, node)).toEqual([]);
    expect(seen()).toEqual(["join ada", "join bob", "update bob", "leave bob", "leave ada"]);
  });

  test("take a process out of a topic, and out of all", async () => {
    await using cluster = await trackers("a");
    await cluster.run("a", async () => {
      for (const [topic, key] of [
        ["t", 1],
        ["t", [2]],
        ["u", 1],
        ["v", 1],
      ])
        await Tracker.track(self(), topic, key);
      await Tracker.untrack(self(), "t", [2]);
      expect(Tracker.list("t").map(({ key }) => key)).toEqual([1]);
      await Tracker.untrack(self(), "t");
      expect([Tracker.list("t"), Tracker.list("u").length]).toEqual([[], 1]);
      await Tracker.untrack(self());
      expect([Tracker.list("u"), Tracker.list("v")]).toEqual([[], []]);
      expect(await Tracker.untrack(self())).toBe("ok");
    });
  });

  test("fail for what is there or is not, for a process of another node, and without a tracker", async () => {
    await using cluster = await trackers("a", "b");
    const other = await user(cluster, "b", "bob");
    await cluster.run("a", async () => {
      await Tracker.track(self(), "lobby", "ada");
      await expect(Tracker.track(self(), "lobby", "ada")).rejects.toMatchObject({ code: "already_tracked" });
      await expect(Tracker.update(self(), "lobby", "eve", 1)).rejects.toMatchObject({ code: "not_tracked" });
      await expect(Tracker.track(other, "lobby", "bob")).rejects.toMatchObject({ code: "nolocal" });
      await expect(Tracker.untrack(other)).rejects.toMatchObject({ code: "nolocal" });
      const options = { tracker: "none" };
      const call = ["Tracker", "track", [self(), "t", "k", {}]];
      expect(await exitOf(() => Tracker.track(self(), "t", "k", {}, options))).toEqual(["noproc", call]);
      expect([Tracker.list("t", options), Tracker.nodes(options)]).toEqual([[], []]);
    });
  });
});

describe("Tracker over connections that come and go", () => {
  test("DISCOVERY-015: a silent node is down, then back with the same entries, or forgotten", async () => {
    await using cluster = await trackers("a", "b", "c");
    await user(cluster, "a", "ada");
    await user(cluster, "b", "bob");
    await user(cluster, "c", "cyd");
    await cluster.settle();
    const seen = await events(cluster, "a");
    const apart = (): void => ["a", "b"].forEach((node) => cluster.cut(node, "c"));

    apart();
    await cluster.advance(NOTICED);
    await cluster.advance(DOWN);
    expect(await nodes(cluster, "a")).toEqual(["a up", "b up", "c down"]);
    expect(await users(cluster, "a")).toEqual(["ada", "bob"]);
    expect(await users(cluster, "c")).toEqual(["cyd"]);

    for (const node of ["a", "b"]) cluster.heal(node, "c");
    await cluster.run("a", () => Node.connect("c@localhost"));
    await cluster.advance(20_000);
    expect(await nodes(cluster, "a")).toEqual(["a up", "b up", "c up"]);
    for (const node of ["a", "b", "c"])
      expect(new Set(await users(cluster, node))).toEqual(new Set(["ada", "bob", "cyd"]));
    expect(seen()).toEqual(["leave cyd", "join cyd"]);

    apart();
    await cluster.advance(NOTICED + PERMDOWN);
    expect(await nodes(cluster, "a")).toEqual(["a up", "b up"]);
    expect(seen()).toEqual(["leave cyd"]);
  });

  test("DISCOVERY-015: a node that returns as a new life has lost its old entries for good", async () => {
    await using cluster = await trackers("a", "b");
    await user(cluster, "b", "bob");
    await cluster.settle();
    const seen = await events(cluster, "a");
    await cluster.kill("b");
    await cluster.settle();
    // Not yet down.
    expect([await users(cluster, "a"), seen()]).toEqual([["bob"], []]);
    await cluster.start("b");
    await cluster.run("b", () => Node.connect("a@localhost"));
    await cluster.settle();
    expect([await users(cluster, "a"), seen(), await nodes(cluster, "a")]).toEqual([[], ["leave bob"], ["a up"]]);
    await start(cluster, "b");
    await user(cluster, "b", "eve");
    await cluster.settle();
    expect([await users(cluster, "a"), seen(), await nodes(cluster, "a")]).toEqual([
      ["eve"],
      ["join eve"],
      ["a up", "b up"],
    ]);
  });

  test("a fault shorter than the down period is not seen, but for what happened meanwhile", async () => {
    await using cluster = await trackers("a", "b");
    const bob = await user(cluster, "b", "bob");
    const eve = await user(cluster, "b", "eve");
    await cluster.settle();
    const seen = await events(cluster, "a");
    const lose = (): Promise<unknown> => cluster.run("b", () => Node.disconnect("a@localhost"));
    await lose();
    await cluster.advance(DOWN - 1000);
    await cluster.run("b", async () => {
      send(eve, "end");
      await Tracker.update(bob, "lobby", "bob", { typing: true });
      await Node.connect("a@localhost");
    });
    await cluster.settle();
    expect(seen()).toEqual(["leave eve", "update bob"]);
    // The time of each fault is its own.
    await lose();
    await cluster.advance(DOWN - 1000);
    expect([await users(cluster, "a"), seen()]).toEqual([["bob"], []]);
    await cluster.advance(1000);
    expect([await users(cluster, "a"), seen()]).toEqual([[], ["leave bob"]]);
  });

  test("the presences of a tracker that ends are gone at once, and there again when tracked anew", async () => {
    await using cluster = await trackers("a", "b");
    const bob = await user(cluster, "b", "bob");
    await cluster.settle();
    await cluster.run("b", () => Process.exit(Process.whereis("Tracker") as Pid, "kill"));
    await cluster.settle();
    expect([await users(cluster, "a"), await nodes(cluster, "a")]).toEqual([[], ["a up"]]);
    await start(cluster, "b");
    await cluster.run("b", () => Tracker.track(bob, "lobby", "bob"));
    await cluster.settle();
    expect(await users(cluster, "a")).toEqual(["bob"]);
  });
});

describe("Tracker.monitor()", () => {
  test("gives who is present, and tells of its topic until it is ended", async () => {
    await using cluster = await trackers("a");
    await cluster.run("a", async () => {
      await Tracker.track(self(), "t", 1, "one");
      const presence = { key: 1, pid: self(), meta: "one" };
      const [ref, present] = await Tracker.monitor("t");
      expect(present).toEqual([presence]);
      await Tracker.track(self(), "u", 1);
      await Tracker.untrack(self(), "t");
      expect(await receive()).toEqual([ref, "leave", "t", [presence]]);
      await Tracker.track(self(), "t", 2);
      expect(await Tracker.demonitor(ref)).toBe("ok");
      expect(await Tracker.demonitor(ref)).toBe(false);
      expect(mailbox()).toEqual([]);
    });
  });
});

describe("Tracker.startLink()", () => {
  test("runs without a name too, keeps trackers apart, and refuses bad periods", async () => {
    const node = await startNode();
    try {
      await node.run(async () => {
        await Tracker.startLink({ name: "Online" });
        await Tracker.startLink();
        await Tracker.track(self(), "t", "k", {}, { tracker: "Online" });
        expect([Tracker.list("t"), Tracker.list("t", { tracker: "Online" }).length]).toEqual([[], 1]);
        await expect(Tracker.startLink()).rejects.toMatchObject({ code: "already_started" });
        for (const options of [{ downPeriod: -1 }, { downPeriod: 5, permdownPeriod: 4 }, { permdownPeriod: Infinity }])
          await expect(Tracker.startLink(options)).rejects.toMatchObject({ code: "badarg" });
        expect(Tracker.childSpec({ name: "Online" })).toMatchObject({ id: "Online" });
      });
    } finally {
      await node.stop();
    }
  });
});

describe("a tracker", () => {
  test("hears from the nodes that its own is connected to, and passes nothing on", async () => {
    await using cluster = await startCluster(["a", "b", "c"], { node: { connectAll: false } });
    for (const node of ["a", "b", "c"]) await start(cluster, node);
    for (const node of ["a", "c"]) await cluster.run(node, () => Node.connect("b@localhost"));
    for (const node of ["a", "b", "c"]) await user(cluster, node, `of ${node}`);
    await cluster.settle();
    expect(await users(cluster, "a")).toEqual(["of a", "of b"]);
    expect((await users(cluster, "b")).sort()).toEqual(["of a", "of b", "of c"]);
  });

  test("of a hidden node neither tells the others nor hears of them", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.start("h", { hidden: true });
    await cluster.run("h", () => Node.connect("a@localhost"));
    for (const node of ["a", "h"]) await start(cluster, node);
    for (const node of ["a", "h"]) await user(cluster, node, `of ${node}`);
    await cluster.settle();
    expect([await users(cluster, "a"), await users(cluster, "h")]).toEqual([["of a"], ["of h"]]);
  });
});
