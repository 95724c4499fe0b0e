import { expect, test } from "vitest";
import { catchUp } from "../../src/cli/catch-up.ts";
import "../../src/library.ts";
import { Node } from "../../src/node/node-module.ts";
import { Kernel } from "../../src/process/kernel.ts";
import { current } from "../../src/process/context.ts";
import { receive } from "../../src/process/receive.ts";
import type { Pid } from "../../src/term/pid.ts";
import { startCluster } from "../../src/testing/cluster.ts";

test("what was sent has been answered by then", async () => {
  await using cluster = await startCluster(["a", "b"]);
  const { node } = cluster.at("a");
  cluster.at("b").node.runtime.modules.define("Echo", {
    once: () => receive({ ping: (client) => Kernel.send(client as Pid, "pong") }),
  });
  const received = await cluster.run("a", async () => {
    const echo = await Node.spawn("b@localhost", "Echo", "once", []);
    Kernel.send(echo, ["ping", Kernel.self()]);
    await catchUp(node);
    return current().mailbox.toArray();
  });
  expect(received).toEqual(["pong"]);
});

test("goes on without a node that does not answer", async () => {
  await using cluster = await startCluster(["a", "b"]);
  const { node } = cluster.at("a");
  await cluster.run("a", () => Node.connect("b@localhost"));
  cluster.stall("b");
  await cluster.run("a", () => catchUp(node));
  cluster.unstall("b");
});

test("has nothing to wait for on a node without a name", async () => {
  await using cluster = await startCluster(["a"]);
  await cluster.run("a", () => catchUp(cluster.at("a").node));
});
