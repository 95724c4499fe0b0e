import { expect, onTestFinished, test } from "vitest";
import { askPried } from "../../src/cli/pried.ts";
import { Node } from "../../src/node/node-module.ts";
import { Shell } from "../../src/shell/server.ts";
import { startNode } from "../../src/start-node.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import "../../src/library.ts";
import { TypedDevice } from "../support/typed-device.ts";

const GO =
  'const far = 5; const p = await Node.spawn("kate@localhost", async () => { let own = far + 1; await pry(); await IO.puts(`went on ${own}`) })';

/** A shell of alex at a terminal, from which a process of kate asks. */
async function asked() {
  const device = new TypedDevice();
  const log: string[] = [];
  const alex = await startNode({ sname: "alex", cookie: "pry", device, log: () => undefined });
  const kate = await startNode({
    ...{ sname: "kate", cookie: "pry", device: new StringDevice() },
    log: ({ message }) => log.push(message),
  });
  onTestFinished(async () => {
    await kate.stop();
    await alex.stop();
  });
  const leader = alex.runtime.names.get("user")?.pid;
  if (leader === undefined) throw new Error("The node has no user device");
  void new Shell({ runtime: alex.runtime, scope: alex.scope, leader }).start();
  await device.type("moebi(alex@localhost)1> ", GO);
  return { device, leader, alex, log };
}

test("a process that was spawned on another node asks at the prompt it was spawned from, and shows its variables there", async () => {
  const { device, leader, alex } = await asked();
  await device.type("Allow? [Yn] ", "y");
  await device.prompted("pry(kate@localhost)1> ");
  expect(await askPried(alex, leader, "complete", "ow")).toMatchObject({ insert: "n" });
  expect(await askPried(alex, leader, "offer", "ow")).toMatchObject({ start: 0, candidates: [{ text: "own" }] });
  await device.type("pry(kate@localhost)1> ", "[node(), own, far]");
  await device.type("pry(kate@localhost)2> ", "own = 8");
  await device.type("pry(kate@localhost)3> ", "continue()");
  await device.waitFor("went on 8\n");
  await device.prompted("moebi(alex@localhost)2> ");
  expect(device.shown).toMatch(
    /Request to pry #PID<[1-9]\d*\.\d+\.0> at anonymous fn\/0 \(alex@localhost moebi\(1\):1\)/u,
  );
  expect(device.shown).toContain('["kate@localhost", 6, 5]\n');
});

test("a lost connection gives the prompt back and says so, and the process goes on, with a warning", async () => {
  const { device, alex, log } = await asked();
  await device.type("Allow? [Yn] ", "y");
  await device.prompted("pry(kate@localhost)1> ");
  await alex.run(() => Node.disconnect("kate@localhost"));
  await device.prompted("moebi(alex@localhost)2> ");
  expect(device.shown).toMatch(/\*\* \(EXIT from #PID<.*>\) process exited with reason: no connection\n/u);
  await expect.poll(() => log.join("\n")).toContain("Cannot pry");
});
