import { describe, expect, test } from "vitest";
import "../../../src/library.ts";
import { type Route, Router } from "../../../src/examples/kv/router.ts";
import { Application } from "../../../src/otp/application.ts";
import { Kernel } from "../../../src/process/kernel.ts";
import type { Cluster } from "../../../src/testing/cluster.ts";
import { distributed } from "../../support/distributed.ts";
import { kvOn } from "../../support/kv.ts";

const routingTable = [
  ["a", "m", "foo@localhost"],
  ["n", "z", "bar@localhost"],
] as const;

function route(cluster: Cluster, from: string, bucket: string): Promise<unknown> {
  return cluster.run(from, () => Router.route(bucket, Kernel, "node", []));
}

function setTable(cluster: Cluster, name: string, table: readonly Route[]): Promise<unknown> {
  return cluster.run(name, () => Application.putEnv("kv", "routingTable", table));
}

describe("KV.Router on one node", () => {
  test("runs here what is for this node, first and last byte included", async () => {
    await using cluster = await kvOn(["foo"], { routingTable });
    for (const bucket of ["apple", "hello", "m"]) expect(await route(cluster, "foo", bucket)).toBe("foo@localhost");
  });

  test.each(["\0", "", "Apple", "{", "é"])("finds no entry for %j", async (bucket) => {
    await using cluster = await kvOn(["foo"], { routingTable });
    const message = expect.stringContaining(
      `could not find entry for ${JSON.stringify(bucket)} in table [["a", "m", "foo@localhost"], `,
    ) as string;
    await expect(route(cluster, "foo", bucket)).rejects.toMatchObject({ name: "Error", message });
  });

  test("knows no node where nothing is configured", async () => {
    await using cluster = await kvOn(["foo"]);
    await expect(route(cluster, "foo", "hello")).rejects.toThrow('could not find entry for "hello" in table []');
  });

  test("the first entry that matches counts", async () => {
    await using cluster = await kvOn(["foo"], {
      routingTable: [["h", "h", "foo@localhost"], ...routingTable.slice(1)],
    });
    expect(await route(cluster, "foo", "hello")).toBe("foo@localhost");
  });
});

describe.runIf(distributed)("KV.Router between nodes", () => {
  test("routes each bucket to its node, from either", async () => {
    await using cluster = await kvOn(["foo", "bar"], { routingTable });
    for (const from of ["foo", "bar"]) {
      expect(await route(cluster, from, "hello")).toBe("foo@localhost");
      expect(await route(cluster, from, "world")).toBe("bar@localhost");
    }
  });

  test("the node that a request is sent to routes it by its own table", async () => {
    await using cluster = await kvOn(["foo", "bar", "baz"], { routingTable });
    await setTable(cluster, "bar", [["a", "z", "baz@localhost"]]);
    await setTable(cluster, "baz", [["a", "z", "baz@localhost"]]);
    expect(await route(cluster, "foo", "world")).toBe("baz@localhost");
  });

  test("a function that fails there fails here", async () => {
    await using cluster = await kvOn(["foo", "bar"], { routingTable });
    const failed = cluster.run("foo", () => Router.route("world", Kernel, "noSuchFunction", []));
    await expect(failed).rejects.toMatchObject({ reason: { code: "undef" } });
  });

  test("a node that is not there fails the request, and only that", async () => {
    await using cluster = await kvOn(["foo"], { routingTable });
    await expect(route(cluster, "foo", "world")).rejects.toMatchObject({
      reason: [
        ["nodedown", "bar@localhost"],
        ["Task.Supervisor", "async", expect.anything()],
      ],
    });
    expect(await route(cluster, "foo", "hello")).toBe("foo@localhost");
  });
});
