import { expect, test } from "vitest";
import "../../src/library.ts";
import { Node } from "../../src/node/node-module.ts";
import { startCluster } from "../../src/testing/cluster.ts";

const TIMES = [
  [60, 8],
  [8, 60],
] as const;

test.each(TIMES)(
  "DIST-040: changed on both within the transition, from %i s to %i s, the link holds",
  async (from, to) => {
    await using cluster = await startCluster(["a", "b"], { node: { netTicktime: from } });
    await cluster.run("a", () => Node.connect("b@localhost"));
    expect(await cluster.run("a", () => Node.setNetTicktime(to, 30))).toBe("change_initiated");
    await cluster.advance(20_000);
    expect(await cluster.run("a", () => Node.netTicktime())).toEqual(["ongoing_change_to", to]);
    expect(await cluster.run("b", () => Node.setNetTicktime(to, 30))).toBe("change_initiated");
    await cluster.advance(600_000);
    for (const name of ["a", "b"]) {
      expect(await cluster.run(name, () => [Node.netTicktime(), Node.list().length])).toEqual([to, 1]);
      expect(cluster.at(name).log).toEqual([]);
    }
    expect(await cluster.run("b", () => Node.setNetTicktime(to))).toBe("unchanged");
  },
);

test("DIST-040: a node left with the shorter time cuts off the one that ticks seldom now", async () => {
  await using cluster = await startCluster(["a", "b"], { node: { netTicktime: 8 } });
  await cluster.run("a", () => Node.connect("b@localhost"));
  await cluster.run("a", () => Node.setNetTicktime(60, 10));
  await cluster.advance(10_000);
  expect(await cluster.run("b", () => Node.list())).toEqual(["a@localhost"]);
  await cluster.advance(20_000);
  expect(await cluster.run("b", () => Node.list())).toEqual([]);
  expect(cluster.at("b").log.map(({ message }) => message)).toEqual([
    "Connection to a@localhost lost: net_tick_timeout",
  ]);
});

test("a tick time is more than nothing", async () => {
  await using cluster = await startCluster(["a"]);
  for (const [time, transition] of [
    [0, 60],
    [-1, 60],
    [NaN, 60],
    [8, -1],
  ] as const)
    await expect(cluster.run("a", () => Node.setNetTicktime(time, transition))).rejects.toMatchObject({
      code: "badarg",
    });
});
