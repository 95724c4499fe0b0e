import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { receive } from "../../src/process/receive.ts";
import { newCreation, Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { pidOf } from "../../src/term/pid.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";

describe("Runtime", () => {
  test("finds its living by any pid of theirs, of this life only", () => {
    const runtime = new Runtime({ name: "here@localhost", creation: 3 });
    const process = runtime.spawn(() => receive());
    const { id, serial } = process.pid;
    expect(runtime.find(pidOf("here@localhost", id, serial, 3))).toBe(process);
    expect(runtime.find(pidOf("here@localhost", id, serial, 2))).toBeUndefined();
    expect(runtime.find(pidOf("there@localhost", id, serial, 3))).toBeUndefined();
    expect(runtime.find(pidOf("here@localhost", id, serial + 1, 3))).toBeUndefined();
    runtime.stop();
  });

  test("startNow() has processes take their first step at once; of one that was stopped in it the process ends, and others begin", async () => {
    const runtime = new Runtime();
    const order: string[] = [];
    runtime.spawn(() => order.push("first"));
    const endless = runtime.spawn(() => {
      for (;;);
    });
    const last = runtime.spawn(() => {
      order.push("last");
      return receive();
    });
    const stopped = (): unknown => runInNewContext("run()", { run: () => runtime.startNow() }, { timeout: 20 });
    expect(stopped).toThrow("timed out");
    expect(order).toEqual(["first"]);
    expect(runtime.abandonStep("timeout")).toBe(true);
    expect([endless.alive, endless.exitReason]).toEqual([false, "timeout"]);
    await settled();
    expect(order).toEqual(["first", "last"]);
    expect(last.alive).toBe(true);
    // Nothing was stopped since.
    runtime.startNow();
    expect(runtime.abandonStep("timeout")).toBe(false);
    runtime.stop();
  });

  test("a process takes its first step after the caller has come to its next await", async () => {
    const runtime = new Runtime();
    const order: string[] = [];
    runtime.spawn(() => order.push("child"));
    order.push("caller");
    await settled();
    expect(order).toEqual(["caller", "child"]);
  });

  test("two that keep each other busy leave timers and sockets their turn", async () => {
    await inProcess(new Runtime(), async () => {
      let turn = false;
      setImmediate(() => (turn = true));
      const me = self();
      const other = spawn(async () => {
        for (;;) send(me, await receive());
      });
      let rounds = 0;
      // eslint-disable-next-line no-unmodified-loop-condition -- a timer ends it
      for (; !turn && rounds < 1_000_000; rounds++) {
        send(other, "ball");
        await receive();
      }
      expect(rounds).toBeLessThan(1_000_000);
    });
  });

  test("reports an uncaught error once, and no exit", async () => {
    const reports: unknown[] = [];
    const runtime = new Runtime({ onCrash: (_, reason) => reports.push(reason) });
    const error = new Error("crash");
    runtime.spawn(() => Promise.reject(error));
    runtime.spawn(() => undefined);
    await settled();
    expect(reports).toEqual([error]);
  });

  test("pids wrap and skip the living", async () => {
    const runtime = new Runtime();
    const living = runtime.spawn(() => receive());
    (runtime as unknown as { nextId: number }).nextId = 0x1_0000_0000;
    const next = runtime.makePid();
    expect([next.id, next.serial]).toEqual([living.pid.id + 1, 1]);
    runtime.stop();
  });

  test("stop ends every process, with shutdown", () => {
    const runtime = new Runtime();
    const processes = [runtime.spawn(() => receive()), runtime.spawn(() => receive())];
    runtime.stop();
    expect(processes.map((process) => [process.alive, process.exitReason])).toEqual([
      [false, "shutdown"],
      [false, "shutdown"],
    ]);
    expect(runtime.processes.size).toBe(0);
  });

  test("Trap 20: sendLocal copies; the dead get nothing", async () => {
    const runtime = new Runtime();
    const process = runtime.spawn(() => receive(() => false));
    const message = [{}];
    runtime.sendLocal(process, message);
    expect((process.mailbox.toArray()[0] as unknown[])[0]).not.toBe(message[0]);
    runtime.stop();
    runtime.sendLocal(process, message);
    expect(process.mailbox.length).toBe(0);
  });

  test("a pid in a message is the process' own", async () => {
    await inProcess(new Runtime(), async () => {
      send(self(), { pid: self() });
      expect(((await receive()) as { pid: Pid }).pid).toBe(self());
    });
  });
});

describe("newCreation()", () => {
  test("is a 32-bit number, never zero", () => {
    for (let i = 0; i < 100; i++) {
      const creation = newCreation();
      expect(creation > 0 && creation < 2 ** 32 && Number.isInteger(creation)).toBe(true);
    }
  });
});
