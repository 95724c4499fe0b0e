import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { erpc, ErpcError } from "../../src/node/erpc.ts";
import { Node } from "../../src/node/node-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self } from "../../src/process/spawn.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import { hasCode } from "../../src/term/error.ts";
import type { NodeName } from "../../src/term/pid.ts";
import { realTime } from "../support/network.ts";
import { exitOf, mailbox } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";

const [A, B, ABSENT] = ["a@localhost", "b@localhost", "absent@localhost"] as const;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a", "b"], { seed: 5 });
});
afterEach(() => cluster[Symbol.asyncDispose]());

describe("erpc.call()", () => {
  // RPC-019: a call on the own node behaves as a remote one.
  test.each([B, A])("RPC-001, RPC-019: runs on %s and gives the value", async (node) => {
    await cluster.run("a", async () => expect(await erpc.call(node, Remote, "where")).toBe(node));
  });

  test.each([B, A])(
    "RPC-009, RPC-019: an error raised on %s is raised here, with the remote one and its stack as cause",
    async (node) => {
      await cluster.run("a", async () => {
        const error: unknown = await erpc.call(node, Remote, "fails", ["bad"]).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "exception", name: "RangeError", message: "bad" });
        const { cause } = error as Error;
        expect(cause).toMatchObject({ name: "RangeError", message: "bad" });
        expect((cause as Error).stack).toContain("remote.ts");
      });
    },
  );

  test.each([B, A])(
    "RPC-019: on %s what is thrown is thrown, an exit exits, an unknown function is an error",
    async (node) => {
      await cluster.run("a", async () => {
        await expect(erpc.call(node, Remote, "throws", [["v", 1]])).rejects.toEqual(["v", 1]);
        expect(await exitOf(() => erpc.call(node, Remote, "exits", [["why"]]))).toEqual(["why"]);
        expect(await exitOf(() => erpc.call(node, Remote, "killed"))).toBe("killed");
        await expect(erpc.call(node, "Remote", "absent", [])).rejects.toMatchObject({ cause: { code: "undef" } });
      });
    },
  );

  test("Trap 20: on the own node too nothing is shared", async () => {
    await cluster.run("a", async () => {
      const given = { list: [1] };
      const got = await erpc.call(A, Remote, "identity", [given]);
      expect(got).toEqual(given);
      expect(got).not.toBe(given);
    });
  });

  test("RPC-012: an absent node is noconnection, too slow a call a timeout, and nothing comes late", async () => {
    await cluster.run("a", async () => {
      const failure = async (call: Promise<unknown>): Promise<string> => {
        const error = await call.catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ErpcError);
        return (error as ErpcError).code;
      };
      expect(await failure(erpc.call(ABSENT, Remote, "where"))).toBe("noconnection");
      expect(await failure(erpc.call(B, Remote, "sleep", [100], 50))).toBe("timeout");
      expect(await failure(erpc.call(A, Remote, "sleep", [100], 50))).toBe("timeout");
      expect(await receive(() => true, 1000)).toBe("timeout");
      expect(mailbox()).toEqual([]);
    });
  });

  test("RPC-020: wrong arguments are refused in the caller, without any traffic", async () => {
    await cluster.run("a", async () => {
      const wrong: unknown[][] = [
        ["no node", Remote, "where", []],
        [B, 7, "where", []],
        [B, Remote, 7, []],
        [B, Remote, "where", "args"],
        [B, Remote, "where", [], -1],
        [B, {}, "where", []],
        [B, () => 1, ["argument"]],
      ];
      const call = erpc.call as (...args: unknown[]) => Promise<unknown>;
      const cast = erpc.cast as (...args: unknown[]) => unknown;
      await expect(call(B, () => 1, ["argument"])).rejects.toThrow("may use variables, as in () => f(x)");
      for (const args of wrong) {
        await expect(call(...args)).rejects.toMatchObject({ code: "badarg" });
        expect(() => cast(...args)).toThrow(expect.objectContaining({ code: "badarg" }));
      }
      expect(Node.list()).toEqual([]);
    });
  });

  test("RPC-022: of nested calls the error holds the inner ones, in order", async () => {
    await cluster.run("a", async () => {
      const path: NodeName[] = [B, A, B];
      let error: unknown = await erpc
        .call(path[0] as NodeName, Remote, "nest", [path.slice(1)])
        .catch((thrown: unknown) => thrown);
      let depth = 0;
      for (; hasCode(error, "exception"); depth++) error = (error as Error).cause;
      expect(depth).toBe(path.length);
      expect(error).toMatchObject({ name: "RangeError", message: "innermost on b@localhost" });
    });
  });
});

describe("erpc.multicall() and the casts", () => {
  test("RPC-014: gives one result per node, in order, each marked", async () => {
    await cluster.run("a", async () => {
      expect(await erpc.multicall([B, A], Remote, "where", [])).toEqual([
        ["ok", B],
        ["ok", A],
      ]);
      const results = await erpc.multicall([B, ABSENT], Remote, "throws", ["v"]);
      expect(results).toMatchObject([
        ["throw", "v"],
        ["error", { code: "noconnection" }],
      ]);
      expect(await erpc.multicall([B], Remote, "exits", ["why"])).toEqual([["exit", "why"]]);
      expect(await erpc.multicall([B], Remote, "fails", ["bad"])).toMatchObject([["error", { message: "bad" }]]);
    });
  });

  test.skipIf(realTime)("RPC-015: takes about its timeout in all, and leaves no messages", async () => {
    await cluster.run("a", async () => {
      const started = cluster.clock.now();
      expect(await erpc.multicall([A, B], Remote, "sleep", [100], 50)).toMatchObject([
        ["error", { code: "timeout" }],
        ["error", { code: "timeout" }],
      ]);
      expect(cluster.clock.now() - started).toBe(50);
      await receive(() => true, 1000);
      expect(mailbox()).toEqual([]);
    });
  });

  test("a cast is done without waiting, whatever becomes of it", async () => {
    await cluster.run("a", async () => {
      expect(erpc.cast(B, Remote, "tell", [self(), "cast"])).toBe("ok");
      expect(await receive()).toBe("cast");
      expect(erpc.multicast([A, B, ABSENT], Remote, "tell", [self(), "multicast"])).toBe("ok");
      expect([await receive(), await receive()]).toEqual(["multicast", "multicast"]);
    });
  });
});
