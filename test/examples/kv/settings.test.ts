import { describe, expect, test, vi } from "vitest";
import { nodesFromSettings, portFromSettings } from "../../../src/examples/kv/settings.ts";
import { Application } from "../../../src/otp/application.ts";
import { startCluster } from "../../../src/testing/cluster.ts";

/** What a function gives on a node with these settings of `kv`. */
async function withSettings<T>(settings: Readonly<Record<string, unknown>>, read: () => T): Promise<T> {
  await using cluster = await startCluster(["foo"]);
  return await cluster.run("foo", () => {
    Application.putAllEnv({ kv: settings });
    return read();
  });
}

describe("portFromSettings()", () => {
  test("is 4050, and 4040 in tests, unless configured", async () => {
    vi.stubEnv("PORT", undefined);
    expect(await withSettings({}, portFromSettings)).toBe(4050);
    vi.stubEnv("MOEBI_ENV", "test");
    expect(await withSettings({}, portFromSettings)).toBe(4040);
    expect(await withSettings({ port: 4100 }, portFromSettings)).toBe(4100);
  });

  test("refuses an environment that there is not: its port would be that of another", async () => {
    vi.stubEnv("MOEBI_ENV", "production");
    await expect(withSettings({}, portFromSettings)).rejects.toThrow("MOEBI_ENV is dev, test or prod");
  });

  test("PORT wins", async () => {
    vi.stubEnv("PORT", "4101");
    expect(await withSettings({ port: 4100 }, portFromSettings)).toBe(4101);
  });

  test.each(["", "http", "-1", "65536", "4.5"])("refuses PORT=%s", async (port) => {
    vi.stubEnv("PORT", port);
    await expect(withSettings({}, portFromSettings)).rejects.toMatchObject({ code: "badarg" });
  });
});

describe("nodesFromSettings()", () => {
  test("are those of NODES, else those configured, else none", async () => {
    vi.stubEnv("NODES", undefined);
    expect(await withSettings({}, nodesFromSettings)).toEqual([]);
    expect(await withSettings({ nodes: ["foo@localhost"] }, nodesFromSettings)).toEqual(["foo@localhost"]);
    vi.stubEnv("NODES", "foo@localhost, bar@localhost,");
    expect(await withSettings({ nodes: ["baz@localhost"] }, nodesFromSettings)).toEqual([
      "foo@localhost",
      "bar@localhost",
    ]);
  });
});
