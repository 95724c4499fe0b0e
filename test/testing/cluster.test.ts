import { afterEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send } from "../../src/process/spawn.ts";
import { type Cluster, type ClusterOptions, startCluster } from "../../src/testing.ts";

const [A, B] = ["a@localhost", "b@localhost"] as const;

let cluster: Cluster | undefined;
async function started(options?: ClusterOptions): Promise<Cluster> {
  return (cluster = await startCluster(["a", "b"], options));
}
afterEach(() => cluster?.[Symbol.asyncDispose]());

describe("startCluster()", () => {
  test("starts nodes that are not connected, each with its own output and log", async () => {
    const c = await started();
    expect([...c.members.keys()]).toEqual(["a", "b"]);
    expect(await c.run("a", () => [Node.self(), Node.list()])).toEqual([A, []]);
    expect(() => c.at("x")).toThrow(expect.objectContaining({ code: "badarg" }));
  });

  test("a failure names the seed", async () => {
    const c = await started({ seed: 4711 });
    await expect(c.run("a", () => receive())).rejects.toThrow("(seed 4711)");
  });

  test("two with one seed share no identity", async () => {
    const [one, two] = [await startCluster(["a"], { seed: 1 }), await startCluster(["a"], { seed: 1 })];
    expect(one.at("a").node.runtime.creation).not.toBe(two.at("a").node.runtime.creation);
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
  });
});

describe("a cluster's network", () => {
  /** Waits on a for what becomes of b. */
  const watch = (c: Cluster): Promise<unknown> =>
    c.at("a").node.run(async () => {
      await Node.connect(B);
      Node.monitor(B, true);
      return receive();
    });

  test("a cut way loses nothing: it arrives once healed, or the tick time passes", async () => {
    const c = await started();
    const got = c.at("b").node.run(() => {
      Process.register(self(), "name");
      return receive();
    });
    await c.run("a", () => Node.connect(B));
    c.cut("a", "b");
    await c.run("a", () => send(["name", B], "waits"));
    await c.advance(1000);
    c.heal("a", "b");
    expect(await c.drive(got)).toBe("waits");
    const down = watch(c);
    await c.settle();
    c.drop("b", "a");
    const before = c.clock.now();
    expect(await c.drive(down)).toEqual(["nodedown", B]);
    expect(c.clock.now() - before).toBeGreaterThanOrEqual(45_000);
    expect(c.clock.now() - before).toBeLessThanOrEqual(75_000);
  });

  test.each<[string, (c: Cluster) => unknown, boolean]>([
    ["reset", (c) => c.reset("a", "b"), true],
    ["kill", (c) => c.kill("b"), true],
    ["stop", (c) => c.stop("b"), true],
    ["crash", (c) => c.crash("b"), false],
    ["stall", (c) => c.stall("b"), false],
  ])("%s is noticed as it would be", async (_, end, atOnce) => {
    const c = await started();
    const down = watch(c);
    await c.advance(10);
    const before = c.clock.now();
    await end(c);
    expect(await c.drive(down)).toEqual(["nodedown", B]);
    expect(c.clock.now() - before < 2000).toBe(atOnce);
    c.unstall("b");
  });

  test("nothing is left once all have stopped, whatever was cut or killed", async () => {
    const c = await startCluster(["a", "b", "c", "d"]);
    for (const name of ["b", "c", "d"]) await c.run("a", () => Node.connect(`${name}@localhost`));
    c.cut("a", "b");
    await c.kill("c");
    await c.crash("d");
    await c[Symbol.asyncDispose]();
    await c.advance(2000);
    expect(c.clock.pending).toBe(0);
  });

  test("time can't be advanced where it is real", async () => {
    const c = await startCluster([], { network: "websocket" });
    expect(() => c.advance(1)).toThrow(expect.objectContaining({ code: "badarg" }));
    await c.settle();
  });
});
