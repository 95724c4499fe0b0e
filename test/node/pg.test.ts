import { describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { pg } from "../../src/node/pg.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { startNode } from "../../src/start-node.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import type { Pid } from "../../src/term/pid.ts";
import { exitOf, linksOf, mailbox, numbers } from "../support/processes.ts";
import { startConnected } from "../support/connected.ts";

/** A process of a node that waits until it is told to end. */
const member = (cluster: Cluster, node: string): Promise<Pid> =>
  cluster.run(node, () => spawn(() => receive((message) => message === "end")));

const start = (cluster: Cluster, node: string): Promise<Pid> => cluster.run(node, () => pg.start());
const join = (cluster: Cluster, node: string, group: unknown, pid: Pid): Promise<"ok"> =>
  cluster.run(node, () => pg.join(group, pid));
const members = (cluster: Cluster, node: string, group: unknown): Promise<Pid[]> =>
  cluster.run(node, () => pg.getMembers(group));

/** Connected nodes that run the scope. */
const scopes = (...names: string[]): Promise<Cluster> => startConnected(names, start);

describe("pg.join() and leave()", () => {
  test("are seen on all nodes", async () => {
    await using cluster = await scopes("a", "b", "c");
    const [one, two] = [await member(cluster, "a"), await member(cluster, "b")];
    await join(cluster, "a", "g", one);
    await join(cluster, "b", "g", two);
    await cluster.settle();
    for (const node of ["a", "b", "c"]) expect(new Set(await members(cluster, node, "g"))).toEqual(new Set([one, two]));
    expect(await cluster.run("a", () => [pg.getLocalMembers("g"), pg.whichLocalGroups()])).toEqual([[one], ["g"]]);
    expect(await cluster.run("c", () => [pg.getLocalMembers("g"), pg.whichGroups(), pg.whichLocalGroups()])).toEqual([
      [],
      ["g"],
      [],
    ]);
    expect(await cluster.run("b", () => pg.leave("g", two))).toBe("ok");
    expect(await cluster.run("b", () => pg.leave("g", two))).toBe("not_joined");
    await cluster.settle();
    expect(await members(cluster, "c", "g")).toEqual([one]);
  });

  test("PG-002: list a process as often as it joined, and take one away at a time", async () => {
    await using cluster = await scopes("a", "b");
    const pid = await member(cluster, "a");
    await cluster.run("a", () => pg.join("g", [pid, pid]));
    await join(cluster, "a", "g", pid);
    await cluster.run("a", () => pg.leave("g", pid));
    await cluster.settle();
    expect([await members(cluster, "a", "g"), await members(cluster, "b", "g")]).toEqual([
      [pid, pid],
      [pid, pid],
    ]);
  });

  test("PG-003: are undone on all nodes when the member dies", async () => {
    await using cluster = await scopes("a", "b");
    const pid = await member(cluster, "a");
    for (const group of ["g", "g", ["h", 1]]) await join(cluster, "a", group, pid);
    await cluster.run("b", () => send(pid, "end"));
    await cluster.settle();
    for (const node of ["a", "b"]) expect(await cluster.run(node, () => pg.whichGroups())).toEqual([]);
  });

  test("PG-006: fail for a process of another node, naming it", async () => {
    await using cluster = await scopes("a", "b");
    const pid = await member(cluster, "b");
    const joining = cluster.run("a", () => pg.join("g", [self(), pid]));
    await expect(joining).rejects.toMatchObject({
      code: "nolocal",
      message: expect.stringContaining("#PID<") as string,
    });
    await expect(cluster.run("a", () => pg.leave("g", "x" as never))).rejects.toMatchObject({ code: "nolocal" });
    expect(await members(cluster, "a", "g")).toEqual([]);
  });

  test("exit with noproc where the scope does not run; looking up finds nobody", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      expect(await exitOf(() => pg.join("g", self()))).toEqual(["noproc", ["pg", "join", ["pg", "g", self()]]]);
      expect([pg.getMembers("g"), pg.getLocalMembers("g"), pg.whichGroups()]).toEqual([[], [], []]);
    });
  });
});

describe("pg over connections that come and go", () => {
  test("PG-004: the members of a node that is cut off are gone, and it keeps its own", async () => {
    await using cluster = await scopes("a", "b");
    const [one, two] = [await member(cluster, "a"), await member(cluster, "b")];
    await join(cluster, "a", "g", one);
    await join(cluster, "b", "g", two);
    cluster.cut("a", "b");
    await cluster.advance(100_000);
    expect([await members(cluster, "a", "g"), await members(cluster, "b", "g")]).toEqual([[one], [two]]);
    await cluster.kill("b");
    expect(await members(cluster, "a", "g")).toEqual([one]);
  });

  test("PG-005: two halves that meet have the union of what is true now", async () => {
    await using cluster = await scopes("a", "b", "c", "d");
    const halves = [
      ["a", "b"],
      ["c", "d"],
    ] as const;
    const pids = new Map<string, Pid>();
    for (const node of ["a", "b", "c", "d"]) {
      pids.set(node, await member(cluster, node));
      await join(cluster, node, "g", pids.get(node) as Pid);
    }
    for (const a of halves[0]) for (const b of halves[1]) cluster.cut(a, b);
    await cluster.advance(200_000);
    await cluster.run("a", () => pg.leave("g", pids.get("a") as Pid));
    await cluster.run("b", () => send(pids.get("b") as Pid, "end"));
    await join(cluster, "c", "h", pids.get("c") as Pid);
    await join(cluster, "d", "g", pids.get("d") as Pid);
    for (const a of halves[0]) for (const b of halves[1]) cluster.heal(a, b);
    await cluster.run("a", () => Node.connect("c@localhost"));
    await cluster.advance(20_000);
    for (const node of ["a", "b", "c", "d"]) {
      const seen = await members(cluster, node, "g");
      expect(seen.map((pid) => pid.node).sort()).toEqual(["c@localhost", "d@localhost", "d@localhost"]);
      expect(await members(cluster, node, "h")).toEqual([pids.get("c")]);
    }
  });

  test("PG-010: a scope that restarts knows the others' members again, its own must join anew", async () => {
    await using cluster = await scopes("a", "b");
    const [one, two] = [await member(cluster, "a"), await member(cluster, "b")];
    await join(cluster, "a", "g", one);
    await join(cluster, "b", "g", two);
    await cluster.run("a", () => Process.exit(Process.whereis("pg") as Pid, "kill"));
    await cluster.settle();
    expect(await members(cluster, "b", "g")).toEqual([two]);
    await start(cluster, "a");
    await cluster.settle();
    expect([await members(cluster, "a", "g"), await members(cluster, "b", "g")]).toEqual([[two], [two]]);
    await join(cluster, "a", "g", one);
    await cluster.settle();
    expect(await members(cluster, "b", "g")).toEqual([one, two]);
  });

  test("PG-011: a node that joins later learns the members when it starts the scope", async () => {
    await using cluster = await scopes("a", "b");
    const pid = await member(cluster, "a");
    await join(cluster, "a", "g", pid);
    await cluster.start("c");
    await cluster.run("c", () => Node.connect("b@localhost"));
    await cluster.advance(1000);
    expect(await members(cluster, "c", "g")).toEqual([]);
    await start(cluster, "c");
    await cluster.settle();
    expect(await members(cluster, "c", "g")).toEqual([pid]);
  });

  test("PG-014: a flood of syncs over ten thousand groups does not hold up a join", async () => {
    await using cluster = await scopes("a", "b");
    const pid = await member(cluster, "a");
    await cluster.run("a", () => Promise.all(numbers(10_000).map((group) => pg.join(group, pid))));
    await cluster.settle();
    const joined = cluster.run("b", async () => {
      // Each discovery is answered with all groups.
      for (let i = 0; i < 5; i++) send(["pg", "a@localhost"], ["discover", Process.whereis("pg")]);
      return pg.join("late", self());
    });
    expect(await joined).toBe("ok");
    await cluster.settle();
    expect(await cluster.run("b", () => pg.whichGroups().length)).toBe(10_000);
  });
});

describe("pg.monitor()", () => {
  test("tells who joins and leaves the group, until it is ended", async () => {
    await using cluster = await scopes("a", "b");
    const [one, two] = [await member(cluster, "a"), await member(cluster, "b")];
    await join(cluster, "a", "g", one);
    const watching = cluster.at("a").node.run(async () => {
      const [ref, now] = await pg.monitor("g");
      expect(now).toEqual([one]);
      Process.register(self(), "watcher");
      expect(await receive()).toEqual([ref, "join", "g", [two]]);
      expect(await receive()).toEqual([ref, "leave", "g", [one]]);
      expect(await receive()).toEqual([ref, "leave", "g", [two]]);
      await pg.join("g", self());
      expect(await pg.demonitor(ref)).toBe("ok");
      expect(await pg.demonitor(ref)).toBe(false);
      expect(mailbox()).toEqual([]);
    });
    await cluster.settle();
    await join(cluster, "b", "other", two);
    await join(cluster, "b", "g", two);
    await cluster.run("a", () => pg.leave("g", one));
    await cluster.kill("b");
    await cluster.drive(watching);
  });

  test("monitorScope() tells of all groups", async () => {
    await using cluster = await scopes("a", "b");
    const pid = await member(cluster, "b");
    await join(cluster, "b", "g", pid);
    await cluster.run("a", async () => {
      const [ref, now] = await pg.monitorScope();
      expect(now).toEqual(new Map([["g", [pid]]]));
      await pg.join(["h", 1], self());
      expect(await receive()).toEqual([ref, "join", ["h", 1], [self()]]);
      send(pid, "end");
      expect(await receive()).toEqual([ref, "leave", "g", [pid]]);
    });
  });
});

describe("scopes", () => {
  test("know nothing of each other, and run without a name too", async () => {
    const node = await startNode();
    try {
      await node.run(async () => {
        const pid = await pg.startLink("chat");
        expect(linksOf()).toContain(pid);
        await pg.start();
        await pg.join("g", self(), { scope: "chat" });
        expect([pg.getMembers("g"), pg.getMembers("g", { scope: "chat" })]).toEqual([[], [self()]]);
        await expect(pg.start("chat")).rejects.toMatchObject({ code: "already_started" });
        expect(pg.childSpec("chat")).toMatchObject({ id: "chat" });
      });
    } finally {
      await node.stop();
    }
  });
});
