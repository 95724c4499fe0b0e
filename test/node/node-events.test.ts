import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send } from "../../src/process/spawn.ts";
import { Cluster } from "../../src/testing.ts";
import type { MonitorNodesOptions } from "../../src/node/node-events.ts";
import { ended, mailbox, numbers } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";

const [A, B, H] = ["a@localhost", "b@localhost", "h@localhost"] as const;

let cluster: Cluster;
beforeEach(async () => {
  cluster = new Cluster({ seed: 3 });
  await cluster.start("a");
  await cluster.start("b");
});
afterEach(() => cluster[Symbol.asyncDispose]());

/** What a subscriber on a gets: the first `count` messages. */
function subscribed(count: number, options?: MonitorNodesOptions): Promise<unknown[]> {
  return cluster.at("a").node.run(async () => {
    Node.monitorNodes(true, options);
    Process.register(self(), "subscriber");
    const got: unknown[] = [];
    while (got.length < count) got.push(await receive());
    return got;
  });
}

describe("Node.monitorNodes()", () => {
  test("DIST-031, Trap 14: nodeup comes before a node's first message, nodedown after its last", async () => {
    const got = subscribed(4);
    await cluster.settle();
    await cluster.run("b", async () => {
      send(["subscriber", A], "first");
      await Node.connect(A);
      send(["subscriber", A], "last");
      Node.disconnect(A);
    });
    expect(await cluster.drive(got)).toEqual([["nodeup", B], "first", "last", ["nodedown", B]]);
  });

  test("DIST-033: the DOWNs of a lost connection come before its nodedown", async () => {
    await cluster.run("a", async () => {
      Process.flag("trapExit", true);
      const pids = await Promise.all(numbers(20).map(() => Node.spawnLink(B, Remote, "wait")));
      Node.monitorNodes(true);
      for (const pid of pids) Process.monitor(pid);
      cluster.reset("a", "b");
      await receive((m) => Array.isArray(m) && m[0] === "nodedown");
      const told = mailbox().map((message) => (message as unknown[])[0]);
      expect(told.filter((tag) => tag === "DOWN")).toHaveLength(20);
      expect(told.filter((tag) => tag === "EXIT")).toHaveLength(20);
    });
  });

  test.each([
    ["disconnect", () => cluster.run("a", () => void Node.disconnect(B))],
    ["connection_closed", () => cluster.kill("b")],
    ["net_tick_timeout", () => Promise.resolve(cluster.cut("a", "b"))],
  ])("DIST-021: tells the reason %s to who asked for it", async (reason, lose) => {
    const got = subscribed(2, { nodedownReason: true });
    await cluster.run("a", () => Node.connect(B));
    await cluster.settle();
    await lose();
    expect(await cluster.drive(got)).toEqual([
      ["nodeup", B, {}],
      ["nodedown", B, { nodedownReason: reason }],
    ]);
  });

  test("DIST-035: tells of the kinds of nodes it was asked for, with the kind", async () => {
    const [plain, hidden, all] = [
      subscribed(1),
      cluster.at("a").node.run(async () => {
        Node.monitorNodes(true, { nodeType: "hidden" });
        return [await receive(), await receive()];
      }),
      cluster.at("a").node.run(async () => {
        Node.monitorNodes(true, { nodeType: "all" });
        return [await receive(), await receive(), await receive()];
      }),
    ];
    await cluster.start("h", { hidden: true });
    await cluster.settle();
    expect(await cluster.run("h", () => Node.connect(A))).toBe(true);
    await cluster.settle();
    expect(await cluster.run("b", () => Node.connect(A))).toBe(true);
    await cluster.settle();
    await cluster.stop("h");
    expect(await cluster.drive(plain)).toEqual([["nodeup", B]]);
    const visible = { nodeType: "visible" };
    const type = { nodeType: "hidden" };
    expect(await cluster.drive(hidden)).toEqual([
      ["nodeup", H, type],
      ["nodedown", H, type],
    ]);
    expect(await cluster.drive(all)).toEqual([
      ["nodeup", H, type],
      ["nodeup", B, visible],
      ["nodedown", H, type],
    ]);
  });

  test("DIST-036: a subscription ends with its process, and is taken back with its options", async () => {
    const { events } = cluster.at("a").node.connections!;
    await cluster.run("a", async () => {
      const before = events.size;
      const pid = cluster.at("a").node.runtime.spawn(() => {
        Node.monitorNodes(true);
        Node.monitorNodes(true, { nodeType: "all" });
        return receive();
      }).pid;
      await cluster.settle();
      expect(events.size).toBe(before + 2);
      const end = ended(pid);
      Process.exit(pid, "end");
      await end;
      expect(events.size).toBe(before);
      Node.monitorNodes(true);
      Node.monitorNodes(true, { nodeType: "all" });
      Node.monitorNodes(false);
      expect(events.size).toBe(before + 1);
    });
  });

  test("DIST-037: bad options are refused by name, and nothing is subscribed", async () => {
    await cluster.run("a", () => {
      const { events } = cluster.at("a").node.connections!;
      const before = events.size;
      const bad =
        (options: object): (() => unknown) =>
        () =>
          Node.monitorNodes(true, options);
      expect(bad({ colour: 1 })).toThrow(
        expect.objectContaining({ code: "badarg", message: expect.stringContaining("colour") as string }),
      );
      expect(bad({ nodeType: "odd" })).toThrow(
        expect.objectContaining({ code: "badarg", message: expect.stringContaining("nodeType") as string }),
      );
      expect(events.size).toBe(before);
    });
  });
});
