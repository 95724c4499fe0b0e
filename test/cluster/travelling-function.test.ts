import { hostname } from "node:os";
import { expect, test } from "vitest";
import "../../src/library.ts";
import { Node } from "../../src/node/node-module.ts";
import { GenServer } from "../../src/otp/gen-server.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { sys } from "../../src/otp/sys.ts";
import { Process } from "../../src/process/process-module.ts";
import { Session } from "../../src/shell/session.ts";
import { startCluster } from "../../src/testing/cluster.ts";

test("TASKSUP-019: a function typed on one node sees there what it captured, as it was when sent, and that node's modules", async () => {
  await using cluster = await startCluster(["alex", "kate"]);
  for (const name of ["alex", "kate"])
    cluster.at(name).node.runtime.modules.define("Place", { name: () => `${name}'s`, of: () => Node.self() });
  await cluster.run("kate", async () => {
    const sup = await Supervisor.startLink([["Task.Supervisor", { name: "Tasks" }]], { strategy: "oneForOne" });
    Process.unlink(sup);
  });
  const session = new Session({ scope: cluster.at("alex").node.scope });
  const typed = `
    let word = "sent";
    const list = [1, 2];
    const task = await Task.Supervisor.async(["Tasks", "kate@localhost"], () => [word, list, Place.name(), Place.of()]);
    word = "changed";
    list.push(3);
    await Task.await(task)`;
  const { value } = await cluster.run("alex", async () => (await session.prepare(typed)).run());
  expect(value).toEqual(["sent", [1, 2], "kate's", "kate@localhost"]);
  cluster.at("alex").node.runtime.modules.define("Only", { here: () => 1 });
  const missing = `await Task.await(await Task.Supervisor.asyncNolink(["Tasks", "kate@localhost"], () => Only.here()))`;
  const failed = await cluster.run("alex", async () =>
    (await session.prepare(missing)).run().catch((thrown: unknown) => thrown),
  );
  expect(String((failed as { reason?: unknown }).reason)).toContain("Only is not defined");
});

test("what a function uses of Node's own modules is that of the node where it runs", async () => {
  await using cluster = await startCluster(["alex", "kate"]);
  const session = new Session({ scope: cluster.at("alex").node.scope });
  const typed = `
    import os, { hostname as host } from "node:os";
    import * as path from "node:path";
    import { setTimeout as later } from "node:timers/promises";
    const inner = () => path.join("a", host());
    await erpc.call("kate@localhost", async () => [node(), os.hostname() === host(), inner(), await later(1, "waited"),
      await erpc.call("alex@localhost", () => path.basename("/sent/on"))])`;
  const { value } = await cluster.run("alex", async () => (await session.prepare(typed)).run());
  expect(value).toEqual(["kate@localhost", true, `a/${hostname()}`, "waited", "on"]);
});

test("so is what has a capitalised name there, as a class of Node's", async () => {
  await using cluster = await startCluster(["alex", "kate"]);
  const session = new Session({ scope: cluster.at("alex").node.scope });
  const typed = `
    import { Readable } from "node:stream";
    await erpc.call("kate@localhost", () => [Node.self(), Readable.from([1]) instanceof Readable])`;
  const { value } = await cluster.run("alex", async () => (await session.prepare(typed)).run());
  expect(value).toEqual(["kate@localhost", true]);
  expect(cluster.at("kate").node.runtime.modules.get("Readable")).toBeUndefined();
});

test("a server that a class names is called on another node by the class and the node", async () => {
  await using cluster = await startCluster(["alex", "kate"]);
  class Counter extends GenServer {
    count = 0;
    handleCall(_request: "next"): number {
      return ++this.count;
    }
  }
  await cluster.run("kate", () => GenServer.start(Counter, undefined, { name: Counter }));
  await cluster.run("alex", async () => {
    const there = [Counter, "kate@localhost"] as const;
    expect(await GenServer.call(there, "next")).toBe(1);
    expect(GenServer.cast([Counter, "alex@localhost"], "nobody there")).toBe("ok");
    expect(await sys.getState(there)).toEqual({ count: 1 });
    expect(await GenServer.multiCall(Counter, "next")).toEqual([[["kate@localhost", 2]], ["alex@localhost"]]);
    expect(await GenServer.stop(there)).toBe("ok");
    await expect(GenServer.call(there, "next")).rejects.toMatchObject({
      reason: ["noproc", ["GenServer", "call", [["Counter", "kate@localhost"], "next", 5000]]],
    });
  });
});
