import { beforeEach, describe, expect, test } from "vitest";
import { isExit } from "../../src/process/exit.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { Task } from "../../src/otp/task.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

let clock: ManualClock;
let runtime: Runtime;
let log: LogEntry[];
beforeEach(() => {
  clock = new ManualClock();
  log = [];
  runtime = new Runtime({ clock, log: (entry) => void log.push(entry) });
});

const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);
const linksOf = (pid: Pid): readonly Pid[] => Process.info(pid)?.links ?? [];

async function ended(pid: Pid | null): Promise<unknown> {
  const ref = Process.monitor(pid as Pid);
  const down = await receive<readonly unknown[]>((m) => Array.isArray(m) && m[0] === "DOWN" && m[1] === ref);
  return down[4];
}

async function exitOf(body: () => Promise<unknown>): Promise<unknown> {
  const thrown: unknown = await body().then(
    () => expect.fail("no exit"),
    (error: unknown) => error,
  );
  return isExit(thrown) ? thrown.reason : expect.fail(String(thrown));
}

describe("a task supervisor", () => {
  test("ends its tasks with it: shutdown, and kill when their time is up", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.start();
      const owner = self();
      const polite = await Task.Supervisor.asyncNolink(sup, () => receive());
      const stubborn = async (): Promise<never> => {
        Process.flag("trapExit", true);
        send(owner, "ready");
        for (;;) await receive();
      };
      const kept = await Task.Supervisor.asyncNolink(sup, stubborn, { shutdown: 50 });
      await receive((m) => m === "ready");
      void settled().then(() => clock.advance(50));
      expect(await Task.Supervisor.stop(sup)).toBe("ok");
      expect(await Task.yield(polite)).toEqual(["exit", "shutdown"]);
      expect(await Task.yield(kept)).toEqual(["exit", "killed"]);
      expect(await exitOf(() => Task.Supervisor.stop(sup))).toEqual([
        "noproc",
        ["Task.Supervisor", "stop", [sup, "normal", Infinity]],
      ]);
    });
  });

  test("ends with its parent when it was started linked, and not otherwise", async () => {
    const [linked, free] = await run(
      async () => [await Task.Supervisor.startLink(), await Task.Supervisor.start()] as const,
    );
    await run(async () => {
      await ended(linked);
      expect(Process.alive(free)).toBe(true);
    });
  });

  test("refuses a name that is taken, naming its holder", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink({ name: "Tasks" });
      await expect(Task.Supervisor.startLink({ name: "Tasks" })).rejects.toMatchObject({
        code: "already_started",
        reason: ["already_started", sup],
      });
      await expect(Task.Supervisor.startLink({ name: "" })).rejects.toThrow("registered");
      expect(linksOf(self())).toEqual([sup]);
    });
  });

  test("outlives requests and messages that mean nothing to it", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink();
      send(sup, "hello");
      const alias = Process.alias();
      for (const request of [
        ["start_task", [["n@h", 1, 2], "monitor"], "temporary", null],
        "nonsense",
        ["start_task", 1, "often", null],
      ]) {
        send(sup, ["$gen_call", [self(), alias], request]);
        expect(await receive()).toEqual([alias, ["error", ["bad_call", request]]]);
      }
      expect(await Task.Supervisor.children(sup)).toEqual([]);
      expect(log.length).toBe(4);
    });
  });

  test("is a supervisor among children", () => {
    expect(Task.Supervisor.childSpec({ name: "Tasks" })).toEqual({
      id: "Tasks",
      start: [Task.Supervisor, "startLink", [{ name: "Tasks" }]],
      restart: "permanent",
      type: "supervisor",
    });
  });
});
