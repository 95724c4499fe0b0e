import { beforeEach, describe, expect, test } from "vitest";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, spawn } from "../../src/process/spawn.ts";
import { stopTimers } from "../../src/process/timers.ts";
import { MoebiError } from "../../src/term/error.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";
import { ended, mailbox } from "../support/processes.ts";

let clock: ManualClock;
let runtime: Runtime;
let log: LogEntry[];
beforeEach(() => {
  clock = new ManualClock();
  log = [];
  runtime = new Runtime({ name: "here@localhost", clock, log: (entry) => void log.push(entry) });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

describe("Process.sleep()", () => {
  test("PROC-061: for longer than 2^32 ms neither wakes early nor fails", async () => {
    await run(async () => {
      const sleeper = spawn(() => Process.sleep(2 ** 32 + 1));
      await settled();
      clock.advance(2 ** 32);
      await settled();
      expect(Process.alive(sleeper)).toBe(true);
      clock.advance(1);
      await settled();
      expect(Process.alive(sleeper)).toBe(false);
    });
  });

  test("leaves no timer behind when its process exits", async () => {
    await run(async () => {
      const sleeper = spawn(() => Process.sleep(1000));
      await settled();
      const end = ended(sleeper);
      Process.exit(sleeper, "kill");
      expect(await end).toBe("killed");
      expect(clock.waiting).toBe(0);
    });
  });

  test.each([-1, Number.NaN, "10"])("refuses %j", async (ms) => {
    // @ts-expect-error -- one is no number
    await run(() => expect(() => Process.sleep(ms)).toThrow(expect.objectContaining({ code: "badarg" })));
  });
});

describe("Process.sendAfter()", () => {
  test("sends what the message was, after the time; it can be read and cancelled", async () => {
    await run(() => {
      const message = [1];
      const ref = Process.sendAfter(self(), message, 100);
      const other = Process.sendAfter(self(), "cancelled", 100);
      message.push(2);
      clock.advance(40);
      expect(Process.readTimer(ref)).toBe(60);
      expect([Process.cancelTimer(other), Process.cancelTimer(other)]).toEqual([60, false]);
      clock.advance(60);
      expect(mailbox()).toEqual([[1]]);
      expect(Process.readTimer(ref)).toBe(false);
    });
  });

  test("to a name nobody holds by then is lost, and its maker's end does not stop it", async () => {
    await run(async () => {
      const me = self();
      await ended(
        spawn(() => {
          Process.sendAfter("nobody", 1, 10);
          Process.sendAfter(me, 2, 10);
        }),
      );
      clock.advance(10);
      expect(await receive()).toBe(2);
    });
  });

  test("of what can't cross is logged, as nobody is there to be told", async () => {
    runtime.router = {
      route: () => {
        throw new MoebiError("not_sendable", "message is a Socket");
      },
      state: () => "up",
      drained: () => undefined,
    };
    await run(() => Process.sendAfter(["name", "there@localhost"], 1, 10));
    clock.advance(10);
    expect(log.map((entry) => entry.message)).toEqual(["A message of a timer was not sent: message is a Socket"]);
  });

  test("refuses Infinity", async () => {
    await run(() =>
      expect(() => Process.sendAfter(self(), 1, Infinity)).toThrow(expect.objectContaining({ code: "badarg" })),
    );
  });
});

describe("stopTimers()", () => {
  test("ends all of a node", async () => {
    await run(() => Process.sendAfter(self(), 1, 10));
    stopTimers(runtime);
    expect(clock.waiting).toBe(0);
  });
});
