import { expect, test } from "vitest";
import { Tracker } from "../../../src/node/tracker.ts";
import { trackerOf } from "../../../src/node/tracker/tracker-server.ts";
import { current } from "../../../src/process/context.ts";
import { Process } from "../../../src/process/process-module.ts";
import { self, send } from "../../../src/process/spawn.ts";
import { startCluster } from "../../../src/testing.ts";

test("trackerOf() finds a tracker as long as its process lives, and what strangers send does no harm", async () => {
  await using cluster = await startCluster(["a"]);
  await cluster.run("a", async () => {
    const { runtime } = current();
    expect(trackerOf(runtime, "Tracker")).toBeUndefined();
    const pid = await Tracker.startLink();
    for (const message of ["nonsense", ["discover"], ["sync", self(), []], ["change", self(), 1], ["gone", self()]])
      send(pid, message);
    await Tracker.track(self(), "t", "k");
    expect(trackerOf(runtime, "Tracker")?.list("t")).toEqual([{ key: "k", pid: self(), meta: {} }]);
    Process.unlink(pid);
    Process.exit(pid, "kill");
    expect(trackerOf(runtime, "Tracker")).toBeUndefined();
  });
});
