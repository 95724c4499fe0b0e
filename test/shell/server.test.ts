import { expect, onTestFinished, test, vi } from "vitest";
import { Shell } from "../../src/shell/server.ts";
import { startNode } from "../../src/start-node.ts";
import "../../src/library.ts";
import { TypedDevice } from "../support/typed-device.ts";

/** A shell at a terminal that the test types at. */
async function open(): Promise<{ readonly device: TypedDevice; readonly shell: Shell }> {
  const device = new TypedDevice();
  const node = await startNode({ device, log: () => undefined });
  const { runtime, scope } = node;
  const leader = runtime.names.get("user")?.pid;
  if (leader === undefined) throw new Error("The node has no user device");
  const shell = new Shell({ runtime, scope, leader });
  onTestFinished(async () => {
    shell.stop();
    await node.stop();
  });
  return { device, shell };
}

test("what is interrupted while it is compiled does not begin; the next statement does", async () => {
  const { device, shell } = await open();
  const { session } = shell;
  const prepare = session.prepare.bind(session);
  vi.spyOn(session, "prepare").mockImplementationOnce(async (...typed) => {
    const prepared = await prepare(...typed);
    shell.interrupt();
    return prepared;
  });
  void shell.start();
  await device.type("moebi(1)> ", "while (true);");
  await device.type("moebi(1)> ", "6 * 7");
  await device.prompted("moebi(2)> ");
  expect(device.shown).toContain("** (interrupted)\n");
  expect(device.shown).toContain("42\n");
});

test("what is interrupted right behind its Enter does not begin; Ctrl+C at the prompt stops nothing", async () => {
  const { device, shell } = await open();
  const read = device.readStatement.bind(device);
  vi.spyOn(device, "readStatement").mockImplementationOnce(async (...asked) => {
    const statement = await read(...asked);
    // The device's answer is on its way to the leader, and then to the shell.
    queueMicrotask(() => queueMicrotask(() => shell.interrupt()));
    return statement;
  });
  void shell.start();
  await device.type("moebi(1)> ", "while (true);");
  await device.prompted("moebi(1)> ");
  expect(device.shown).toContain("** (interrupted)\n");
  shell.interrupt();
  await device.type("moebi(1)> ", "6 * 7");
  await device.prompted("moebi(2)> ");
  expect(device.shown).toContain("42\n");
});
