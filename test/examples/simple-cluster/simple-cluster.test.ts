import { afterEach, beforeEach, describe, expect, test } from "vitest";
import "../../../src/library.ts";
import { startApp } from "../../../src/cli/apps.ts";
import { SimpleCluster } from "../../../src/examples/simple-cluster/simple-cluster.ts";
import { Node } from "../../../src/node/node-module.ts";
import { Application } from "../../../src/otp/application.ts";
import { Cluster, type Member } from "../../../src/testing/cluster.ts";

let cluster: Cluster;
beforeEach(() => {
  cluster = new Cluster();
});
afterEach(() => cluster[Symbol.asyncDispose]());

/** Starts `n1@127.0.0.1` or `n2@127.0.0.1`, with the application. */
async function start(name: "n1" | "n2", topologies?: unknown): Promise<Member> {
  const member = await cluster.start(name, { sname: undefined, name: `${name}@127.0.0.1` });
  if (topologies !== undefined)
    await cluster.run(name, () => Application.putEnv("simple-cluster", "topologies", topologies, { persistent: true }));
  await startApp(member.node, "simple-cluster");
  await cluster.settle();
  return member;
}

const linesOf = ({ log }: Member): string[] => log.map(({ level, message }) => `[${level}] ${message}`);

describe("SimpleCluster", () => {
  test("DISCOVERY-007: warns once of a node that is not there, and both log that they have met", async () => {
    const one = await start("n1");
    await cluster.advance(20_000);
    expect(linesOf(one)).toEqual(["[warning] [cluster:example] unable to connect to n2@127.0.0.1"]);
    const other = await start("n2");
    await cluster.advance(10_000);
    expect(linesOf(one).slice(1)).toEqual(["[info] --- Node up: n2@127.0.0.1"]);
    expect(linesOf(other)).toEqual(["[info] --- Node up: n1@127.0.0.1"]);
    expect(await cluster.run("n1", () => Node.list())).toEqual(["n2@127.0.0.1"]);
  });

  test.each(["stop", "kill"] as const)("logs a node that is gone: %s", async (end) => {
    const one = await start("n1");
    await start("n2");
    await cluster.advance(10_000);
    await cluster[end]("n2");
    await cluster.advance(1000);
    expect(linesOf(one)).toContain("[info] --- Node down: n2@127.0.0.1");
  });

  test("is configured with topologies of one's own", async () => {
    const hosts = { other: { strategy: "epmd", config: { hosts: ["n3@127.0.0.1"] } } };
    const one = await start("n1", hosts);
    expect(await cluster.run("n1", () => SimpleCluster.topologies())).toEqual(hosts);
    await cluster.advance(10_000);
    expect(linesOf(one)).toEqual(["[warning] [cluster:other] unable to connect to n3@127.0.0.1"]);
  });

  test("a topology that can't work fails the start, saying which", async () => {
    await expect(start("n1", { other: { strategy: "guess" } })).rejects.toThrow('Topology "other"');
  });
});
