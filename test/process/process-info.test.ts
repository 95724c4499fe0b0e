import { describe, expect, test } from "vitest";
import { request } from "../../src/process/call.ts";
import { current } from "../../src/process/context.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnLink } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";

describe("Process.info()", () => {
  test("tells what a process waits for: a message, or the answer of whom it has called", async () => {
    const runtime = new Runtime({ name: "here@localhost" });
    await inProcess(runtime, async () => {
      const server = spawn(() => new Promise(() => undefined));
      const caller = spawn(() => request(current(), server, (from) => ["call", from], Infinity));
      const other = spawn(() => request(current(), server, (from) => ["call", from], 1000));
      await settled();
      Process.monitor(server);
      expect(Process.info(server)?.awaits).toBeNull();
      expect(Process.info(caller)?.awaits).toEqual(["answer", server]);
      expect(Process.info(other)?.awaits).toEqual(["answer", server]);
      const listener = spawn(() => receive());
      await settled();
      expect(Process.info(listener)?.awaits).toEqual(["message"]);
    });
  });

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
        awaits: null,
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
        memory: expect.any(Number) as unknown,
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
      expect(Process.info(sleeping)).toMatchObject({ status: "waiting", awaits: ["other"] });
      Process.exit(child, "normal");
    });
  });
});
