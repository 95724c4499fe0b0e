import { describe, expect, test } from "vitest";
import { Node } from "../../../src/node/node-module.ts";
import type { NodeOptions } from "../../../src/start-node.ts";
import { type Cluster, startCluster } from "../../../src/testing.ts";
import type { NodeName } from "../../../src/term/pid.ts";
import { seen } from "../../support/global-names.ts";

async function mesh(names: string, options: NodeOptions = {}): Promise<Cluster> {
  const cluster = await startCluster([...names], { node: options });
  for (const name of names.slice(1)) await cluster.run(name, () => Node.connect(`${String(names[0])}@localhost`));
  await cluster.advance(1000);
  expect(seen(cluster)).toEqual(Object.fromEntries([...names].map((name) => [name, names.replace(name, "")])));
  return cluster;
}

const warnings = (cluster: Cluster, name: string): string[] =>
  cluster
    .at(name)
    .log.map(({ message }) => message)
    .filter((message) => message.includes("overlapping"));

describe("the prevention of overlapping partitions", () => {
  test("takes out one of two nodes that lost each other, and the rest stays a full mesh", async () => {
    await using cluster = await mesh("abcd");
    cluster.cut("a", "b");
    await cluster.advance(200_000);
    const left = seen(cluster);
    expect(Object.values(left).sort()).toEqual(["", ...Object.values(left).filter((list) => list.length === 2)].sort());
    expect([left["c"]?.includes("d"), left["d"]?.includes("c")]).toEqual([true, true]);
  });

  test("leaves the later of the two if the connection breaks for both at once, and says so", async () => {
    await using cluster = await mesh("abcd");
    cluster.reset("a", "b");
    await cluster.advance(5000);
    expect(seen(cluster)).toEqual({ a: "cd", b: "", c: "ad", d: "ac" });
    expect(warnings(cluster, "c")).toEqual([
      "'global' at node c@localhost disconnected node b@localhost in order to prevent overlapping partitions",
    ]);
    expect(warnings(cluster, "b").sort()).toEqual(
      ["c", "d"].map(
        (node) =>
          `'global' at node b@localhost requested disconnect from node ${node}@localhost in order to prevent overlapping partitions`,
      ),
    );
  });

  test("leaves two halves of a cluster whole", async () => {
    await using cluster = await mesh("abcdef");
    for (const a of "abc") for (const b of "def") cluster.cut(a, b);
    await cluster.advance(200_000);
    expect(seen(cluster)).toEqual({ a: "bc", b: "ac", c: "ab", d: "ef", e: "df", f: "de" });
  });

  test("is not at work when a node ends or is ended, nor when it comes back at once", async () => {
    await using cluster = await mesh("abcd");
    await cluster.stop("b");
    await cluster.kill("c");
    await cluster.start("c");
    await cluster.run("c", () => Node.connect("a@localhost"));
    await cluster.advance(100_000);
    expect(seen(cluster)).toEqual({ a: "cd", c: "ad", d: "ac" });
    expect([...warnings(cluster, "a"), ...warnings(cluster, "d")]).toEqual([]);
  });

  test("does nothing about a connection that is there again", async () => {
    await using cluster = await mesh("abc");
    cluster.reset("a", "b");
    await cluster.run("a", () => Node.connect("b@localhost"));
    await cluster.advance(5000);
    expect(seen(cluster)).toEqual({ a: "bc", b: "ac", c: "ab" });
  });

  test("takes a node of the mesh that can't be reached for lost", async () => {
    await using cluster = await mesh("ab");
    await cluster.start("c");
    cluster.cut("a", "c");
    await cluster.run("c", () => Node.connect("b@localhost"));
    await cluster.advance(100_000);
    expect(Object.values(seen(cluster)).sort()).toEqual(["", expect.any(String), expect.any(String)]);
  });

  test("is at work when one that can't be reached is a new life of one that seems to be there", async () => {
    await using cluster = await mesh("abc");
    cluster.cut("a", "b");
    await cluster.crash("b");
    await cluster.start("b");
    await cluster.run("b", () => Node.connect("c@localhost"));
    // The new one has not found a, which c has left for that; a, back at once, still takes the old one for alive.
    await cluster.advance(10_000);
    await cluster.run("a", () => Node.connect("c@localhost"));
    expect(seen(cluster)).toEqual({ a: "bc", b: "c", c: "ab" });
    await cluster.advance(200_000);
    const left = seen(cluster);
    expect(Object.values(left).sort()).toEqual(["", expect.stringMatching(/^.$/), expect.stringMatching(/^.$/)]);
    expect([left["a"]?.includes("b"), left["b"]?.includes("a")]).toEqual([false, false]);
  });

  test("GLOBAL-023: switched off, leaves the other connections alone", async () => {
    await using cluster = await mesh("abc", { preventOverlappingPartitions: false });
    cluster.cut("a", "b");
    await cluster.advance(200_000);
    expect(seen(cluster)).toEqual({ a: "c", b: "c", c: "ab" });
  });

  test("does not concern hidden nodes, nor those outside the mesh", async () => {
    await using cluster = await mesh("ab");
    await cluster.start("h", { hidden: true });
    await cluster.start("x", { connectAll: false });
    for (const node of ["h", "x"]) {
      for (const to of ["a", "b"]) await cluster.run(node, () => Node.connect(`${to}@localhost` as NodeName));
      cluster.reset(node, "a");
    }
    await cluster.advance(10_000);
    expect(cluster.at("b").node.connections?.list("connected")).toEqual(["a@localhost", "h@localhost", "x@localhost"]);
    cluster.reset("a", "b");
    await cluster.advance(10_000);
    expect(cluster.at("h").node.connections?.list("connected")).toEqual(["b@localhost"]);
    expect(cluster.at("x").node.connections?.list("connected")).toEqual(["b@localhost"]);
  });
});
