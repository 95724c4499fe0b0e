import { afterEach, beforeEach, describe, expect, test } from "vitest";
import "../../src/library.ts";
import { Discovery } from "../../src/node/discovery.ts";
import type { Strategy, Topology } from "../../src/node/discovery/strategy.ts";
import { Node } from "../../src/node/node-module.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { Process } from "../../src/process/process-module.ts";
import { startNode } from "../../src/start-node.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";

const [A, B, C] = ["a@localhost", "b@localhost", "c@localhost"] as const;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a", "b"], { seed: 5 });
});
afterEach(() => cluster[Symbol.asyncDispose]());

const warnings = (): string[] => cluster.at("a").log.map(({ message }) => message);
const hosts = (...names: string[]) => ({ example: { strategy: "epmd", config: { hosts: names } } }) as const;

/** Runs for as long as the test lets time pass. */
function discovering(start: () => unknown): Promise<void> {
  return cluster.run("a", () => {
    void cluster.at("a").node.run(async () => {
      await start();
      await new Promise(() => undefined);
    });
  });
}

describe("Discovery", () => {
  test("DISCOVERY-002: connects to the nodes of a list, warns once of one that is not there, and finds it when it is", async () => {
    await discovering(() => Discovery.startLink(hosts(A, B, C)));
    await cluster.advance(30_000);
    expect(await cluster.run("a", () => Node.list())).toEqual([B]);
    expect(warnings()).toEqual([`[cluster:example] unable to connect to ${C}`]);
    await cluster.start("c");
    await cluster.advance(10_000);
    expect(await cluster.run("a", () => Node.list().sort())).toEqual([B, C]);
    expect(warnings()).toHaveLength(1);
  });

  test("DISCOVERY-012: several topologies have their own name, configuration and functions", async () => {
    const seen: unknown[] = [];
    const noting: Strategy = {
      check: () => undefined,
      async run(topology: Topology) {
        seen.push([topology.name, topology.config, topology.self]);
        await topology.connect([B]);
        await topology.replace([C]);
        await topology.replace([]);
        await topology.pause(Infinity);
      },
    };
    const functions = (name: string, listed: readonly string[]) => ({
      connect: (node: string) => (seen.push([name, "connect", node]), true),
      disconnect: (node: string) => (seen.push([name, "disconnect", node]), true),
      listNodes: () => listed,
    });
    await cluster.run("a", async () => {
      const supervisor = await Discovery.startLink(
        {
          one: { strategy: noting, config: { of: 1 }, ...functions("one", []) },
          two: { strategy: noting, config: { of: 2 }, ...functions("two", [B, C]) },
        },
        { name: "Discovered" },
      );
      await cluster.settle();
      expect(Process.whereis("Discovered")).toBe(supervisor);
      expect(await Supervisor.countChildren(supervisor)).toMatchObject({ active: 2 });
    });
    expect(seen).toEqual(
      expect.arrayContaining([
        ["one", { of: 1 }, A],
        ["two", { of: 2 }, A],
        ["one", "connect", B],
        ["one", "connect", C],
        ["two", "disconnect", C],
      ]),
    );
    expect(seen).toHaveLength(5);
  });

  test("a strategy that fails is started again", async () => {
    let runs = 0;
    const failing: Strategy = {
      check: () => undefined,
      async run({ pause }) {
        if (++runs === 1) throw new Error("once");
        await pause(Infinity);
      },
    };
    await discovering(() => Discovery.startLink({ example: { strategy: failing } }));
    await cluster.settle();
    expect(runs).toBe(2);
  });

  test("is a supervisor's child", async () => {
    await cluster.run("a", async () => {
      const supervisor = await Supervisor.startLink([[Discovery, [hosts(B)]]], { strategy: "oneForOne" });
      expect(await Supervisor.countChildren(supervisor)).toMatchObject({ supervisors: 1, active: 1 });
    });
  });

  test.each([
    [{ example: { strategy: "epmd" } }, "hosts"],
    [{ example: { strategy: "magic" } }, "magic"],
    [{ example: { strategy: { run: 1 } } }, "strategy"],
  ])("DISCOVERY-008: %o is refused at the start, by topology and option", async (topologies, named) => {
    await cluster.run("a", async () => {
      await expect(Discovery.startLink(topologies as never)).rejects.toMatchObject({
        code: "badarg",
        message: expect.stringMatching(new RegExp(`Topology "example".*${named}`)) as string,
      });
    });
  });

  test("DISCOVERY-011: a node without a name is told that it has none", async () => {
    const log: string[] = [];
    const heard = Promise.withResolvers<void>();
    const node = await startNode({
      device: new StringDevice(),
      log: ({ message }) => {
        log.push(message);
        heard.resolve();
      },
    });
    await node.run(async () => {
      await Discovery.startLink(hosts(B));
      await heard.promise;
    });
    await node.stop();
    expect(log).toEqual([`[cluster:example] unable to connect to ${B}: this node has no name`]);
  });
});
