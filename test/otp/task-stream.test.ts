import { beforeEach, describe, expect, test } from "vitest";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { isExit } from "../../src/process/exit.ts";
import type { Pid } from "../../src/term/pid.ts";
import { Task } from "../../src/otp/task.ts";
import { checkStreamOptions, type StreamResult } from "../../src/otp/task-stream.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

let clock: ManualClock;
let runtime: Runtime;
beforeEach(() => {
  clock = new ManualClock();
  runtime = new Runtime({ clock, log: () => undefined });
});

const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);
const mailbox = (): readonly unknown[] => Process.info(self())?.messages ?? [];

async function all(stream: AsyncIterable<StreamResult>): Promise<StreamResult[]> {
  const results: StreamResult[] = [];
  for await (const result of stream) results.push(result);
  return results;
}

/** Waits for a message that `owner` sends; the name of the task it is for stands in `tag`. */
const told = (tag: unknown): Promise<unknown> => receive((m) => m === tag);

describe("Task.asyncStream()", () => {
  test("gives the results in the order of the inputs, no more at once than allowed", async () => {
    await run(async () => {
      let now = 0;
      let most = 0;
      const work = async (n: number): Promise<number> => {
        most = Math.max(most, ++now);
        await Process.yield();
        now--;
        return n * 2;
      };
      expect(await all(Task.asyncStream([1, 2, 3, 4, 5], work, { maxConcurrency: 2 }))).toEqual(
        [2, 4, 6, 8, 10].map((n) => ["ok", n]),
      );
      expect(most).toBe(2);
      expect(mailbox()).toEqual([]);
    });
  });

  test("takes module, function and further arguments, and asynchronous inputs", async () => {
    runtime.modules.define("Job", { sub: (a: number, b: number) => a - b });
    await run(async () => {
      async function* inputs(): AsyncGenerator<number> {
        yield 5;
        await Process.yield();
        yield 6;
      }
      expect(await all(Task.asyncStream(inputs(), "Job", "sub", [1]))).toEqual([
        ["ok", 4],
        ["ok", 5],
      ]);
    });
  });

  test("TASK-017: one that takes too long makes the consumer exit, and leaves no message", async () => {
    await run(async () => {
      const owner = self();
      void settled().then(() => clock.advance(100));
      const stream = Task.asyncStream(
        ["quick", "slow"],
        (name) => (name === "slow" ? (send(owner, self()), receive()) : name),
        { timeout: 100, maxConcurrency: 2 },
      );
      const error: unknown = await all(stream).catch((e: unknown) => e);
      expect(isExit(error) && error.reason).toEqual(["timeout", ["Task", "asyncStream", [100]]]);
      const slow = (await receive()) as Pid;
      expect(Process.alive(slow)).toBe(false);
      expect(mailbox()).toEqual([]);
    });
  });

  test("TASK-018: with killTask an exit pair stands in its place, and the others go on", async () => {
    await run(async () => {
      void settled().then(() => clock.advance(100));
      const stream = Task.asyncStream([10, null, 20], (n) => n ?? receive(), {
        timeout: 100,
        onTimeout: "killTask",
        maxConcurrency: 3,
      });
      expect(await all(stream)).toEqual([
        ["ok", 10],
        ["exit", "timeout"],
        ["ok", 20],
      ]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("TASK-019: unordered, results come as tasks finish", async () => {
    await run(async () => {
      const owner = self();
      const work = async (name: string): Promise<string> => {
        send(owner, [name, self()]);
        await told("go");
        return name;
      };
      const stream = Task.asyncStream(["first", "second"], work, { ordered: false, maxConcurrency: 2 });
      const iterator = stream[Symbol.asyncIterator]();
      const result = iterator.next();
      const pids = new Map((await Promise.all([receive(), receive()])) as [string, Pid][]);
      send(pids.get("second") as Pid, "go");
      expect(await result).toEqual({ done: false, value: ["ok", "second"] });
      send(pids.get("first") as Pid, "go");
      expect(await iterator.next()).toEqual({ done: false, value: ["ok", "first"] });
      expect(await iterator.next()).toMatchObject({ done: true });
    });
  });

  test("TASK-022: failures are paired with their inputs on request", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const work = (n: number): number => (n === 2 ? exit("odd") : n);
      expect(await all(Task.asyncStream([1, 2], work, { zipInputOnExit: true }))).toEqual([
        ["ok", 1],
        ["exit", [2, "odd"]],
      ]);
      expect(await all(Task.asyncStream([2], work))).toEqual([["exit", "odd"]]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("a failure ends a consumer that does not trap exits", async () => {
    await expect(run(() => all(Task.asyncStream([1], () => exit("why"))))).rejects.toBe("why");
  });

  test("what is left running when the consumer stops is killed, also when it is killed itself", async () => {
    await run(async () => {
      const owner = self();
      const work = async (n: number): Promise<number> => {
        if (n === 1) return n;
        send(owner, self());
        await receive();
        return n;
      };
      for await (const result of Task.asyncStream([1, 2], work, { maxConcurrency: 2 })) {
        expect(result).toEqual(["ok", 1]);
        break;
      }
      expect(Process.alive((await receive()) as Pid)).toBe(false);

      const consumer = spawn(async () => {
        for await (const _ of Task.asyncStream([1, 2], work, { maxConcurrency: 2 })) await receive();
      });
      const slow = (await receive()) as Pid;
      expect(Process.alive(slow)).toBe(true);
      Process.exit(consumer, "kill");
      expect(Process.alive(slow)).toBe(false);
    });
  });

  test("an error of the inputs reaches the consumer", async () => {
    await run(async () => {
      function* inputs(): Generator<number> {
        yield 1;
        throw new Error("no more");
      }
      await expect(all(Task.asyncStream(inputs(), () => receive(), { maxConcurrency: 2 }))).rejects.toThrow("no more");
    });
  });

  test("TASK-035: a bad option is named when the stream is made", async () => {
    await run(() => {
      expect(() => Task.asyncStream([], () => 1, { maxConcurrency: 0 })).toThrow("maxConcurrency");
      expect(() => Task.asyncStream([], () => 1, { timeout: -1 })).toThrow("timeout");
      expect(() => Task.asyncStream([], () => 1, { onTimeout: "sulk" as "exit" })).toThrow("onTimeout");
      expect(() => checkStreamOptions({ ordered: 1 as never })).toThrow("ordered");
    });
  });
});
