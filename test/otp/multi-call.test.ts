import { describe, expect, test } from "vitest";
import "../../src/node/global.ts";
import { Node } from "../../src/node/node-module.ts";
import { GenServer } from "../../src/otp/gen-server.ts";
import type { ServerRef } from "../../src/otp/server-name.ts";
import { Process } from "../../src/process/process-module.ts";
import { isExit } from "../../src/process/exit.ts";
import { self } from "../../src/process/spawn.ts";
import { startCluster } from "../../src/testing/cluster.ts";

class Echo extends GenServer {
  seen: unknown[] = [];
  asked: unknown[] = [];
  async handleCall(request: unknown) {
    this.asked.push(request);
    if (request === "seen") return this.seen;
    if (request === "asked") return this.asked;
    if (request === "slow") await Process.sleep(1000);
    return [request, self().node];
  }
  handleCast(request: unknown): void {
    this.seen.push(request);
  }
}

async function three() {
  const cluster = await startCluster(["a", "b", "c"]);
  await cluster.run("a", () => Node.connect("b@localhost"));
  await cluster.run("a", () => Node.connect("c@localhost"));
  for (const name of ["a", "b"])
    await cluster.run(name, async () => void (await GenServer.start(Echo, undefined, { name: "Echo" })));
  return cluster;
}

describe("GenServer.multiCall()", () => {
  test("asks all nodes at once, or those that it is given, and tells where nobody answered", async () => {
    await using cluster = await three();
    expect(await cluster.run("a", () => GenServer.multiCall("Echo", "hi"))).toEqual([
      [
        ["a@localhost", ["hi", "a@localhost"]],
        ["b@localhost", ["hi", "b@localhost"]],
      ],
      ["c@localhost"],
    ]);
    expect(
      await cluster.run("a", () => GenServer.multiCall(["b@localhost", "absent@localhost"], "Echo", "hi")),
    ).toEqual([[["b@localhost", ["hi", "b@localhost"]]], ["absent@localhost"]]);
  });

  test("GENSERVER-029: a reply that comes too late makes its node a bad one, and is not seen later", async () => {
    await using cluster = await three();
    cluster.delay("a", "b", 2000);
    const asked = cluster.run("a", async () => {
      const result = await GenServer.multiCall(["a@localhost", "b@localhost"], "Echo", "hi", 1000);
      // When the reply is long here.
      await Process.sleep(10_000);
      return [result, Process.info(self())?.messages];
    });
    await cluster.advance(1000);
    expect(await asked).toEqual([[[["a@localhost", ["hi", "a@localhost"]]], ["b@localhost"]], []]);
    expect(await cluster.run("b", () => GenServer.call("Echo", "asked"))).toContain("hi");
  });
});

describe("GenServer.abcast()", () => {
  test("casts to all nodes, or those that it is given", async () => {
    await using cluster = await three();
    const seen = await cluster.run("a", async () => {
      expect(GenServer.abcast("Echo", 1)).toBe("abcast");
      expect(GenServer.abcast(["b@localhost", "absent@localhost"], "Echo", 2)).toBe("abcast");
      return GenServer.multiCall(["a@localhost", "b@localhost"], "Echo", "seen");
    });
    expect(seen[0]).toEqual([
      ["a@localhost", [1]],
      ["b@localhost", [1, 2]],
    ]);
  });
});

describe("a server on another node", () => {
  test("GENSERVER-009: a late reply from there is not seen either", async () => {
    await using cluster = await three();
    const asked = cluster.run("a", async () => {
      const call = GenServer.call(["Echo", "b@localhost"], "slow", 10).catch(
        (error: unknown) => isExit(error) && error.reason,
      );
      const reason = await call;
      expect(await GenServer.call(["Echo", "b@localhost"], "asked")).toEqual(["slow", "asked"]);
      return [reason, Process.info(self())?.messages];
    });
    expect(await asked).toEqual([["timeout", ["GenServer", "call", [["Echo", "b@localhost"], "slow", 10]]], []]);
  });

  test("GENSERVER-031: a cast to a node that does not answer returns at once", async () => {
    await using cluster = await three();
    const before = cluster.clock.now();
    expect(await cluster.run("a", () => GenServer.cast(["Echo", "absent@localhost"], 1))).toBe("ok");
    expect(cluster.clock.now()).toBe(before);
  });

  test("GENSERVER-042: when its node dies, a call to its global name is noproc, to its pid nodedown", async () => {
    await using cluster = await three();
    const pid = await cluster.run("b", () => GenServer.start(Echo, undefined, { name: { global: "Main" } }));
    const reasonOf = (server: ServerRef): Promise<unknown> =>
      cluster.run("a", () =>
        GenServer.call(server, "hi").catch((error: unknown) => isExit(error) && (error.reason as unknown[])[0]),
      );
    expect(await reasonOf({ global: "Main" })).toEqual(["hi", "b@localhost"]);
    await cluster.kill("b");
    expect(await reasonOf({ global: "Main" })).toBe("noproc");
    const asked = reasonOf(pid);
    await cluster.advance(60_000);
    expect(await asked).toEqual(["nodedown", "b@localhost"]);
  });
});
