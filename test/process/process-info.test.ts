import { describe, expect, test } from "vitest";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnLink } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";

describe("Process.info()", () => {
  test("PROC-047: tells links, monitors, name, messages in order, leader and status", async () => {
    await inProcess(new Runtime({ name: "here@localhost" }), async () => {
      const child = spawnLink(() => receive(() => false));
      const watched = spawn(() => receive());
      Process.monitor(watched);
      Process.monitor(["name", "absent@localhost"]);
      Process.register(self(), "me");
      Process.put("key", 1);
      await receive({ DOWN: () => undefined });
      send(self(), 1);
      send(self(), [2]);
      expect(Process.info(self())).toEqual({
        pid: self(),
        registeredName: "me",
        status: "running",
        initialCall: "(anonymous)",
        parent: null,
        groupLeader: Process.groupLeader(),
        trapExit: false,
        links: [child],
        monitors: [watched],
        monitoredBy: [],
        messageQueueLen: 2,
        messages: [1, [2]],
        dictionary: new Map([["key", 1]]),
      });
      await settled();
      send(child, "kept");
      expect(Process.info(child)).toMatchObject({
        status: "waiting",
        parent: self(),
        links: [self()],
        messages: ["kept"],
      });
      expect(Process.info(watched)).toMatchObject({ monitoredBy: [self()] });
      const sleeping = spawn(() => Process.sleep(Infinity));
      await settled();
      expect(Process.info(sleeping)).toMatchObject({ status: "waiting" });
      Process.exit(child, "normal");
    });
  });
});
