import { describe, expect, test } from "vitest";
import "../../../src/library.ts";
import { Bucket } from "../../../src/examples/kv/bucket.ts";
import { KV } from "../../../src/examples/kv/kv.ts";
import { erpc } from "../../../src/node/erpc.ts";
import { Node } from "../../../src/node/node-module.ts";
import { Agent } from "../../../src/otp/agent.ts";
import { Process } from "../../../src/process/process-module.ts";
import { receive } from "../../../src/process/receive.ts";
import type { Pid } from "../../../src/term/pid.ts";
import { distributed } from "../../support/distributed.ts";
import { kvOn } from "../../support/kv.ts";

/** Ends a bucket by a failure, and waits until it is gone. */
async function crash(bucket: Pid): Promise<void> {
  Process.monitor(bucket);
  Agent.cast(bucket, "KV.Bucket", "noSuchFunction");
  await receive({ DOWN: () => undefined });
}

describe("KV", () => {
  test("creates a bucket once, and finds it by its name", async () => {
    await using cluster = await kvOn(["foo"]);
    await cluster.run("foo", async () => {
      expect(await KV.lookupBucket("shopping")).toBeNull();
      const bucket = await KV.createBucket("shopping");
      expect(await KV.lookupBucket("shopping")).toBe(bucket);
      expect(await KV.createBucket("shopping")).toBe(bucket);
      expect(await KV.createBucket("other")).not.toBe(bucket);
    });
  });

  test("a bucket that crashes is gone, and no other is; its name is free", async () => {
    await using cluster = await kvOn(["foo"]);
    await cluster.run("foo", async () => {
      const other = await KV.createBucket("other");
      await Bucket.put(other, "milk", 1);
      // More often than a supervisor would start them again.
      for (let i = 0; i < 5; i++) {
        const bucket = await KV.createBucket("shopping");
        await Bucket.put(bucket, "milk", 1);
        await crash(bucket);
        expect(await KV.lookupBucket("shopping")).toBeNull();
      }
      expect(await Bucket.get(await KV.createBucket("shopping"), "milk")).toBeNull();
      expect(await KV.lookupBucket("other")).toBe(other);
      expect(await Bucket.get(other, "milk")).toBe(1);
    });
  });

  test.runIf(distributed)("names are those of a node, unless told", async () => {
    await using cluster = await kvOn(["foo", "bar"]);
    const bucket = await cluster.run("foo", async () => {
      const created = await erpc.call("bar@localhost", KV, "createBucket", ["shopping"]);
      expect(await KV.lookupBucket("shopping")).toBeNull();
      return created;
    });
    expect(bucket).toMatchObject({ node: "bar@localhost" });
    expect(await cluster.run("bar", () => KV.lookupBucket("shopping"))).toBe(bucket);
  });
});

describe.runIf(distributed)("KV, naming its buckets by global", () => {
  test("finds a bucket of another node", async () => {
    await using cluster = await kvOn(["foo", "bar"], { naming: "global" });
    await cluster.run("foo", async () => {
      const bucket = await erpc.call("bar@localhost", KV, "createBucket", ["shopping"]);
      expect(await KV.lookupBucket("shopping")).toBe(bucket);
      expect(await KV.createBucket("shopping")).toBe(bucket);
      await Bucket.put(bucket, "milk", 1);
    });
    const there = await cluster.run("bar", async () => Bucket.get((await KV.lookupBucket("shopping")) as Pid, "milk"));
    expect(there).toBe(1);
  });

  test("two nodes that create a name at the same moment get one winner", async () => {
    await using cluster = await kvOn(["foo", "bar"], { naming: "global" });
    await cluster.run("foo", () => Node.connect("bar@localhost"));
    const create = () => KV.createBucket("shopping");
    const [one, other] = await Promise.all([cluster.run("foo", create), cluster.run("bar", create)]);
    expect(other).toBe(one);
    const find = () => KV.lookupBucket("shopping");
    expect([await cluster.run("foo", find), await cluster.run("bar", find)]).toEqual([one, one]);
  });

  test("after a split has healed, one of two holders is left", async () => {
    await using cluster = await kvOn(["foo", "bar"], { naming: "global" });
    const create = () => KV.createBucket("shopping");
    const one = await cluster.run("foo", create);
    const other = await cluster.run("bar", create);
    expect(other).not.toBe(one);
    await cluster.run("foo", () => Node.connect("bar@localhost"));
    await cluster.advance(10_000);
    const find = () => KV.lookupBucket("shopping");
    const found = await cluster.run("foo", find);
    expect([one, other]).toContain(found);
    expect(await cluster.run("bar", find)).toBe(found);
    const loser = found === one ? other : one;
    const where = loser.node === "foo@localhost" ? "foo" : "bar";
    expect(await cluster.run(where, () => Process.alive(loser))).toBe(false);
  });
});
