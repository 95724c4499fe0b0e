import { describe, expect, test } from "vitest";
import "../../../src/library.ts";
import { Bucket } from "../../../src/examples/kv/bucket.ts";
import { startCluster } from "../../../src/testing/cluster.ts";

describe("KV.Bucket", () => {
  test("keeps values by key, and forgets them", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      const bucket = await Bucket.startLink();
      expect(await Bucket.get(bucket, "milk")).toBeNull();
      expect(await Bucket.put(bucket, "milk", 3)).toBe("ok");
      expect(await Bucket.get(bucket, "milk")).toBe(3);
      expect(await Bucket.delete(bucket, "milk")).toBe(3);
      expect(await Bucket.delete(bucket, "milk")).toBeNull();
      expect(await Bucket.get(bucket, "milk")).toBeNull();
    });
  });

  test("serves a client on another node", async () => {
    await using cluster = await startCluster(["a", "b"]);
    const { node } = cluster.at("a");
    const [started, stopped] = [Promise.withResolvers<unknown>(), Promise.withResolvers<void>()];
    const keeping = node.run(async () => {
      started.resolve(await Bucket.startLink());
      await stopped.promise;
    });
    const bucket = (await cluster.drive(started.promise)) as Awaited<ReturnType<typeof Bucket.startLink>>;
    await cluster.run("b", async () => {
      await Bucket.put(bucket, "milk", ["semi", 1]);
      expect(await Bucket.get(bucket, "milk")).toEqual(["semi", 1]);
      expect(await Bucket.delete(bucket, "milk")).toEqual(["semi", 1]);
    });
    stopped.resolve();
    await cluster.drive(keeping);
  });
});
