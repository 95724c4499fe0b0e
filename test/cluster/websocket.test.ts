import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send } from "../../src/process/spawn.ts";
import { Cluster } from "../../src/testing.ts";
import { numbers } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";

const [A, B] = ["a@localhost", "b@localhost"] as const;

/** The cases at the core of the distribution once more, over sockets of this machine and in real time. */
describe("nodes over WebSockets", () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = new Cluster({ network: "websocket" });
    await cluster.start("a");
    await cluster.start("b");
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  test("DIST-006, DIST-008, DIST-011: connect by use; messages go both ways, in order whatever their size", async () => {
    await cluster.run("a", async () => {
      const pid = await Node.spawn(B, Remote, "echo");
      const large = "x".repeat(1024 * 1024);
      for (const n of numbers(200)) send(pid, [self(), n]);
      send(pid, [self(), large]);
      send(pid, [self(), "last"]);
      for (const n of numbers(200)) expect(await receive()).toEqual(["echo", n]);
      expect((((await receive()) as unknown[])[1] as string).length).toBe(large.length);
      expect(await receive()).toEqual(["echo", "last"]);
      expect(Node.list()).toEqual([B]);
    });
  });

  test("DIST-012, DIST-014: links and monitors tell the true reason", async () => {
    await cluster.run("a", async () => {
      Process.flag("trapExit", true);
      const linked = await Node.spawnLink(B, Remote, "exits", [["why", 1]]);
      expect(await receive()).toEqual(["EXIT", linked, ["why", 1]]);
      const [pid, ref] = await Node.spawnMonitor(B, Remote, "exits", ["end"]);
      expect(await receive()).toEqual(["DOWN", ref, "process", pid, "end"]);
    });
  });

  test("DIST-013, DIST-015, DIST-021, DIST-033: a node that stops is told of, its processes first", async () => {
    let connected: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (connected = resolve));
    const watching = cluster.at("a").node.run(async () => {
      Process.flag("trapExit", true);
      Node.monitorNodes(true, { nodedownReason: true });
      const linked = await Node.spawnLink(B, Remote, "wait");
      const ref = Process.monitor(linked);
      expect(await receive()).toEqual(["nodeup", B, {}]);
      connected();
      expect([await receive(), await receive(), await receive()]).toEqual([
        ["DOWN", ref, "process", linked, "noconnection"],
        ["EXIT", linked, "noconnection"],
        ["nodedown", B, { nodedownReason: "connection_closed" }],
      ]);
      expect(Node.list()).toEqual([]);
    });
    await ready;
    await cluster.stop("b");
    await watching;
  });

  test("a wrong cookie is refused; the refusing node logs name and reason, and stays", async () => {
    await cluster.start("c", { cookie: "another" });
    expect(await cluster.run("c", () => Node.connect(A))).toBe(false);
    expect(
      cluster
        .at("a")
        .log.map((entry) => entry.message)
        .join("\n"),
    ).toMatch(/c@localhost.*cookie/s);
    await cluster.run("a", async () => {
      expect(Node.list()).toEqual([]);
      expect(await Node.connect(B)).toBe(true);
    });
  });

  test("DIST-054: a name that is taken is refused at start, and its holder is unharmed", async () => {
    await expect(cluster.start("b")).rejects.toMatchObject({ code: "name_taken" });
    expect(await cluster.run("a", () => Node.ping(B))).toBe("pong");
  });
});
