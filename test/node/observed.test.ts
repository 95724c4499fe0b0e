import { afterEach, describe, expect, test } from "vitest";
import { erpc } from "../../src/node/erpc.ts";
import { Node } from "../../src/node/node-module.ts";
import type { EventReport, ProcessReport, ProcessTable, Summary, TreeReport } from "../../src/node/observed/types.ts";
import "../../src/node/observed.ts";
import { isWatched } from "../../src/node/observed/watch.ts";
import { Agent } from "../../src/otp/agent.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { Cluster } from "../../src/testing.ts";

const B = "b@localhost";
let cluster: Cluster | undefined;

async function connected(...names: string[]): Promise<Cluster> {
  cluster = new Cluster({ seed: 1 });
  for (const name of names) await cluster.start(name);
  for (const name of names.slice(1)) await cluster.run("a", () => Node.connect(`${name}@localhost`));
  return cluster;
}

afterEach(async () => {
  await cluster?.[Symbol.asyncDispose]();
  cluster = undefined;
});

/** Asks b from a, as an observer does. The time limit is virtual, and what is loaded meanwhile takes real time. */
const ask = <T>(fun: string, ...args: unknown[]): Promise<T> =>
  (cluster as Cluster).run("a", () => erpc.call(B, "Moebi.Observed", fun, args, 3_600_000)) as Promise<T>;

describe("Moebi.Observed.summary()", () => {
  test("tells of the node and of its peers, with what their connections have carried", async () => {
    await connected("a", "b");
    const { node, vitals, peers } = await ask<Summary>("summary");
    expect(node).toBe(B);
    expect(vitals.processes).toBeGreaterThan(0);
    expect(vitals.rss).toBeGreaterThan(vitals.heapUsed / 2);
    expect(peers).toMatchObject([{ node: "a@localhost", hidden: false, busy: false }]);
    expect(peers[0]?.bytesIn).toBeGreaterThan(0);
  });

  test("tells how the program is", async () => {
    await connected("a", "b");
    const { health } = await ask<Summary>("summary");
    expect([health.pid, health.names > 0, health.user > 0]).toEqual([process.pid, true, true]);
  });

  test("measures round trips beside the questions, which never wait for one", async () => {
    const { clock } = await connected("a", "b");
    expect((await ask<Summary>("summary")).peers[0]?.roundTrip).toBeUndefined();
    cluster?.delay("a", "b", 40);
    await clock.advance(2500);
    await ask("summary");
    await clock.advance(2500);
    const { peers } = await ask<Summary>("summary");
    expect(peers[0]?.roundTrip).toBeGreaterThanOrEqual(40);
    expect(peers[0]?.vitals?.processes).toBeGreaterThan(0);
  });

  test("says which peer does not answer", async () => {
    const { clock } = await connected("a", "b", "c");
    await clock.advance(1000);
    cluster?.stall("c");
    await ask("summary");
    await clock.advance(2500);
    const { peers } = await ask<Summary>("summary");
    expect(peers.find(({ node }) => node === "c@localhost")?.roundTrip).toBe("timeout");
    cluster?.unstall("c");
  });
});

describe("Moebi.Observed.processes()", () => {
  test("sends no more rows than asked for", async () => {
    await connected("a", "b");
    await cluster?.run("b", () => {
      for (let i = 0; i < 2000; i++) spawn(() => receive(() => false));
    });
    const table = await ask<ProcessTable>("processes", { sort: "age", limit: 7 });
    expect(table.rows).toHaveLength(7);
    expect(table.total).toBeGreaterThan(2000);
  });
});

describe("Moebi.Observed.tree()", () => {
  test("unfolds the supervisors asked for, and passes over what is none", async () => {
    await connected("a", "b");
    const [top, other] = (await cluster?.run("b", async () => {
      const child = { id: "counter", start: () => Agent.startLink(() => 7) };
      const inner = {
        id: "inner",
        type: "supervisor",
        start: () => Supervisor.startLink([child], { strategy: "oneForOne" }),
      } as const;
      const top = await Supervisor.startLink([inner], { strategy: "oneForOne", name: "Top" });
      Process.unlink(top as never);
      return [top, spawn(() => receive(() => false))];
    })) as [never, never];
    const folded = await ask<TreeReport>("tree");
    expect(folded.roots).toContainEqual({ pid: top, label: "Top", supervisor: true, state: "running" });
    const { children } = await ask<TreeReport>("tree", [top, other]);
    expect(children[0]).toMatchObject([top, [{ label: "inner", supervisor: true }], 1]);
    expect(children[1]).toEqual([other, undefined, 0]);
    // A question to one that is no server would stay in its mailbox.
    expect((await ask<ProcessReport>("process", other)).mailbox).toBe(0);
  });
});

describe("Moebi.Observed.process()", () => {
  test("tells a server's state, as text", async () => {
    await connected("a", "b");
    const agent = await cluster?.run("b", () => Agent.start(() => ({ coins: 7 })));
    const report = await ask<ProcessReport>("process", agent);
    expect(report).toMatchObject({ state: { text: "{ coins: 7 }" }, initialCall: "Agent.init/1", waiting: true });
  });

  test("does not wait for a server that is at something else", async () => {
    await connected("a", "b");
    const agent = await cluster?.run("b", async () => {
      const pid = await Agent.start(() => 0);
      const begun = Promise.withResolvers<void>();
      const update = (): Promise<never> => {
        begun.resolve();
        return new Promise(() => undefined);
      };
      void Agent.update(pid as never, update, Infinity).catch(() => undefined);
      await begun.promise;
      return pid;
    });
    expect(await ask<ProcessReport>("process", agent)).toMatchObject({ state: "timeout" });
  });

  test("shows the mailbox of a process, and asks it nothing", async () => {
    await connected("a", "b");
    const pid = await cluster?.run("b", () => {
      const pid = spawn(() => receive(() => false));
      for (let i = 0; i < 30; i++) send(pid, ["hello", i]);
      return pid;
    });
    const report = await ask<ProcessReport>("process", pid);
    expect(report.state).toBeUndefined();
    expect(report.mailbox).toBe(30);
    expect(report.messages).toHaveLength(20);
    expect(report.messages[0]).toBe('["hello", 0]');
  });

  test("is undefined for one that is gone", async () => {
    await connected("a", "b");
    const pid = await cluster?.run("b", () => self());
    expect(await ask("process", pid)).toBeUndefined();
  });
});

describe("Moebi.Observed.events()", () => {
  test("tells of nodes and of what is logged since the number given, and no more than 500", async () => {
    await connected("a", "b");
    await ask("events");
    await cluster?.start("c");
    await cluster?.run("b", () => Node.connect("c@localhost"));
    const up = await ask<EventReport>("events");
    expect(up.events).toMatchObject([{ id: 1, kind: "nodeup", text: "c@localhost up" }]);
    const { runtime } = (cluster as Cluster).at("b").node;
    runtime.log("error", "it broke");
    const { events } = await ask<EventReport>("events", 1);
    expect(events).toMatchObject([{ id: 2, kind: "log", level: "error", text: "it broke" }]);
    for (let i = 0; i < 30; i++) {
      for (let j = 0; j < 40; j++) runtime.log("info", `line ${String(i)}`);
      await cluster?.advance(50);
    }
    expect((await ask<EventReport>("events")).events.length).toBeLessThanOrEqual(500);
  });

  test("keeps nothing once nobody has asked for a while", async () => {
    const { clock } = await connected("a", "b");
    const { runtime } = (cluster as Cluster).at("b").node;
    const before = runtime.processes.size;
    await ask("events");
    expect(isWatched(runtime)).toBe(true);
    await clock.advance(31_000);
    expect(isWatched(runtime)).toBe(false);
    expect(runtime.processes.size).toBe(before);
  });
});
