import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { capture } from "../../src/code/closure.ts";
import { erpc } from "../../src/node/erpc.ts";
import { rpc } from "../../src/node/rpc.ts";
import { watchProgress } from "../../src/process/progress.ts";
import { receive } from "../../src/process/receive.ts";
import { self } from "../../src/process/spawn.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import { realTime } from "../support/network.ts";
import { mailbox } from "../support/processes.ts";
import { Remote, typedAt } from "../support/remote.ts";

const [A, B, ABSENT] = ["a@localhost", "b@localhost", "absent@localhost"] as const;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a", "b"], { seed: 6 });
});
afterEach(() => cluster[Symbol.asyncDispose]());

describe("rpc.call()", () => {
  test.each([B, A])("RPC-001: runs on %s and gives the value, of a function too", async (node) => {
    await cluster.run("a", async () => {
      expect(await rpc.call(node, Remote, "where")).toBe(node);
      expect(await rpc.call(node, typedAt(cluster.at("a").node, "() => [node()]"))).toEqual([node]);
      expect(await rpc.call(node, typedAt(cluster.at("a").node, "() => undefined"))).toBe("ok");
    });
  });

  test.each([B, A])("RPC-002: an unknown function or module on %s is badrpc with undef and the call", async (node) => {
    await cluster.run("a", async () => {
      expect(await rpc.call(node, "Remote", "absent", [1])).toMatchObject([
        "badrpc",
        ["EXIT", { code: "undef", message: "Function Remote.absent/1 is undefined" }],
      ]);
      expect(await rpc.call(node, "Absent", "f", [])).toMatchObject(["badrpc", ["EXIT", { code: "undef" }]]);
    });
  });

  test.each([B, A])("RPC-005: what is thrown on %s is given as if it were the result", async (node) => {
    await cluster.run("a", async () => expect(await rpc.call(node, Remote, "throws", [["v", 1]])).toEqual(["v", 1]));
  });

  test("what can't travel is named as the caller gave it, and what can't come back as the result", async () => {
    await cluster.run("a", async () => {
      const refused = (path: string): object => ({
        code: "not_sendable",
        message: expect.stringMatching(new RegExp(`^${path} is a symbol`, "u")) as string,
      });
      const given = [1, { deep: [Symbol("s")] }];
      await expect(rpc.call(B, Remote, "identity", given as never)).rejects.toMatchObject(
        refused("args\\[1\\]\\.deep\\[0\\]"),
      );
      await expect(erpc.multicall([B], Remote, "identity", [Symbol("s")])).rejects.toMatchObject(
        refused("args\\[0\\]"),
      );
      const held = Symbol("s");
      const captures = capture({ held }, () => held);
      await expect(erpc.call(B, captures)).rejects.toMatchObject(refused("held, captured by the function fn,"));
      expect(await rpc.call(B, Remote, "symbols")).toEqual([
        "badrpc",
        ["not_sendable", `result[0] is a symbol, which can't be sent to ${A}: use a string`],
      ]);
    });
  });

  test("errors and exits are badrpc", async () => {
    await cluster.run("a", async () => {
      expect(await rpc.call(B, Remote, "fails", ["bad"])).toMatchObject([
        "badrpc",
        ["EXIT", { name: "RangeError", message: "bad" }],
      ]);
      expect(await rpc.call(B, Remote, "exits", ["why"])).toEqual(["badrpc", ["EXIT", "why"]]);
    });
  });

  test("RPC-006: an absent node is badrpc nodedown", async () => {
    await cluster.run("a", async () => expect(await rpc.call(ABSENT, Remote, "where")).toEqual(["badrpc", "nodedown"]));
  });

  test.each([B, A])("RPC-007: too slow on %s is badrpc timeout, and no late answer shows up", async (node) => {
    await cluster.run("a", async () => {
      expect(await rpc.call(node, Remote, "sleep", [3000], 1000)).toEqual(["badrpc", "timeout"]);
      expect(await receive(() => true, 6000)).toBe("timeout");
      expect(mailbox()).toEqual([]);
    });
  });

  test.skipIf(realTime)("RPC-008: a node that dies during the call is badrpc nodedown at once", async () => {
    const call = cluster.at("a").node.run(() => rpc.call(B, Remote, "wait"));
    await cluster.advance(10);
    const before = cluster.clock.now();
    await cluster.kill("b");
    expect(await cluster.drive(call)).toEqual(["badrpc", "nodedown"]);
    expect(cluster.clock.now()).toBe(before);
  });

  test.each([B, A])("RPC-023: a function that kills the call's process on %s is badrpc killed", async (node) => {
    await cluster.run("a", async () => expect(await rpc.call(node, Remote, "killed")).toEqual(["badrpc", "killed"]));
  });

  test("bad arguments throw", async () => {
    await cluster.run("a", async () => {
      await expect(rpc.call("no node" as typeof B, Remote, "where")).rejects.toMatchObject({ code: "badarg" });
    });
  });
});

describe("rpc.multicall()", () => {
  test("tells how many of its nodes have answered", async () => {
    const seen: [string, string, number, number | undefined][] = [];
    onTestFinished(
      watchProgress(cluster.at("a").node.runtime, (event, { label, done, total }) =>
        seen.push([event, label, done, total]),
      ),
    );
    await cluster.run("a", () => rpc.multicall([A, B, ABSENT], Remote, "where", []));
    expect(seen).toEqual([
      ["begin", "rpc.multicall", 0, 3],
      ["end", "rpc.multicall", 3, 3],
    ]);
  });

  test("RPC-014: gives the values, and the nodes that gave none", async () => {
    await cluster.run("a", async () => {
      expect(await rpc.multicall([B, ABSENT, A], Remote, "where", [])).toEqual([[B, A], [ABSENT]]);
      expect(Node.list()).toEqual([B]);
      expect(await rpc.multicall(Remote, "where", [])).toEqual([[A, B], []]);
    });
  });

  test.skipIf(realTime)("RPC-015: takes about its timeout in all, and leaves no messages", async () => {
    await cluster.run("a", async () => {
      const started = cluster.clock.now();
      expect(await rpc.multicall([A, B], Remote, "sleep", [100], 50)).toEqual([[], [A, B]]);
      expect(cluster.clock.now() - started).toBe(50);
      await receive(() => true, 1000);
      expect(mailbox()).toEqual([]);
    });
  });
});

describe("rpc.cast()", () => {
  test("is true at once", async () => {
    await cluster.run("a", async () => {
      expect([rpc.cast(B, Remote, "tell", [self(), "cast"]), rpc.cast(ABSENT, Remote, "where", [])]).toEqual([
        true,
        true,
      ]);
      expect(await receive()).toBe("cast");
    });
  });
});
