import { beforeEach, describe, expect, test } from "vitest";
import { startProcess, type Life, type StartOptions } from "../../src/otp/start.ts";
import { current } from "../../src/process/context.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, spawn } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

let clock: ManualClock;
let runtime: Runtime;
let log: string[];
beforeEach(() => {
  clock = new ManualClock();
  log = [];
  runtime = new Runtime({ clock, log: ({ message }) => void log.push(message) });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);
const live: Life = () => receive();

function start(
  init: () => Life | "ignore" | Promise<Life | "ignore">,
  options: Partial<StartOptions> = {},
): Promise<Pid | "ignore"> {
  return startProcess(current(), init, { link: false, initialCall: "Test.init/1", ...options });
}

describe("startProcess()", () => {
  test("gives the pid once init has succeeded, named and linked before it begins", async () => {
    await run(async () => {
      const seen: unknown[] = [];
      const pid = await start(
        async () => {
          seen.push(Process.whereis("Main"), Process.info(self())?.links);
          await Process.yield();
          seen.push("ready");
          return live;
        },
        { link: true, name: "Main" },
      );
      seen.push("started");
      expect(seen).toEqual([pid, [self()], "ready", "started"]);
      expect(Process.info(pid as Pid)).toMatchObject({ initialCall: "Test.init/1", monitoredBy: [], parent: self() });
      expect(Process.info(self())).toMatchObject({ links: [pid], monitors: [], messages: [] });
    });
  });

  test("throws what init threw, once the process and its name are gone; nothing is logged", async () => {
    await run(async () => {
      const failed = start(
        () => {
          throw new TypeError("boom");
        },
        { name: "Main" },
      );
      await expect(failed).rejects.toThrow(new TypeError("boom"));
      expect(Process.whereis("Main")).toBeNull();
      await expect(start(() => exit(["why", 1]))).rejects.toMatchObject({ code: "why", reason: ["why", 1] });
      await expect(
        start(() => {
          throw 7;
        }),
      ).rejects.toMatchObject({ reason: ["nocatch", 7] });
      const killed = start(async () => {
        Process.exit(self(), "kill");
        return live;
      });
      await expect(killed).rejects.toMatchObject({ code: "killed", reason: "killed" });
    });
    expect(log).toEqual([]);
  });

  test("a linked starter that traps exits gets the signal too; one that does not dies of it", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      await expect(start(() => exit("why"), { link: true })).rejects.toMatchObject({ reason: "why" });
      expect(await receive()).toEqual(["EXIT", expect.anything(), "why"]);
      let after = "nothing";
      const starter = spawn(async () => {
        try {
          await start(() => exit("why"), { link: true });
        } finally {
          after = current.name;
        }
      });
      const ref = Process.monitor(starter);
      expect(await receive()).toEqual(["DOWN", ref, "process", starter, "why"]);
      expect(after).toBe("nothing");
    });
  });

  test("ignore: gives that instead of a pid, its name is free, and a linked starter hears of a normal end", async () => {
    await run(async () => {
      expect(await start(() => "ignore", { link: true, name: "Main" })).toBe("ignore");
      expect(Process.whereis("Main")).toBeNull();
      Process.flag("trapExit", true);
      expect(await start(() => "ignore", { link: true })).toBe("ignore");
      expect(await receive()).toEqual(["EXIT", expect.anything(), "normal"]);
    });
  });

  test("a name that is held: already_started, and init never runs", async () => {
    await run(async () => {
      const first = await start(() => live, { name: "Main" });
      const inits: string[] = [];
      const second = (): Promise<unknown> =>
        start(
          () => {
            inits.push("ran");
            return live;
          },
          { name: "Main", link: true },
        );
      await expect(second()).rejects.toMatchObject({ code: "already_started", reason: ["already_started", first] });
      Process.exit(first as Pid, "kill");
      // Two at once: one of them has it.
      const both = await Promise.allSettled([second(), second()]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(inits).toEqual(["ran"]);
    });
  });

  test("takes no longer than its timeout, and leaves nothing behind", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      void settled().then(() => clock.advance(10));
      let pid: Pid | undefined;
      const slow = start(
        async () => {
          pid = self();
          await receive();
          return live;
        },
        { timeout: 10, link: true },
      );
      await expect(slow).rejects.toMatchObject({ code: "timeout", reason: "timeout" });
      expect(Process.alive(pid as Pid)).toBe(false);
      expect(Process.info(self())).toMatchObject({ links: [], monitors: [], messages: [] });
      await start(() => live, { timeout: 10 });
      expect(clock.waiting).toBe(0);
      await expect(start(() => live, { timeout: -1 })).rejects.toThrow("A timeout is");
    });
  });
});
