import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { send } from "../../src/process/spawn.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { ended } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";

const B = "b@localhost";

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a", "b"], { seed: 7 });
});
afterEach(() => cluster[Symbol.asyncDispose]());
const log = (name: string): LogEntry[] => cluster.at(name).log;

describe("the report of a crash", () => {
  test("DIST-051: of an undefined function spawned on another node is logged there and here; the spawner lives", async () => {
    await cluster.run("a", async () => {
      const [pid, ref] = await Node.spawnMonitor(B, "Absent", "f", [1]);
      expect(await receive((m) => Array.isArray(m) && m[1] === ref)).toMatchObject({ 3: pid, 4: { code: "undef" } });
      await cluster.settle();
    });
    for (const name of ["a", "b"]) {
      expect(log(name)).toHaveLength(1);
      expect(log(name)[0]).toMatchObject({
        level: "error",
        node: B,
        message: expect.stringContaining("Function Absent.f/1 is undefined") as string,
      });
    }
  });

  test("GL-013: at the leader's node the pid is shown as remote, and the node is named", async () => {
    const pid = await cluster.run("a", async () => {
      const [remote, ref] = await Node.spawnMonitor(B, Remote, "fails", ["bad"]);
      await receive((m) => Array.isArray(m) && m[1] === ref);
      await cluster.settle();
      return remote;
    });
    const numbers = `${String(pid.id)}.${String(pid.serial)}`;
    expect(log("b")[0]?.message).toMatch(
      `Process #PID<0.${numbers}> on node b@localhost raised an exception\n** (RangeError) bad`,
    );
    expect(log("a")[0]?.message).toMatch(
      `Process #PID<1.${numbers}> on node b@localhost raised an exception\n** (RangeError) bad`,
    );
  });

  test("is written for no exit, and once for one that crashes at home", async () => {
    await cluster.run("a", async () => {
      await ended(await Node.spawn(B, Remote, "exits", ["why"]));
      const local = cluster
        .at("a")
        .node.runtime.spawn(() => Promise.reject(new RangeError("own")), { leader: Process.groupLeader() });
      await ended(local.pid);
    });
    expect([log("a").length, log("b").length]).toEqual([1, 0]);
    expect(log("a")[0]?.message).toContain("own");
  });

  test("O5: what another node says is checked and escaped, and it speaks for its own processes only", async () => {
    await cluster.run("a", async () => {
      const own = Process.list()[0];
      const to = ["logger", B] as const;
      const text = "\u001b[2Jx".padEnd(10_000, "y");
      for (const message of [
        7,
        ["crash"],
        ["crash", text, 0, "no pid"],
        ["other", text, 0, own],
        ["crash", text, 0, own],
      ])
        send(to, message);
      await Node.connect(B);
      await cluster.settle();
    });
    expect(log("b")).toHaveLength(1);
    expect(log("b")[0]?.message).not.toContain("\u001b");
    expect(log("b")[0]?.message.length).toBeLessThan(9000);
  });
});
