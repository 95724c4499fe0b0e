import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { syncNodes } from "../../src/node/sync-nodes.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";

const [A, B, C] = ["a@localhost", "b@localhost", "c@localhost"] as const;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a", "b"], { seed: 2 });
});
afterEach(() => cluster[Symbol.asyncDispose]());

describe("syncNodes()", () => {
  test("gives nothing once all are there, itself left out", async () => {
    const left = await cluster.run("a", () => syncNodes({ optional: [A, B], timeout: Infinity }));
    expect(left).toEqual([]);
    expect(await cluster.run("a", () => Node.list())).toEqual([B]);
  });

  test("waits for one that starts later", async () => {
    const waiting = cluster.at("a").node.run(() => syncNodes({ mandatory: [C], timeout: 60_000 }));
    await cluster.advance(5_000);
    await cluster.start("c");
    expect(await cluster.drive(waiting)).toEqual([]);
  });

  test("gives the optional ones that are not there in time, and rejects for want of a mandatory one", async () => {
    expect(await cluster.run("a", () => syncNodes({ mandatory: [B], optional: [C], timeout: 5_000 }))).toEqual([C]);
    await expect(cluster.run("a", () => syncNodes({ mandatory: [C], timeout: 5_000 }))).rejects.toMatchObject({
      code: "noconnection",
    });
  });

  test("refuses what are no nodes and no time", async () => {
    for (const options of [{ optional: ["b"], timeout: 1 }, { mandatory: B, timeout: 1 }, { timeout: -1 }]) {
      await expect(cluster.run("a", () => syncNodes(options as never))).rejects.toMatchObject({ code: "badarg" });
    }
  });
});
