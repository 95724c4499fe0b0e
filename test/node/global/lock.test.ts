import { describe, expect, test } from "vitest";
import { ask, releaseLock, takeLock } from "../../../src/node/global/lock.ts";
import { Node } from "../../../src/node/node-module.ts";
import { current } from "../../../src/process/context.ts";
import { Process } from "../../../src/process/process-module.ts";
import { startCluster } from "../../../src/testing.ts";
import type { NodeName } from "../../../src/term/pid.ts";
import { numbers } from "../../support/processes.ts";

const nodes: NodeName[] = ["b@localhost", "a@localhost", "c@localhost"];

describe("takeLock()", () => {
  test("is had by one after another of many who want it at once", async () => {
    await using cluster = await startCluster(["a", "b", "c"]);
    await cluster.run("a", () => Node.connect("b@localhost"));
    await cluster.run("a", () => Node.connect("c@localhost"));
    let inside = 0;
    const most: number[] = [];
    const worker = async (id: number): Promise<void> => {
      const process = current();
      expect(await takeLock(process, ["r", id], nodes, Infinity)).toBe(true);
      most.push(++inside);
      await Process.sleep(10);
      inside--;
      await releaseLock(process, ["r", id], nodes);
    };
    await Promise.all(numbers(12).map((id) => cluster.run(["a", "b", "c"][id % 3] as string, () => worker(id))));
    expect(most).toEqual(numbers(12).map(() => 1));
  });

  test("does not wait for nodes that can't be reached, and is had at once for none", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      expect(await takeLock(current(), ["r", 1], ["a@localhost", "nobody@localhost"], 0)).toBe(true);
      expect(await takeLock(current(), ["r", 2], [], 0)).toBe(true);
      expect(await ask(current(), "nobody@localhost", ["sync"])).toBeUndefined();
    });
  });
});
