import { describe, expect, test } from "vitest";
import { nameServerOf, startNameServer } from "../../../src/node/global/name-server.ts";
import { global } from "../../../src/node/global.ts";
import { Node } from "../../../src/node/node-module.ts";
import { Process } from "../../../src/process/process-module.ts";
import { receive } from "../../../src/process/receive.ts";
import { Runtime } from "../../../src/process/runtime.ts";
import { self, send, spawn } from "../../../src/process/spawn.ts";
import type { NodeOptions } from "../../../src/start-node.ts";
import { type Cluster, startCluster } from "../../../src/testing.ts";
import type { NodeName, Pid } from "../../../src/term/pid.ts";

/** Who sees whom, by first letters: `a` of `a@localhost`. */
const seen = (cluster: Cluster): Record<string, string> =>
  Object.fromEntries(
    [...cluster.members].map(([name, { node }]) => [
      name,
      (node.connections?.list() ?? [])
        .map((peer) => peer.split("@")[0])
        .sort()
        .join(""),
    ]),
  );

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

describe("the name server", () => {
  test("is a process of its name, on every node", async () => {
    const runtime = new Runtime();
    expect(nameServerOf(runtime)).toBeUndefined();
    const server = startNameServer(runtime);
    expect(nameServerOf(runtime)).toBe(server);
    expect(runtime.names.get("global_name_server")?.alive).toBe(true);
    expect(server.nodes()).toEqual([runtime.name]);
    runtime.stop();
  });

  test("is not harmed by what it does not understand", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      for (const message of ["nonsense", 7, undefined, ["insert"], ["hello", self(), 7], ["nodeup"], ["$gen_call", 7]])
        send("global_name_server", message);
      expect(await global.registerName("x", self())).toBe("yes");
      expect(Process.whereis("global_name_server")).not.toBeNull();
    });
  });

  test("is not outlived by its node, which stops in good order and says why", async () => {
    await using cluster = await startCluster(["a", "b"]);
    await cluster.run("b", () => Node.connect("a@localhost"));
    const { node, log } = cluster.at("a");
    void node.run(() => Process.exit(Process.whereis("global_name_server") as Pid, "kill")).catch(() => undefined);
    await cluster.advance(1000);
    expect(log.map(({ level, message }) => [level, message])).toEqual([
      ["critical", "The name server of a@localhost exited, so the node stops: killed"],
    ]);
    expect([node.runtime.stopped, seen(cluster)["b"]]).toEqual([true, ""]);
  });

  test("keeps names that a dead process was given for no longer than it takes to notice", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      const pid = spawn(() => undefined);
      await Process.sleep(1);
      await global.registerName("x", pid);
      await global.registerName("y", self());
      expect(global.registeredNames()).toEqual(["y"]);
      expect(await receive(() => true, 0)).toBe("timeout");
    });
  });
});
