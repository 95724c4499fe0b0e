/**
 * Before each test file: a home of its own, no settings of the user's, an EPMD port that nobody listens on. So no test
 * touches the user's cookie or history, or finds the user's nodes.
 * After it: whatever still holds the process open is a leak, and fails the file.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { freePort } from "../../scripts/free-port.ts";
import { leftOpen } from "./left-open.ts";

/** What says how the tests run, not what they run. */
const settings = new Set(["MOEBI_TEST_TIMEOUT", "MOEBI_SEED", "MOEBI_SEEDS", "MOEBI_NETWORK"]);

for (const name of Object.keys(process.env)) {
  if (/^(MOEBI|XDG)_/.test(name) && !settings.has(name)) Reflect.deleteProperty(process.env, name);
}

const home = await mkdtemp(join(tmpdir(), "moebi-test-"));
process.env["HOME"] = home;
process.env["USERPROFILE"] = home;
process.env["MOEBI_EPMD_PORT"] = String(await freePort());
// Programs that tests start would otherwise compile everything again, in each new home.
process.env["NODE_COMPILE_CACHE"] ??= new URL("../../node_modules/.cache/moebi/compile", import.meta.url).pathname;

const before = process.getActiveResourcesInfo();

// Registered first, so it runs after the file's own hooks.
afterAll(async () => {
  try {
    expect(await leftOpen(before), "still open when the file's tests were done").toEqual([]);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
