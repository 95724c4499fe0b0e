import { describe, expect, test } from "vitest";
import type { Carrier } from "../../src/node/carrier.ts";
import { LocalNode } from "../../src/node/local-node.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self } from "../../src/process/spawn.ts";
import { MoebiError } from "../../src/term/error.ts";
import { ManualClock } from "../support/manual-clock.ts";

const quiet = { log: (): void => undefined };

describe("LocalNode", () => {
  test("runs a function as a process, and gives what it gives or throws", async () => {
    const node = new LocalNode(quiet);
    expect(await node.run(() => Process.info(self())?.initialCall, { initialCall: "Test.run/0" })).toBe("Test.run/0");
    await expect(node.run(() => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
    await expect(node.run(() => exit("why"))).rejects.toMatchObject({ code: "exit", reason: "why" });
    expect(node.runtime.processes.size).toBe(0);
    await node.stop();
  });

  test("rejects with an exit when something else ends the process", async () => {
    const node = new LocalNode(quiet);
    const running = node.run(() => receive());
    await node.stop();
    await expect(running).rejects.toMatchObject({ code: "exit", reason: "shutdown" });
  });

  test("stops once: what was added is closed, the latest first, timers end", async () => {
    const clock = new ManualClock();
    const node = new LocalNode({ ...quiet, clock });
    const closed: string[] = [];
    node.onStop(() => void closed.push("first"));
    node.onStop(() => void closed.push("second"));
    await node.run(() => Process.sendAfter(self(), 1, 1000));
    await Promise.all([node.stop(), node.stop()]);
    expect([closed, clock.waiting]).toEqual([["second", "first"], 0]);
  });

  test("its modules are its own, and the code that runs on it finds them", async () => {
    const [one, two] = [new LocalNode(quiet), new LocalNode(quiet)];
    one.runtime.modules.define("LocalNodeTest", { n: () => 1 });
    expect(["LocalNodeTest" in one.scope, "LocalNodeTest" in two.scope]).toEqual([true, false]);
    await Promise.all([one.stop(), two.stop()]);
  });

  test("is alone again when it can't join the network", async () => {
    const node = new LocalNode({ ...quiet, name: "here@localhost" });
    let stopped = false;
    const carrier: Carrier = {
      onLink: () => undefined,
      connect: () => expect.fail("dialled"),
      waitingFor: () => ({ add: () => undefined, bytes: 0, largest: 0, take: () => [], drop: () => [] }),
      listen: () => Promise.reject(new MoebiError("name_taken", "taken")),
      tickTime: 60_000,
      changeTickTime: () => "unchanged",
      stop: () => Promise.resolve(void (stopped = true)),
    };
    await expect(node.connectOver(carrier)).rejects.toMatchObject({ code: "name_taken" });
    expect([stopped, node.connections, node.runtime.router]).toEqual([true, undefined, undefined]);
    await node.stop();
  });
});
