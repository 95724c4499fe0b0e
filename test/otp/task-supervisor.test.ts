import { beforeEach, describe, expect, test } from "vitest";
import { exit, isExit } from "../../src/process/exit.ts";
import { formatThrown } from "../../src/process/format-exit.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { hasCode } from "../../src/term/error.ts";
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
const mailbox = (): readonly unknown[] => Process.info(self())?.messages ?? [];
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

describe("Task.Supervisor.async()", () => {
  test("TASKSUP-001: the task is the supervisor's child, linked to the caller, and gives its value", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink({ name: "Tasks" });
      const task = await Task.Supervisor.async("Tasks", () => receive());
      expect(await Task.Supervisor.children(sup)).toEqual([task.pid]);
      expect(new Set(linksOf(task.pid as Pid))).toEqual(new Set([sup, self()]));
      send(task.pid as Pid, "value");
      expect(await Task.await(task)).toBe("value");
      await ended(task.pid);
      expect(await Task.Supervisor.children(sup)).toEqual([]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("is awaited as it is typed at the prompt, on [name, node] too", async () => {
    runtime.modules.define("Job", { add: (a: number, b: number) => a + b });
    await run(async () => {
      await Task.Supervisor.startLink({ name: "Tasks" });
      expect(await Task.await(Task.Supervisor.async(["Tasks", runtime.name], "Job", "add", [1, 2]))).toBe(3);
    });
  });

  test("the task prints at its supervisor's leader, and knows its callers", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink();
      const other = spawn(() => receive());
      Process.groupLeader(sup, other);
      const task = await Task.Supervisor.async(sup, () => [Process.groupLeader(), Process.get("$callers")]);
      expect(await Task.await(task)).toEqual([other, [self()]]);
    });
  });

  test("TASKSUP-002: without a link a crash leaves the caller alive; yield gives a pair, await exits", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink();
      expect(await Task.yield(Task.Supervisor.asyncNolink(sup, () => exit("why")))).toEqual(["exit", "why"]);
      const task = await Task.Supervisor.asyncNolink(sup, () => exit("again"));
      expect(await exitOf(() => Task.await(task))).toEqual(["again", ["Task", "await", [task, 5000]]]);
      expect(linksOf(self())).toEqual([sup]);
    });
  });

  test("a crash of a linked one ends the caller, and not the supervisor", async () => {
    const sup = await run(() => Task.Supervisor.start());
    await expect(run(async () => Task.await(Task.Supervisor.async(sup, () => exit("why"))))).rejects.toBe("why");
    expect(await run(() => Task.Supervisor.children(sup))).toEqual([]);
  });

  test("TASKSUP-006: an absent node makes the caller exit, said as no connection", async () => {
    const Chat = { receiveMessage: (text: string) => text };
    runtime.modules.define("Chat", Chat);
    await run(async () => {
      const sup = ["Chat.TaskSupervisor", "nobody@localhost"] as const;
      const error: unknown = await Task.Supervisor.async(sup, Chat, "receiveMessage", ["hi"]).catch((e: unknown) => e);
      expect(isExit(error) && error.reason).toEqual([
        ["nodedown", "nobody@localhost"],
        ["Task.Supervisor", "async", [sup, Chat, "receiveMessage", ["hi"]]],
      ]);
      expect(formatThrown(error)).toBe(
        '** (exit) exited in: Task.Supervisor.async(["Chat.TaskSupervisor", "nobody@localhost"], Chat, "receiveMessage", ["hi"])\n' +
          "    ** (EXIT) no connection to nobody@localhost",
      );
    });
  });

  test("TASKSUP-007: no such supervisor on the node makes the caller exit with noproc", async () => {
    await run(async () => {
      const fn = (): number => 1;
      expect(await exitOf(() => Task.Supervisor.async("Nobody", fn))).toEqual([
        "noproc",
        ["Task.Supervisor", "async", ["Nobody", fn]],
      ]);
      expect(await exitOf(() => Task.Supervisor.children(["Nobody", runtime.name]))).toMatchObject([
        "noproc",
        ["Task.Supervisor", "children", [["Nobody", runtime.name]]],
      ]);
    });
  });

  test("TASKSUP-010: after an await that timed out, an unlinked task is still among the children", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink();
      const task = await Task.Supervisor.asyncNolink(sup, () => receive());
      void settled().then(() => clock.advance(200));
      expect(await exitOf(() => Task.await(task, 200))).toEqual(["timeout", ["Task", "await", [task, 200]]]);
      expect(await Task.Supervisor.children(sup)).toEqual([task.pid]);
    });
  });

  test("a task whose owner ends before it was told what to run ends too", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink();
      const owner = spawn(() => Task.Supervisor.asyncNolink(sup, () => receive()));
      Process.monitor(owner);
      await receive();
      const [child] = await Task.Supervisor.children(sup);
      // Told in time: it outlives its owner, as it is not linked.
      expect(child === undefined || Process.alive(child)).toBe(true);
      send(sup, [
        "$gen_call",
        [self(), Process.alias()],
        ["start_task", [[runtime.name, owner, owner], "monitor"], "temporary", null],
      ]);
      const untold = (await receive()) as [unknown, ["ok", Pid]];
      expect(await ended(untold[1][1])).toBeOneOf([["shutdown", "noproc"], "noproc"]);
    });
  });
});

describe("Task.Supervisor.startChild()", () => {
  test("TASKSUP-013: a permanent child is run again, a transient one after a failure only", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink({ maxRestarts: 100 });
      const owner = self();
      const mark = async (): Promise<void> => {
        send(owner, self());
        const why = await receive();
        if (why !== "return") exit(why);
      };
      await Task.Supervisor.startChild(sup, mark, { restart: "permanent" });
      const first = (await receive()) as Pid;
      send(first, "return");
      const second = (await receive()) as Pid;
      expect(second).not.toBe(first);
      expect(await Task.Supervisor.children(sup)).toEqual([second]);
      expect(await Task.Supervisor.terminateChild(sup, second)).toBe("ok");

      await Task.Supervisor.startChild(sup, mark, { restart: "transient" });
      send((await receive()) as Pid, "bad");
      const third = (await receive()) as Pid;
      send(third, "return");
      await ended(third);
      expect(await Task.Supervisor.children(sup)).toEqual([]);
    });
  });

  test("more restarts than allowed end the supervisor with shutdown", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.start();
      await Task.Supervisor.startChild(sup, () => exit("bad"), { restart: "permanent" });
      expect(await ended(sup)).toBe("shutdown");
      expect(log.filter((entry) => entry.message.startsWith("Task #PID"))).toHaveLength(4);
    });
  });

  test("TASKSUP-014: a child is terminated once; then it is not found", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink();
      const pid = await Task.Supervisor.startChild(sup, () => receive());
      expect(await Task.Supervisor.terminateChild(sup, pid)).toBe("ok");
      expect(Process.alive(pid)).toBe(false);
      const error: unknown = await Task.Supervisor.terminateChild(sup, pid).catch((e: unknown) => e);
      expect(hasCode(error, "not_found")).toBe(true);
    });
  });

  test("is refused beyond maxChildren, and for a bad option", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink({ maxChildren: 1 });
      await Task.Supervisor.startChild(sup, () => receive());
      for (const full of [Task.Supervisor.startChild(sup, () => 1), Task.Supervisor.async(sup, () => 1)]) {
        expect(hasCode(await full.catch((e: unknown) => e), "max_children")).toBe(true);
      }
      await expect(Task.Supervisor.startChild(sup, () => 1, { restart: "often" as "permanent" })).rejects.toThrow(
        "restart",
      );
      await expect(Task.Supervisor.startLink({ maxChildren: -1 })).rejects.toThrow("maxChildren");
    });
  });
});

describe("Task.Supervisor.asyncStreamNolink()", () => {
  test("TASKSUP-016: tasks that exit are exit pairs, and the consumer lives", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink();
      const results: unknown[] = [];
      for await (const result of Task.Supervisor.asyncStreamNolink(sup, [1, 2, 3], (n) => (n === 2 ? exit("odd") : n)))
        results.push(result);
      expect(results).toEqual([
        ["ok", 1],
        ["exit", "odd"],
        ["ok", 3],
      ]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("TASKSUP-017: at the maximum of children an error is thrown, and what was started is cleaned up", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink({ maxChildren: 1 });
      const stream = Task.Supervisor.asyncStream(sup, [1, 2], () => receive(), { maxConcurrency: 2 });
      const error: unknown = await stream[Symbol.asyncIterator]()
        .next()
        .catch((e: unknown) => e);
      expect(hasCode(error, "max_children")).toBe(true);
      expect(linksOf(self())).toEqual([sup]);
      expect(await Task.Supervisor.children(sup)).toEqual([]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("a consumer that is killed takes its unlinked tasks along", async () => {
    await run(async () => {
      const sup = await Task.Supervisor.startLink();
      const owner = self();
      const consumer = spawn(async () => {
        const stream = Task.Supervisor.asyncStreamNolink(sup, [1], () => (send(owner, self()), receive()));
        for await (const _ of stream) await receive();
      });
      const task = (await receive()) as Pid;
      Process.exit(consumer, "kill");
      expect(await ended(task)).toBeOneOf(["killed", "noproc"]);
    });
  });
});
