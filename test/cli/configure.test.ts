import { afterEach, beforeEach, expect, test } from "vitest";
import { configure } from "../../src/cli/configure.ts";
import { Node } from "../../src/node/node-module.ts";
import { Application } from "../../src/otp/application.ts";
import { Logger } from "../../src/otp/logger.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";

const [B, C] = ["b@localhost", "c@localhost"] as const;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a", "b"], { seed: 4 });
});
afterEach(() => cluster[Symbol.asyncDispose]());

const apply = (config: object, nodes = ""): Promise<void> =>
  cluster.drive(configure(cluster.at("a").node, config as never, nodes));

test("settings are the applications', and the log's are the log's", async () => {
  await apply({ kv: { port: 1 }, logger: { level: "error" } });
  expect(await cluster.run("a", () => [Application.fetchEnv("kv", "port"), Logger.level()])).toEqual([1, "error"]);
});

test("waits for the nodes that the kernel's settings name, and fails without a mandatory one", async () => {
  await apply({ kernel: { syncNodesOptional: [B, C], syncNodesTimeout: 3000 } });
  expect(await cluster.run("a", () => Node.list())).toEqual([B]);
  await expect(apply({ kernel: { syncNodesMandatory: [C], syncNodesTimeout: 1000 } })).rejects.toMatchObject({
    code: "noconnection",
    message: expect.stringContaining(C) as string,
  });
});

test("a setting of the kernel that is wrong is named, with or without a time to wait", async () => {
  await expect(apply({ kernel: { syncNodesMandatory: B, syncNodesTimeout: 1 } })).rejects.toThrow("syncNodesMandatory");
  await expect(apply({ kernel: { syncNodesOptional: ["b"] } })).rejects.toThrow("syncNodesOptional");
  await expect(apply({ kernel: { syncNodesTimeout: "5" } })).rejects.toThrow("syncNodesTimeout");
  await expect(apply({ kernel: { syncNodesMandatroy: [B] } })).rejects.toThrow('no option "syncNodesMandatroy"');
});

test("nodes to wait for, and no time to wait, is warned of", async () => {
  await apply({ kernel: { syncNodesMandatory: [C] } });
  expect(cluster.at("a").log.map(({ level, message }) => [level, message])).toEqual([
    ["warning", expect.stringContaining("syncNodesTimeout") as string],
  ]);
});

test("NODES are connected to, and nobody waits for them", async () => {
  await apply({}, ` ${B},${C}, `);
  await cluster.advance(1000);
  expect(await cluster.run("a", () => Node.list())).toEqual([B]);
  await expect(apply({}, "no node")).rejects.toMatchObject({
    code: "bad_name",
    message: expect.stringContaining("NODES") as string,
  });
});
