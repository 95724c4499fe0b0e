import { expect, test } from "vitest";
import "../../../src/library.ts";
import { Observer } from "../../../src/examples/simple-cluster/observer.ts";
import { Node } from "../../../src/node/node-module.ts";
import { GenServer } from "../../../src/otp/gen-server.ts";
import { startCluster } from "../../../src/testing/cluster.ts";

test("logs each node that comes and goes", async () => {
  await using cluster = await startCluster(["a", "b"]);
  await cluster.run("a", () => GenServer.start(Observer));
  await cluster.run("a", () => Node.connect("b@localhost"));
  await cluster.run("a", () => Node.disconnect("b@localhost"));
  await cluster.settle();
  await cluster.run("b", () => Node.connect("a@localhost"));
  await cluster.settle();
  expect(cluster.at("a").log.map(({ message }) => message)).toEqual([
    "--- Node up: b@localhost",
    "--- Node down: b@localhost",
    "--- Node up: b@localhost",
  ]);
});
