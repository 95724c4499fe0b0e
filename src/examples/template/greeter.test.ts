/** Run with `node --test`, where moebi is installed. */
import assert from "node:assert/strict";
import test from "node:test";
import { Application } from "moebi";
import { startCluster } from "moebi/testing";
import "./application.ts";
import { Greeter } from "./greeter.ts";

await test("greets, and counts", async () => {
  await using cluster = await startCluster(["a"]);
  await cluster.run("a", async () => {
    await Application.ensureAllStarted("hello");
    assert.equal(await Greeter.greet("Ada"), "Hello, Ada!");
    assert.equal(await Greeter.count(), 1);
  });
});
