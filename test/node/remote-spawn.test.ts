import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Node } from "../../src/node/node-module.ts";
import { RemoteSpawns } from "../../src/node/remote-spawn.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import type { Signal } from "../../src/process/signal.ts";
import { self } from "../../src/process/spawn.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import { pidOf } from "../../src/term/pid.ts";
import { Ref } from "../../src/term/ref.ts";
import { realTime } from "../support/network.ts";
import { linksOf, mailbox } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";

const B = "b@localhost";

describe("processes started on another node", () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster(["a", "b"], { seed: 4 });
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  test("are linked and monitored before their first instruction", async () => {
    await cluster.run("a", async () => {
      Process.flag("trapExit", true);
      const [pid, ref] = await Node.spawnMonitor(B, Remote, "exits", ["at once"]);
      const linked = await Node.spawnLink(B, Remote, "exits", ["at once too"]);
      expect([await receive(), await receive()]).toEqual([
        ["DOWN", ref, "process", pid, "at once"],
        ["EXIT", linked, "at once too"],
      ]);
      expect([linksOf(), Process.info(self())?.monitors]).toEqual([[], []]);
    });
  });

  test("have their spawner for a parent, and its group leader", async () => {
    await cluster.run("a", async () => {
      const pid = await Node.spawn(B, Remote, "wait");
      expect(cluster.at("b").node.runtime.find(pid)).toMatchObject({
        parent: self(),
        leader: Process.groupLeader(),
        initialCall: "Remote.wait/0",
      });
    });
  });

  test.skipIf(realTime)(
    "end with their spawner though it ends before it hears of them, if they were to be linked",
    async () => {
      await cluster.run("a", () => Node.connect(B));
      const before = cluster.at("b").node.runtime.processes.size;
      cluster.delay("a", "b", 50);
      const { runtime } = cluster.at("a").node;
      const spawner = runtime.spawn(() => Node.spawnLink(B, Remote, "wait"));
      await cluster.settle();
      runtime.spawn(() => Process.exit(spawner.pid, "gone"));
      await cluster.advance(60);
      expect(cluster.at("b").node.runtime.processes.size).toBe(before + 1);
      await cluster.advance(200);
      expect(cluster.at("b").node.runtime.processes.size).toBe(before);
    },
  );

  test("answer by message where that is asked for", async () => {
    await cluster.run("a", async () => {
      const ref = Node.spawnRequest(B, Remote, "where");
      expect(await receive()).toMatchObject(["spawn_reply", ref, "ok", { node: B }]);
      const failed = Node.spawnRequest("absent@localhost", Remote, "where");
      expect(await receive()).toEqual(["spawn_reply", failed, "error", "noconnection"]);
    });
  });

  test("on a node that can't be reached are dead from the start", async () => {
    await cluster.run("a", async () => {
      Process.flag("trapExit", true);
      const pid = await Node.spawn("absent@localhost", Remote, "where");
      expect(mailbox()).toEqual([]);
      const linked = await Node.spawnLink("absent@localhost", Remote, "where");
      expect(pid).not.toBe(linked);
      expect(await receive()).toEqual(["EXIT", linked, "noconnection"]);
    });
  });
});

describe("RemoteSpawns", () => {
  const far = pidOf("there@localhost", 1, 0, 1);
  const ref = new Ref("there@localhost", 1, 1);

  test("refuses a request that holds no function", () => {
    const replies: Signal[] = [];
    const spawns = new RemoteSpawns(new Runtime({ name: "here@localhost" }));
    spawns.requested(
      {
        op: "spawn",
        from: far,
        ref,
        leader: far,
        module: undefined,
        fun: "",
        args: ["no function"],
        link: false,
        monitor: false,
      },
      (reply) => replies.push(reply),
    );
    expect(replies).toEqual([{ op: "spawnReply", to: far, ref, result: { error: "badarg" } }]);
  });

  test("of an answer nobody waits for it takes back the monitor", () => {
    const spawns = new RemoteSpawns(new Runtime({ name: "here@localhost" }));
    const replies: Signal[] = [];
    const own = pidOf("here@localhost", 1, 0, 1);
    spawns.replied({ op: "spawnReply", to: own, ref, result: far }, (reply) => replies.push(reply));
    expect(replies).toEqual([{ op: "demonitor", from: own, to: far, ref }]);
    spawns.replied({ op: "spawnReply", to: own, ref, result: { error: "badarg" } }, () => expect.fail("answered"));
    spawns.failed(ref, "noconnection");
    spawns.lost("there@localhost");
  });
});
