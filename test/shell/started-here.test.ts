import { expect, onTestFinished, test } from "vitest";
import { Application } from "../../src/otp/application.ts";
import { defineApplication } from "../../src/otp/application-spec.ts";
import { Agent } from "../../src/otp/agent.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { receive } from "../../src/process/receive.ts";
import { spawn } from "../../src/process/spawn.ts";
import { Shell } from "../../src/shell/server.ts";
import { startedHere } from "../../src/shell/started-here.ts";
import { startNode } from "../../src/start-node.ts";
import "../../src/library.ts";
import { TypedDevice } from "../support/typed-device.ts";

/** A shell at a terminal that the test types at, and how many processes were started there. */
async function open(sname?: string) {
  const device = new TypedDevice();
  const node = await startNode({
    ...(sname !== undefined && { sname, cookie: "started" }),
    device,
    log: () => undefined,
  });
  const { runtime, scope } = node;
  const leader = runtime.names.get("user")?.pid;
  if (leader === undefined) throw new Error("The node has no user device");
  const shell = new Shell({ runtime, scope, leader });
  void shell.start();
  onTestFinished(async () => {
    shell.stop();
    await node.stop();
  });
  return { node, device, count: () => startedHere(runtime) };
}

test("counts what was started at a prompt, and what that has started, while it runs", async () => {
  const { device, count } = await open();
  await device.type("moebi(1)> ", "const one = spawn(() => { spawn(() => receive()); return receive() })");
  await device.type("moebi(2)> ", "const [two] = [await Agent.startLink(() => 1)]");
  await device.prompted("moebi(3)> ");
  expect(count()).toBe(3);
  // What one has started runs on.
  await device.type("moebi(3)> ", "Process.exit(one, 'kill')");
  await device.prompted("moebi(4)> ");
  expect(count()).toBe(2);
  await device.type("moebi(4)> ", "await Agent.stop(two)");
  await device.prompted("moebi(5)> ");
  expect(count()).toBe(1);
});

test("counts what was left behind by a process of a prompt that has ended", async () => {
  const { device, count } = await open();
  await device.type("moebi(1)> ", "spawn(() => receive())");
  await device.type("moebi(2)> ", "respawn()");
  await device.prompted("moebi(1)> ");
  expect(count()).toBe(1);
});

test("counts neither the shell nor what a program or an application has started", async () => {
  const { node, device, count } = await open();
  defineApplication({
    name: "shop",
    start: async () => {
      const supervisor = await Supervisor.startLink([{ id: "till", start: () => Agent.startLink(() => 1) }], {
        strategy: "oneForOne",
      });
      // Its parent ends at once, as those do that only start others.
      spawn(() => void spawn(() => receive()));
      return supervisor;
    },
  });
  await node.run(async () => {
    spawn(() => receive());
    await Application.start("shop");
  });
  await device.prompted("moebi(1)> ");
  expect(count()).toBe(0);
});

test("counts a process on another node if it was started here and is linked to one here", async () => {
  const { device, count } = await open("alex");
  const kate = await startNode({ sname: "kate", cookie: "started", device: new TypedDevice(), log: () => undefined });
  onTestFinished(() => kate.stop());
  await device.type("moebi(alex@localhost)1> ", 'Node.spawnLink("kate@localhost", () => receive())');
  await device.type("moebi(alex@localhost)2> ", 'Node.spawn("kate@localhost", () => receive())');
  await device.prompted("moebi(alex@localhost)3> ");
  expect(count()).toBe(1);
  // It is none of kate's.
  expect(startedHere(kate.runtime)).toBe(0);
  await device.type("moebi(alex@localhost)3> ", 'await Node.disconnect("kate@localhost")');
  await expect.poll(count).toBe(0);
});
