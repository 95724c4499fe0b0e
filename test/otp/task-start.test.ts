import { beforeEach, describe, expect, test } from "vitest";
import { Task } from "../../src/otp/task.ts";
import { startedPid } from "../../src/otp/task-start.ts";
import { isExit } from "../../src/process/exit.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { connectionLost, type ProcessSignal, receiveSignal } from "../../src/process/signals.ts";
import { self } from "../../src/process/spawn.ts";
import { MoebiError } from "../../src/term/error.ts";
import { pidOf } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";

let alex: Runtime;
let kate: Runtime;
let log: LogEntry[];

/** Two nodes whose signals take a turn to arrive. `refuse` is what can't be sent. */
function connect(from: Runtime, to: Runtime, refuse: (signal: ProcessSignal) => boolean = () => false): void {
  from.router = {
    state: () => "up",
    drained: () => undefined,
    route: (_, signal) => {
      if (refuse(signal as ProcessSignal))
        throw new MoebiError("not_sendable", "x, captured by the function, can't be sent");
      setImmediate(() => receiveSignal(to, signal as ProcessSignal, (answer) => to.router?.route(from.name, answer)));
    },
  };
}

beforeEach(() => {
  log = [];
  alex = new Runtime({ name: "alex@localhost", log: () => undefined });
  kate = new Runtime({ name: "kate@localhost", log: (entry) => void log.push(entry) });
  connect(alex, kate);
  connect(kate, alex);
  kate.modules.define("Job", {
    where: () => Process.groupLeader().node,
    wait: () => receive(),
    boom: () => {
      throw new Error("boom");
    },
  });
  const started = inProcess(kate, () => Task.Supervisor.start({ name: "Tasks" }));
  return started.then(() => undefined);
});

const tasks = ["Tasks", "kate@localhost"] as const;

describe("a task under a supervisor of another node", () => {
  test("TASKSUP-003: runs there, with the supervisor's leader, and its value comes back", async () => {
    await inProcess(alex, async () => {
      const task = await Task.Supervisor.async(tasks, "Job", "where", []);
      expect(task.pid?.node).toBe("kate@localhost");
      expect(await Task.await(task)).toBe("kate@localhost");
      expect(Process.info(task.owner)).toMatchObject({ messages: [], monitors: [] });
    });
  });

  test("its failure is logged there, and reaches who awaits it without a link", async () => {
    await inProcess(alex, async () => {
      expect(await Task.yield(Task.Supervisor.asyncNolink(tasks, "Job", "boom", []))).toMatchObject([
        "exit",
        { message: "boom" },
      ]);
    });
    expect(log.map((entry) => entry.message.split("\n")[1])).toEqual(["** (Error) boom"]);
  });

  test("ends with its owner if linked", async () => {
    const pid = await inProcess(alex, async () => (await Task.Supervisor.async(tasks, "Job", "wait", [])).pid);
    await inProcess(kate, async () => {
      // The owner has ended normally, which harms nobody; its next one is killed.
      expect(await Task.Supervisor.children("Tasks")).toEqual([pid]);
    });
    await expect(
      inProcess(alex, async () => {
        await Task.Supervisor.async(tasks, "Job", "wait", []);
        throw new Error("owner");
      }),
    ).rejects.toThrow("owner");
    await settled();
    expect(await inProcess(kate, () => Task.Supervisor.children("Tasks"))).toEqual([pid]);
  });

  test("TASK-013: the loss of its node makes await exit, naming the node", async () => {
    await inProcess(alex, async () => {
      Process.flag("trapExit", true);
      const task = await Task.Supervisor.async(tasks, "Job", "wait", []);
      setImmediate(() => connectionLost(alex, "kate@localhost"));
      const error: unknown = await Task.await(task).catch((e: unknown) => e);
      expect(isExit(error) && error.reason).toEqual([
        ["nodedown", "kate@localhost"],
        ["Task", "await", [task, 5000]],
      ]);
    });
  });

  test("what can't be sent is told here, and nothing waits for it there", async () => {
    connect(alex, kate, (signal) => signal.op === "send" && signal.to.node === "kate@localhost");
    await inProcess(alex, async () => {
      await expect(Task.Supervisor.async(tasks, () => 1)).rejects.toMatchObject({ code: "not_sendable" });
      expect(Process.info(self())).toMatchObject({ messages: [], monitors: [] });
    });
    await settled();
    expect(await inProcess(kate, () => Task.Supervisor.children("Tasks"))).toEqual([]);
  });

  test("a value that can't cross is the task's failure", async () => {
    connect(
      kate,
      alex,
      (signal) => signal.op === "sendAlias" && Array.isArray(signal.message) && typeof signal.message[1] === "function",
    );
    kate.modules.define("Job", { bad: () => () => 1 });
    await inProcess(alex, async () => {
      expect(await Task.yield(Task.Supervisor.asyncNolink(tasks, "Job", "bad", []))).toMatchObject([
        "exit",
        { code: "not_sendable" },
      ]);
    });
    expect(log[0]?.message).toContain("Function: Job.bad/0");
  });
});

describe("startedPid()", () => {
  test("takes a supervisor's answer apart", () => {
    const pid = pidOf("alex@localhost", 7, 0, 1);
    expect(startedPid(["ok", pid])).toBe(pid);
    expect(() => startedPid(["error", "max_children"])).toThrow("maxChildren");
    expect(() => startedPid("ok")).toThrow("not a task supervisor");
  });
});
