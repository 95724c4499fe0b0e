import { beforeEach, describe, expect, test } from "vitest";
import { exit, isExit } from "../../src/process/exit.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnMonitor } from "../../src/process/spawn.ts";
import { inspect } from "../../src/term/inspect.ts";
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
const linksOf = (pid: Pid): readonly Pid[] => Process.info(pid)?.links ?? [];

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

describe("Task.async() and Task.await()", () => {
  test("TASK-001: gives the value; the caller is linked and monitors meanwhile", async () => {
    await run(async () => {
      const task = Task.async(async () => {
        await receive();
        return 42;
      });
      expect(linksOf(self())).toEqual([task.pid]);
      expect(Process.info(self())?.monitors).toEqual([task.pid]);
      send(task.pid as Pid, "go");
      expect(await Task.await(task)).toBe(42);
      await ended(task.pid);
      expect(mailbox()).toEqual([]);
      expect(linksOf(self())).toEqual([]);
    });
  });

  test("runs module, function and arguments, the module being the node's at that time", async () => {
    const Job = { add: (a: number, b: number) => a + b };
    runtime.modules.define("Job", Job);
    expect(await run(() => Task.await(Task.async(Job, "add", [1, 2])))).toBe(3);
    expect(await run(() => Task.await(Task.async("Job", "add", [3, 4])))).toBe(7);
  });

  test("TASK-002: without await, the value comes under the reference, then the DOWN", async () => {
    await run(async () => {
      const task = Task.async(() => "value");
      expect(await receive()).toEqual([task.ref, "value"]);
      expect(await receive()).toEqual(["DOWN", task.ref, "process", task.pid, "normal"]);
    });
  });

  test("TASK-003, Trap 9: a crash ends the caller with the same reason, awaiting or not", async () => {
    const boom = new Error("boom");
    const crash = (): never => {
      throw boom;
    };
    await expect(run(() => (Task.async(crash), forever()))).rejects.toThrow("boom");
    await expect(run(() => Task.await(Task.async(crash)))).rejects.toThrow("boom");
    await expect(run(() => Task.await(Task.async(() => exit("why"))))).rejects.toBe("why");
  });

  test("TASK-007: a task that exits normally makes await exit so", async () => {
    await run(async () => {
      const task = Task.async(() => exit("normal"));
      expect(await exitOf(() => Task.await(task))).toEqual(["normal", ["Task", "await", [task, 5000]]]);
    });
  });

  test("TASK-008: names owner and caller to who is not the owner", async () => {
    await run(async () => {
      const task = Task.async(forever);
      const owner = self();
      const [pid, ref] = spawnMonitor(async () => {
        for (const ask of [Task.await, Task.yield, Task.shutdown, Task.ignore] as ((
          t: unknown,
        ) => Promise<unknown>)[]) {
          const error = (await ask(task).catch((e: unknown) => e)) as Error;
          send(owner, [
            "refused",
            error.name,
            error.message.includes(`${inspect(owner)} }`),
            error.message.endsWith(inspect(self())),
          ]);
        }
      });
      for (let i = 0; i < 4; i++) expect(await receive()).toEqual(["refused", "ArgumentError", true, true]);
      expect(await receive()).toEqual(["DOWN", ref, "process", pid, "normal"]);
    });
  });

  test("Trap 8: exits with timeout; the task runs on, and its late answer never shows", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const task = Task.async(async () => {
        await receive();
        return "late";
      });
      later(20);
      expect(await exitOf(() => Task.await(task, 20))).toEqual(["timeout", ["Task", "await", [task, 20]]]);
      expect(Process.alive(task.pid as Pid)).toBe(true);
      expect(linksOf(self())).toEqual([task.pid]);
      send(task.pid as Pid, "go");
      expect(await receive()).toEqual(["EXIT", task.pid, "normal"]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("takes the promise of a task too", async () => {
    expect(await run(() => Task.await(Promise.resolve(run2())))).toBe("value");
    function run2(): Task<string> {
      return Task.completed("value");
    }
  });

  test("copies the value, so that nothing is shared", async () => {
    await run(async () => {
      const kept = { n: 1 };
      const value = await Task.await(Task.async(() => kept));
      expect(value).toEqual({ n: 1 });
      expect(value).not.toBe(kept);
    });
  });

  test("prints and is sent as a task", async () => {
    await run(async () => {
      const task = Task.async(forever);
      expect(inspect(task)).toBe(
        `Task{ pid: ${inspect(task.pid)}, ref: ${inspect(task.ref)}, owner: ${inspect(self())} }`,
      );
      send(self(), task);
      const sent = (await receive()) as Task;
      expect(sent).toEqual(task);
      expect(await Task.shutdown(sent)).toBeNull();
    });
  });

  test("logs a failure as a task's, once, and a quiet end not at all", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      runtime.modules.define("Job", {
        boom: () => {
          throw new TypeError("boom");
        },
      });
      const task = Task.async("Job", "boom", []);
      await ended(task.pid);
      await ended(Task.async(() => exit("shutdown")).pid);
      await ended(Task.async(() => exit("why")).pid);
      const [first, second, ...more] = log.map((entry) => entry.message);
      expect(first).toMatch(
        new RegExp(
          `^Task ${inspect(task.pid)} started from ${inspect(self())} terminating\n\\*\\* \\(TypeError\\) boom\n`,
        ),
      );
      expect(first).toMatch(/\nFunction: Job\.boom\/0\n {4}Args: \[\]$/);
      expect(second).toContain('** (stop) "why"');
      expect(more).toEqual([]);
    });
  });

  test("TASK-023: a task in a task sees its callers, nearest first, across awaits", async () => {
    await run(async () => {
      const callers = await Task.await(
        Task.async(async () => {
          const inner = await Task.await(
            Task.async(async () => {
              await Process.yield();
              return Process.get("$callers");
            }),
          );
          return [self(), inner];
        }),
      );
      const [outer] = callers as [Pid, unknown];
      expect(callers).toEqual([outer, [outer, self()]]);
    });
  });
});

describe("Task.start(), startLink() and childSpec()", () => {
  test("TASK-030: who starts one linked gets its exit; unlinked it harms nobody", async () => {
    await expect(run(() => (Task.startLink(() => exit("why")), forever()))).rejects.toBe("why");
    await run(async () => {
      const pid = Task.start(() => {
        throw new Error("boom");
      });
      expect(linksOf(self())).toEqual([]);
      expect(await ended(pid)).toMatchObject({ message: "boom" });
    });
    expect(log.filter((entry) => entry.message.includes("boom"))).toHaveLength(1);
  });

  test("TASK-031: a child is temporary, unless told", () => {
    const work = (): void => undefined;
    expect(Task.childSpec(work)).toEqual({ id: "Task", start: [Task, "startLink", [work]], restart: "temporary" });
    expect(Task.childSpec(["Job", "run", [1]], { id: "job", restart: "transient", shutdown: 10 })).toEqual({
      id: "job",
      start: [Task, "startLink", ["Job", "run", [1]]],
      restart: "transient",
      shutdown: 10,
    });
  });

  test("refuses what is no function, outside a process too", async () => {
    expect(() => Task.async(() => 1)).toThrow("needs a process");
    await run(() => {
      expect(() => Task.async(5 as never)).toThrow("Give a function");
      expect(() => Task.start({ f: () => 1 }, "f")).toThrow("not a module");
      spawn(() => undefined);
    });
  });
});
