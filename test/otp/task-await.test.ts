import { beforeEach, describe, expect, test } from "vitest";
import { exit, isExit } from "../../src/process/exit.ts";
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
const forever = (): Promise<unknown> => receive();
const mailbox = (): readonly unknown[] => Process.info(self())?.messages ?? [];

/** Waits until a process has ended, without a trace in the mailbox. */
async function ended(pid: Pid | null): Promise<unknown> {
  if (pid === null) return undefined;
  const ref = Process.monitor(pid);
  const down = await receive<readonly unknown[]>((m) => Array.isArray(m) && m[0] === "DOWN" && m[1] === ref);
  return down[4];
}

/** The reason that `body` exits with. */
async function exitOf(body: () => Promise<unknown>): Promise<unknown> {
  try {
    await body();
  } catch (thrown) {
    if (isExit(thrown)) return thrown.reason;
    throw thrown;
  }
  return expect.fail("no exit");
}

/** Lets `ms` pass once the process that calls waits for it. */
function later(ms: number): void {
  void settled().then(() => clock.advance(ms));
}

describe("Task.yield(), shutdown(), ignore()", () => {
  test("TASK-009: yield gives null when its time is up, and the value later", async () => {
    await run(async () => {
      const task = Task.async(() => receive());
      later(10);
      expect(await Task.yield(task, 10)).toBeNull();
      send(task.pid as Pid, "done");
      expect(await Task.yield(task)).toEqual(["ok", "done"]);
    });
  });

  test("TASK-010: yield gives an exit pair for a task that died", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      expect(await Task.yield(Task.async(() => exit("why")))).toEqual(["exit", "why"]);
      expect(await Task.yield(Task.async(() => exit("normal")))).toEqual(["exit", "normal"]);
    });
  });

  test("TASK-012: shutdown gives the answer of a task that has answered", async () => {
    await run(async () => {
      const task = Task.async(() => "value");
      await ended(task.pid);
      expect(await Task.shutdown(task)).toEqual(["ok", "value"]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("shutdown ends a task that waits, kills one that won't, and leaves no message", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const task = Task.async(forever);
      expect(await Task.shutdown(task)).toBeNull();
      expect(await Task.shutdown(Task.async(forever), "brutalKill")).toBeNull();
      const ready = self();
      const stubborn = Task.async(async () => {
        Process.flag("trapExit", true);
        send(ready, "ready");
        for (;;) await receive();
      });
      await receive((m) => m === "ready");
      later(100);
      expect(await Task.shutdown(stubborn, 100)).toEqual(["exit", "killed"]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("shutdown gives the reason of a task that failed before", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const task = Task.async(() => exit("why"));
      await receive((m) => Array.isArray(m) && m[0] === "EXIT");
      expect(await Task.shutdown(task)).toEqual(["exit", "why"]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("TASK-026: an ignored task's answer or failure never shows, and it is not stopped", async () => {
    await run(async () => {
      const answering = Task.async(() => receive());
      const failing = Task.async(async () => exit(await receive()));
      expect(await Task.ignore(answering)).toBeNull();
      expect(await Task.ignore(failing)).toBeNull();
      send(answering.pid as Pid, "value");
      send(failing.pid as Pid, "why");
      expect(await ended(failing.pid)).not.toBe("killed");
      await ended(answering.pid);
      expect(mailbox()).toEqual([]);
      const done = Task.async(() => "early");
      await ended(done.pid);
      expect(await Task.ignore(done)).toEqual(["ok", "early"]);
    });
  });

  test("TASK-033: a completed task gives its value at once", async () => {
    await run(async () => {
      const task = Task.completed({ n: 1 });
      expect(task.pid).toBeNull();
      expect(await Task.await(task)).toEqual({ n: 1 });
      expect(await Task.yield(Task.completed(2), 0)).toEqual(["ok", 2]);
      expect(await Task.ignore(Task.completed(3))).toEqual(["ok", 3]);
      await expect(Task.shutdown(task)).rejects.toThrow("does not have a process");
    });
  });
});

describe("Task.awaitMany() and Task.yieldMany()", () => {
  test("gives the values in the order of the tasks", async () => {
    await run(async () => {
      const slow = Task.async(() => receive());
      const quick = Task.async(() => "quick");
      await ended(quick.pid);
      send(slow.pid as Pid, "slow");
      expect(await Task.awaitMany([slow, quick])).toEqual(["slow", "quick"]);
      expect(mailbox()).toEqual([]);
      expect(await Task.awaitMany([])).toEqual([]);
    });
  });

  test("exits with the first failure, or with timeout, and lets go of the others", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const tasks = [Task.async(() => receive()), Task.async(() => exit("bad"))];
      expect(await exitOf(() => Task.awaitMany(tasks))).toEqual(["bad", ["Task", "awaitMany", [tasks, 5000]]]);
      send(tasks[0]?.pid as Pid, "late");
      await ended(tasks[0]?.pid as Pid);
      later(30);
      const slow = [Task.async(() => receive())];
      expect(await exitOf(() => Task.awaitMany(slow, 30))).toEqual(["timeout", ["Task", "awaitMany", [slow, 30]]]);
      expect(mailbox().every((m) => (m as unknown[])[0] === "EXIT")).toBe(true);
    });
  });

  test("TASK-024: yieldMany tells who has finished; the others go on, are killed, or are let go", async () => {
    for (const onTimeout of ["nothing", "killTask", "ignore"] as const) {
      await run(async () => {
        const quick = Task.async(() => "quick");
        const slow = Task.async(() => receive());
        later(10);
        expect(await Task.yieldMany([quick, slow], { timeout: 10, onTimeout })).toEqual([
          [quick, ["ok", "quick"]],
          [slow, null],
        ]);
        expect(Process.alive(slow.pid as Pid)).toBe(onTimeout !== "killTask");
        send(slow.pid as Pid, "late");
        await ended(slow.pid);
        expect(mailbox()[0]).toEqual(onTimeout === "nothing" ? [slow.ref, "late"] : undefined);
      });
    }
  });

  test("TASK-025: yieldMany with a limit does not wait for the rest", async () => {
    await run(async () => {
      const slow = Task.async(forever);
      const quick = Task.async(() => "quick");
      expect(await Task.yieldMany([slow, quick], { limit: 1 })).toEqual([
        [slow, null],
        [quick, ["ok", "quick"]],
      ]);
    });
  });

  test("yieldMany refuses a bad option", async () => {
    await run(async () => {
      await expect(Task.yieldMany([], { onTimeout: "never" as "nothing" })).rejects.toThrow("onTimeout");
      await expect(Task.yieldMany([], { limit: -1 })).rejects.toThrow("limit");
    });
  });
});
