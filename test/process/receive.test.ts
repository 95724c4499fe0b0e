import { beforeEach, describe, expect, test } from "vitest";
import { Process } from "../../src/process/process-module.ts";
import { receive, take, TIMEOUT } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";
import { ended, mailbox, numbers } from "../support/processes.ts";

let clock: ManualClock;
let runtime: Runtime;
beforeEach(() => {
  clock = new ManualClock();
  runtime = new Runtime({ clock, log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

describe("receive()", () => {
  test("PROC-020: takes the message asked for, and the others keep their order", async () => {
    await run(async () => {
      for (const message of [1, 2, "wanted", 3]) send(self(), message);
      expect(await receive((m) => m === "wanted")).toBe("wanted");
      expect(await receive({ 4: () => "never", _: (m) => m })).toBe(1);
      expect([await receive(), await receive()]).toEqual([2, 3]);
    });
  });

  test("PROC-021, Trap 15: the oldest message wins, not the first clause", async () => {
    await run(async () => {
      send(self(), ["pong", 1]);
      send(self(), ["ping", 2]);
      expect(await receive({ ping: (n: number) => ["ping", n], pong: (n: number) => ["pong", n] })).toEqual([
        "pong",
        1,
      ]);
      expect(mailbox()).toEqual([["ping", 2]]);
    });
  });

  test("PROC-022: its timeout branch runs after that time, and nothing is removed", async () => {
    await run(async () => {
      send(self(), "other");
      let answer: unknown;
      const waiting = receive({ wanted: () => "wanted", after: [100, () => "after"] }).then(
        (value) => (answer = value),
      );
      clock.advance(99);
      await settled();
      expect(answer).toBeUndefined();
      clock.advance(1);
      expect(await waiting).toBe("after");
      expect(mailbox()).toEqual(["other"]);
      const again = receive((m) => m === "wanted", 10);
      clock.advance(10);
      expect(await again).toBe(TIMEOUT);
      expect(mailbox()).toEqual(["other"]);
      expect(clock.waiting).toBe(0);
    });
  });

  test("PROC-023: with a timeout of 0 the whole mailbox is looked at first", async () => {
    await run(async () => {
      for (const n of numbers(5)) send(self(), n);
      expect(await receive((m) => m === 4, 0)).toBe(4);
      expect(await receive((m) => m === 4, 0)).toBe(TIMEOUT);
      expect(await receive({ absent: () => "taken", after: [0, () => "after"] })).toBe("after");
      expect(mailbox()).toEqual([0, 1, 2, 3]);
    });
  });

  test("PROC-024: one sender's messages come in the order they were sent", async () => {
    await run(async () => {
      const me = self();
      spawn(async () => {
        for (const n of numbers(1000)) {
          send(me, n);
          if (n % 7 === 0) await Promise.resolve();
        }
      });
      const got: unknown[] = [];
      while (got.length < 1000) got.push(await receive());
      expect(got).toEqual(numbers(1000));
    });
  });

  test("PROC-066: thousands with one deadline all wake, none early", async () => {
    runtime = new Runtime({ log: () => undefined });
    await run(async () => {
      const started = performance.now();
      const early: number[] = [];
      const pids = numbers(3000).map(() =>
        spawn(async () => {
          await receive(() => false, 50);
          if (performance.now() - started < 50) early.push(performance.now() - started);
        }),
      );
      for (const pid of pids) Process.monitor(pid);
      const reasons = new Set<unknown>();
      for (const _ of pids) reasons.add(((await receive()) as unknown[])[4]);
      expect([...reasons]).toEqual(["normal"]);
      expect(early).toEqual([]);
    });
  });

  test("two at once in one process: each message goes to the first that wants it", async () => {
    await run(async () => {
      const numberWanted = receive((m) => typeof m === "number");
      const any = receive();
      const me = self();
      spawn(() => {
        send(me, "text");
        send(me, 1);
      });
      expect(await Promise.all([numberWanted, any])).toEqual([1, "text"]);
      expect(mailbox()).toEqual([]);
    });
  });

  test("a predicate that throws fails the receive, not the sender", async () => {
    await run(async () => {
      const waiting = receive(() => {
        throw new RangeError("no");
      });
      const me = self();
      spawn(() => send(me, 1));
      await expect(waiting).rejects.toThrow(RangeError);
    });
  });

  test("refuses a bad clause, and fails outside a process", async () => {
    expect(() => receive()).toThrow(expect.objectContaining({ code: "noprocess" }));
    await run(async () => {
      // @ts-expect-error -- not a pair
      await expect(receive({ after: 5 })).rejects.toMatchObject({ code: "badarg" });
    });
  });

  test("is rejected when its process exits", async () => {
    let seen: unknown;
    await run(async () => {
      const pid = spawn(() => receive().catch((error: unknown) => (seen = error)));
      await settled();
      const end = ended(pid);
      Process.exit(pid, "end");
      expect(await end).toBe("end");
      await settled();
    });
    expect(seen).toMatchObject({ code: "dead" });
  });
});

describe("take()", () => {
  test("gives what its caller chose where the time has passed", async () => {
    const process = runtime.spawn(() => receive());
    expect(await take(process, () => true, 0, "otherwise")).toBe("otherwise");
    runtime.stop();
  });
});
