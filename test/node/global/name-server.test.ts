import { describe, expect, test } from "vitest";
import { nameServerOf, startNameServer } from "../../../src/node/global/name-server.ts";
import { global } from "../../../src/node/global.ts";
import { Node } from "../../../src/node/node-module.ts";
import { Process } from "../../../src/process/process-module.ts";
import { receive } from "../../../src/process/receive.ts";
import { Runtime } from "../../../src/process/runtime.ts";
import { self, send, spawn } from "../../../src/process/spawn.ts";
import { startCluster } from "../../../src/testing.ts";
import type { Pid } from "../../../src/term/pid.ts";
import { seen } from "../../support/global-names.ts";

describe("the name server", () => {
  test("is a process of its name, on every node", async () => {
    const runtime = new Runtime();
    expect(nameServerOf(runtime)).toBeUndefined();
    const server = startNameServer(runtime);
    expect(nameServerOf(runtime)).toBe(server);
    expect(runtime.names.get("global_name_server")?.alive).toBe(true);
    expect(server.nodes()).toEqual([runtime.name]);
    runtime.stop();
  });

  test("is not harmed by what it does not understand", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      for (const message of ["nonsense", 7, undefined, ["insert"], ["hello", self(), 7], ["nodeup"], ["$gen_call", 7]])
        send("global_name_server", message);
      expect(await global.registerName("x", self())).toBe("yes");
      expect(Process.whereis("global_name_server")).not.toBeNull();
    });
  });

  test("is not outlived by its node, which stops in good order and says why", async () => {
    await using cluster = await startCluster(["a", "b"]);
    await cluster.run("b", () => Node.connect("a@localhost"));
    const { node, log } = cluster.at("a");
    void node.run(() => Process.exit(Process.whereis("global_name_server") as Pid, "kill")).catch(() => undefined);
    await cluster.advance(1000);
    expect(log.map(({ level, message }) => [level, message])).toEqual([
      ["critical", "The name server of a@localhost exited, so the node stops: killed"],
    ]);
    expect([node.runtime.stopped, seen(cluster)["b"]]).toEqual([true, ""]);
  });

  test("keeps names that a dead process was given for no longer than it takes to notice", async () => {
    await using cluster = await startCluster(["a"]);
    await cluster.run("a", async () => {
      const pid = spawn(() => undefined);
      await Process.sleep(1);
      await global.registerName("x", pid);
      await global.registerName("y", self());
      expect(global.registeredNames()).toEqual(["y"]);
      expect(await receive(() => true, 0)).toBe("timeout");
    });
  });
});
