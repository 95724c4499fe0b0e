import { expect, test } from "vitest";
import { pg } from "../../../src/node/pg.ts";
import { scopeOf } from "../../../src/node/pg/scope.ts";
import { current } from "../../../src/process/context.ts";
import { Process } from "../../../src/process/process-module.ts";
import { self, send } from "../../../src/process/spawn.ts";
import { startCluster } from "../../../src/testing.ts";

test("scopeOf() finds a scope as long as its process lives, and what strangers send does no harm", async () => {
  await using cluster = await startCluster(["a"]);
  await cluster.run("a", async () => {
    const { runtime } = current();
    expect(scopeOf(runtime, "s")).toBeUndefined();
    const pid = await pg.start("s");
    for (const message of ["nonsense", ["discover"], ["join", self(), "g", self()], ["$gen_cast", ["sync"]]])
      send(pid, message);
    await pg.join("g", self(), { scope: "s" });
    expect(scopeOf(runtime, "s")?.table.members("g")).toEqual([self()]);
    Process.exit(pid, "kill");
    expect(scopeOf(runtime, "s")).toBeUndefined();
  });
});
