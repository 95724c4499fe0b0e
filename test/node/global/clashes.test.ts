import { describe, expect, test } from "vitest";
import { global } from "../../../src/node/global.ts";
import { Node } from "../../../src/node/node-module.ts";
import { defmodule } from "../../../src/process/kernel.ts";
import { Process } from "../../../src/process/process-module.ts";
import { receive } from "../../../src/process/receive.ts";
import { self, spawn } from "../../../src/process/spawn.ts";
import { type Cluster, startCluster } from "../../../src/testing.ts";
import type { Pid } from "../../../src/term/pid.ts";
import { holder, join, lookUp, mesh, register } from "../../support/global-names.ts";
import { downOf } from "../../support/processes.ts";

describe("where two parts of a cluster meet", () => {
  /** One name, a holder on each of two nodes that have not met. */
  async function apart(...rule: [rule?: never]): Promise<{ cluster: Cluster; pids: [Pid, Pid] }> {
    const cluster = await startCluster(["a", "b"]);
    const take = (node: string): Promise<Pid> =>
      cluster.run(node, async () => {
        const pid = spawn(async () => {
          Process.register(self(), "holder");
          for (;;) await receive(() => false);
        });
        await global.registerName("x", pid, ...rule);
        return pid;
      });
    return { cluster, pids: [await take("a"), await take("b")] };
  }
  const boxes = (cluster: Cluster): Promise<unknown[]> =>
    Promise.all(
      ["a", "b"].map((node) =>
        cluster.run(node, () => {
          const pid = Process.whereis("holder");
          return pid === null ? "dead" : Process.info(pid)?.messages;
        }),
      ),
    );

  test("Trap 19: one holder is killed by default, the same for all", async () => {
    const { cluster, pids } = await apart();
    await using _ = cluster;
    const watching = cluster.run("b", () => downOf(Process.monitor(pids[1])));
    await join(cluster, "a", "b");
    expect(await watching).toBe("killed");
    expect(await lookUp(cluster, "x")).toEqual([pids[0], pids[0]]);
    expect(await boxes(cluster)).toEqual([[], "dead"]);
    expect(cluster.at("b").log.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("global: Name conflict terminating"),
    );
  });

  test("GLOBAL-008: the rule that notifies one at random lets both live", async () => {
    const { cluster, pids } = await apart(global.randomNotifyName as never);
    await using _ = cluster;
    await join(cluster, "a", "b");
    expect(await lookUp(cluster, "x")).toEqual([pids[0], pids[0]]);
    expect(await boxes(cluster)).toEqual([[], [["global_name_conflict", "x"]]]);
  });

  test("GLOBAL-009: the rule that notifies all frees the name", async () => {
    const { cluster, pids } = await apart(global.notifyAllName as never);
    await using _ = cluster;
    await join(cluster, "a", "b");
    expect(await lookUp(cluster, "x")).toEqual([null, null]);
    expect(await boxes(cluster)).toEqual([
      [["global_name_conflict", "x", pids[1]]],
      [["global_name_conflict", "x", pids[0]]],
    ]);
  });

  test("GLOBAL-010: different names are known to both, and nobody is harmed", async () => {
    await using cluster = await startCluster(["a", "b", "c", "d"]);
    await join(cluster, "a", "b");
    await join(cluster, "c", "d");
    const [left, right] = [await holder(cluster, "a"), await holder(cluster, "d")];
    await register(cluster, "b", "left", left);
    await register(cluster, "c", "right", right);
    await join(cluster, "a", "b", "c", "d");
    expect(await lookUp(cluster, "left")).toEqual([left, left, left, left]);
    expect(await lookUp(cluster, "right")).toEqual([right, right, right, right]);
  });

  const second = (_name: unknown, _pid1: Pid, pid2: Pid): Pid => pid2;
  test.for([
    ["picks one", second, true],
    ["picks none", () => "none", false],
    ["answers nonsense", () => ({ nonsense: 7 }), false],
    [
      "raises",
      () => {
        throw new Error("no idea");
      },
      false,
    ],
    ["kills its process", () => Process.exit(self(), "kill"), false],
    ["takes for ever", () => receive(() => false), false],
  ] as const)("GLOBAL-019: a rule of one's own that %s", async ([, rule, keeps]) => {
    const { cluster, pids } = await apart(rule as never);
    await using _ = cluster;
    await join(cluster, "a", "b");
    const holding = keeps ? pids[1] : null;
    expect(await lookUp(cluster, "x")).toEqual([holding, holding]);
    expect(await boxes(cluster)).toEqual([[], []]);
    expect(await register(cluster, "a", "y", await holder(cluster, "a"))).toBe("yes");
  });

  test("a rule may be a module's function, and is asked once, on the later node", async () => {
    const asked: unknown[] = [];
    defmodule("GlobalTestRule", {
      choose: (...args: unknown[]) => {
        asked.push([Node.self(), ...args]);
        return args[1];
      },
    });
    const { cluster, pids } = await apart(["GlobalTestRule", "choose"] as never);
    await using _ = cluster;
    await join(cluster, "a", "b");
    await cluster.advance(10_000);
    expect(asked).toEqual([["b@localhost", "x", ...pids]]);
    expect(await lookUp(cluster, "x")).toEqual([pids[0], pids[0]]);
  });

  test("GLOBAL-020: no rule is asked about one process that has the name in both", async () => {
    await using cluster = await mesh("a", "b", "c");
    const pid = await holder(cluster, "a");
    const rule = (): never => {
      throw new Error("The rule was asked");
    };
    await register(cluster, "b", "x", pid, rule);
    cluster.cut("a", "c");
    cluster.cut("b", "c");
    await cluster.advance(100_000);
    expect(await cluster.run("c", () => global.whereisName("x"))).toBeNull();
    cluster.heal("a", "c");
    cluster.heal("b", "c");
    await join(cluster, "a", "b", "c");
    await cluster.advance(5000);
    expect(await lookUp(cluster, "x")).toEqual([pid, pid, pid]);
  });

  test("one of three holders stays when all meet at once", async () => {
    await using cluster = await startCluster(["a", "b", "c"]);
    for (const node of ["a", "b", "c"]) await register(cluster, node, "x", await holder(cluster, node));
    await Promise.all([
      cluster.run("a", () => Node.connect("b@localhost")),
      cluster.run("b", () => Node.connect("c@localhost")),
      cluster.run("c", () => Node.connect("a@localhost")),
    ]);
    await cluster.advance(5000);
    const now = await lookUp(cluster, "x");
    expect(now[0]).not.toBeNull();
    expect(new Set(now).size).toBe(1);
  });

  test.for([
    ["a ring", true],
    ["a line", false],
  ] as const)("GLOBAL-027: nodes that connect in %s at the same time know all names", async ([, ring]) => {
    const names = ["a", "b", "c", "d", "e", "f"];
    await using cluster = await startCluster(names);
    for (const node of names) await register(cluster, node, `name of ${node}`, await holder(cluster, node));
    await Promise.all(
      names.slice(ring ? 0 : 1).map((node, i) => {
        const next = names[ring ? (i + 1) % names.length : i] as string;
        return cluster.run(node, () => Node.connect(`${next}@localhost`));
      }),
    );
    await cluster.advance(20_000);
    for (const node of names)
      expect((await cluster.run(node, () => global.registeredNames())).sort()).toEqual(
        names.map((name) => `name of ${name}`),
      );
  });
});
