import { describe, expect, test } from "vitest";
import "../../../src/library.ts";
import { Ping } from "../../../src/examples/simple-cluster/ping.ts";
import { Node } from "../../../src/node/node-module.ts";
import { GenServer } from "../../../src/otp/gen-server.ts";
import { type Cluster, startCluster } from "../../../src/testing/cluster.ts";

async function pinging(...names: string[]): Promise<Cluster> {
  const cluster = await startCluster(names);
  for (const name of names)
    await cluster.run(name, () => GenServer.start(Ping, undefined, { name: "SimpleCluster.Ping" }));
  return cluster;
}

describe("SimpleCluster.Ping.ping()", () => {
  test("asks every node, which logs who asks, and logs their answers", async () => {
    await using cluster = await pinging("a", "b", "c");
    await cluster.run("a", () => Node.connect("b@localhost"));
    await cluster.run("a", () => Node.connect("c@localhost"));
    expect(await cluster.run("a", () => Ping.ping())).toBe("ok");
    expect(cluster.at("a").log.map(({ level, message }) => `[${level}] ${message}`)).toEqual([
      '[info] [["ok", "b@localhost", "pong"], ["ok", "c@localhost", "pong"]]',
    ]);
    for (const name of ["b", "c"]) {
      expect(cluster.at(name).log.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^--- Receiving ping from \[#PID<\d+\.\d+\.\d+>, #Ref<[\d.]+>\]$/),
      ]);
    }
  });

  test("alone, there is nobody to answer", async () => {
    await using cluster = await pinging("a");
    await cluster.run("a", () => Ping.ping());
    expect(cluster.at("a").log.map(({ message }) => message)).toEqual(["[]"]);
  });

  test("exits if a node does not have it", async () => {
    await using cluster = await pinging("a");
    await cluster.start("b");
    await cluster.run("a", () => Node.connect("b@localhost"));
    await expect(cluster.run("a", () => Ping.ping())).rejects.toMatchObject({
      reason: ["noproc", ["GenServer", "call", [["SimpleCluster.Ping", "b@localhost"], "ping", 5000]]],
    });
  });
});
