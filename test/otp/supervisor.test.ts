import { beforeEach, describe, expect, test } from "vitest";
import { provideVia, type ServerRef } from "../../src/otp/server-name.ts";
import { Supervisor, type SupervisorInit } from "../../src/otp/supervisor.ts";
import { Task } from "../../src/otp/task.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { StartError } from "../../src/otp/start-error.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";
import { downOf, ended, exitOf, mailbox, numbers } from "../support/processes.ts";
import { defineWorker, failures, marks, worker } from "../support/worker.ts";

let clock: ManualClock;
let runtime: Runtime;
let log: LogEntry[];
beforeEach(() => {
  clock = new ManualClock();
  log = [];
  runtime = new Runtime({ clock, log: (entry) => void log.push(entry) });
  defineWorker(runtime);
});

/** In a process that traps exits, since most supervisors here end before their starter. */
const run = <T>(body: () => T | Promise<T>): Promise<T> =>
  inProcess(runtime, () => {
    Process.flag("trapExit", true);
    return body();
  });

/** The pids of the children by id. */
async function pidsOf(sup: ServerRef): Promise<Record<string, unknown>> {
  return Object.fromEntries((await Supervisor.whichChildren(sup)).map(([id, pid]) => [id, pid]));
}

async function crash(sup: ServerRef, id: string, reason: unknown = "why"): Promise<void> {
  const pid = (await pidsOf(sup))[id] as Pid;
  const ref = Process.monitor(pid);
  send(pid, ["exit", reason]);
  await downOf(ref);
}

const exitMessage = (): Promise<unknown> => receive((m) => Array.isArray(m) && m[0] === "EXIT");
const three = ["a", "b", "c"];

describe("Supervisor.startLink()", () => {
  test("SUP-001: starts children one after another, each when the former's start has returned", async () => {
    await run(async () => {
      const order: string[] = [];
      const slow = (id: string) => ({
        id,
        start: async () => {
          order.push(`begin ${id}`);
          await Process.yield();
          order.push(`end ${id}`);
          return Task.startLink(() => receive());
        },
      });
      await Supervisor.startLink(three.map(slow), { strategy: "oneForOne" });
      expect(order).toEqual(three.flatMap((id) => [`begin ${id}`, `end ${id}`]));
    });
  });

  test("SUP-014: a child that does not start ends those before it, in reverse, and the start with id and reason", async () => {
    await run(async () => {
      failures.set("c", [new StartError("boom", "boom", "boom")]);
      const failed = Supervisor.startLink(
        three.map((id) => worker(id)),
        { strategy: "oneForOne" },
      );
      await expect(failed).rejects.toMatchObject({
        code: "shutdown",
        reason: ["shutdown", ["failed_to_start_child", "c", "boom"]],
        message: expect.stringContaining('failed to start child: "c"') as string,
      });
      expect(await marks(5)).toEqual(["start a", "start b", "fail c", "stop b", "stop a"]);
      expect(await exitMessage()).toMatchObject(["EXIT", {}, ["shutdown", ["failed_to_start_child", "c", "boom"]]]);
      expect(log.map(({ message }) => message.split("\n")[0])).toEqual([
        expect.stringMatching(/^Child "c" of Supervisor #PID<0\.\d+\.0> failed to start$/u),
      ]);
    });
  });

  test.each([
    [{ strategy: "bogus" }, "invalid_strategy"],
    [{}, "invalid_strategy"],
    [{ strategy: "oneForOne", maxRestarts: -1 }, "invalid_intensity"],
    [{ strategy: "oneForOne", maxSeconds: 0 }, "invalid_period"],
    [{ strategy: "oneForOne", autoShutdown: "always" }, "invalid_auto_shutdown"],
  ])("SUP-033: %o is %s, and ends nobody", async (options, code) => {
    await inProcess(runtime, async () => {
      await expect(Supervisor.startLink([], options as never)).rejects.toMatchObject({ code });
    });
  });

  test("SUP-032: the same id twice is told as duplicate_child_name, with both places", async () => {
    await inProcess(runtime, async () => {
      const failed = Supervisor.startLink([worker(["a"]), worker("b"), worker(["a"])], { strategy: "oneForOne" });
      await expect(failed).rejects.toMatchObject({
        code: "duplicate_child_name",
        reason: ["start_spec", ["duplicate_child_name", ["a"]]],
        message: expect.stringMatching(/^children\[2\]\.id is \["a"\], which children\[0\] is too/u) as string,
      });
    });
  });

  test("what is wrong in a spec is told with its place", async () => {
    await inProcess(runtime, async () => {
      const failed = Supervisor.startLink([worker("a"), worker("b", { restart: "never" as never })], {
        strategy: "oneForOne",
      });
      await expect(failed).rejects.toMatchObject({
        code: "badarg",
        message: 'children[1].restart is "permanent", "transient" or "temporary", not "never"',
      });
    });
  });

  test("SUP-044: is reached by its name on the node, and by one that a module keeps", async () => {
    await run(async () => {
      const held = new Map<unknown, Pid>();
      const keeper = {
        registerName: (name: unknown, pid: Pid) => (held.set(name, pid), "yes"),
        unregisterName: (name: unknown) => held.delete(name),
        whereisName: (name: unknown) => held.get(name) ?? null,
        send: () => undefined,
      };
      provideVia("TestNames", keeper);
      for (const name of ["Sup", { via: ["TestNames", "sup"] as const }]) {
        const sup = await Supervisor.startLink([], { strategy: "oneForOne", name });
        expect(await Supervisor.whichChildren(name)).toEqual([]);
        await expect(Supervisor.startLink([], { strategy: "oneForOne", name })).rejects.toMatchObject({
          code: "already_started",
          reason: ["already_started", sup],
        });
        expect(await Supervisor.stop(name)).toBe("ok");
      }
    });
  });

  test("SUP-045: a supervisor that is not there makes the caller exit with noproc and the call", async () => {
    await run(async () => {
      expect(await exitOf(() => Supervisor.whichChildren("Nobody"))).toEqual([
        "noproc",
        ["Supervisor", "whichChildren", ["Nobody"]],
      ]);
      expect(await exitOf(() => Supervisor.terminateChild("Nobody", "a"))).toEqual([
        "noproc",
        ["Supervisor", "terminateChild", ["Nobody", "a"]],
      ]);
    });
  });
});

describe("a class of one's own", () => {
  class Shop extends Supervisor {
    override init(arg: string): SupervisorInit | "ignore" {
      if (arg === "ignore") return "ignore";
      if (arg === "nonsense") return 5 as never;
      return Supervisor.init([worker(arg)], { strategy: (arg === "wrong" ? "wrong" : "oneForOne") as "oneForOne" });
    }
  }

  test("says in init what its children are", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink(Shop, "apples", { name: "Shop" });
      expect(await Supervisor.whichChildren("Shop")).toMatchObject([["apples", {}, "worker", ["Worker"]]]);
      expect(Process.info(sup as Pid)?.initialCall).toBe("Shop.init/1");
    });
  });

  test("init may ignore, give wrong flags, nonsense or nothing at all", async () => {
    await run(async () => {
      expect(await Supervisor.startLink(Shop, "ignore")).toBe("ignore");
      await expect(Supervisor.startLink(Shop, "wrong")).rejects.toMatchObject({ code: "invalid_strategy" });
      await expect(Supervisor.startLink(Shop, "nonsense")).rejects.toMatchObject({
        code: "bad_return",
        reason: ["bad_return", ["Shop", "init", 5]],
      });
      await expect(Supervisor.startLink("Nothing")).rejects.toMatchObject({ code: "badarg" });
      await expect(Supervisor.startLink(class Empty extends Supervisor {})).rejects.toThrow(
        "Empty has no function init",
      );
    });
  });

  test("SUP-015: inside another, one that gives up is a crashed child, and starts anew with its static children only", async () => {
    await run(async () => {
      const outer = await Supervisor.startLink([[Shop, "apples"]], { strategy: "oneForOne" });
      const { Shop: inner } = (await pidsOf(outer)) as { Shop: Pid };
      expect(await Supervisor.countChildren(outer)).toEqual({ specs: 1, active: 1, supervisors: 1, workers: 0 });
      await Supervisor.startChild(inner, worker("pears"));
      const gone = Process.monitor(inner);
      for (const _ of numbers(4)) await crash(inner, "apples");
      expect(await downOf(gone)).toBe("shutdown");
      const { Shop: fresh } = (await pidsOf(outer)) as { Shop: Pid };
      expect(fresh).not.toBe(inner);
      expect(Object.keys(await pidsOf(fresh))).toEqual(["apples"]);
    });
  });

  test("is found by its name at each start: defined anew, it takes effect at the next restart", async () => {
    runtime.modules.define("Shop", class extends Shop {});
    await run(async () => {
      const outer = await Supervisor.startLink([["Shop", "apples"]], { strategy: "oneForOne" });
      runtime.modules.define(
        "Shop",
        class extends Supervisor {
          override init(): SupervisorInit {
            return Supervisor.init([worker("pears")], { strategy: "oneForOne" });
          }
        },
      );
      const { Shop: inner } = (await pidsOf(outer)) as { Shop: Pid };
      Process.exit(inner, "kill");
      await ended(inner);
      const { Shop: fresh } = (await pidsOf(outer)) as { Shop: Pid };
      expect(Object.keys(await pidsOf(fresh))).toEqual(["pears"]);
    });
  });
});

describe("Supervisor.stop() and the parent's end", () => {
  test("SUP-002: children are ended in reverse, each when the former is gone", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink(
        three.map((id) => worker(id, {}, { lingers: 100 })),
        { strategy: "oneForOne" },
      );
      await marks(3);
      const stopped = Supervisor.stop(sup);
      for (const mark of ["stop c", "stop b", "stop a"]) {
        await settled();
        expect(mailbox().filter((m) => Array.isArray(m) && m[0] === "stop")).toEqual([]);
        clock.advance(100);
        expect(await marks(1)).toEqual([mark]);
      }
      expect(await stopped).toBe("ok");
    });
  });

  test("SUP-012: with brutalKill a child is killed at once", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([worker("a", { shutdown: "brutalKill" })], { strategy: "oneForOne" });
      const { a } = (await pidsOf(sup)) as { a: Pid };
      const ref = Process.monitor(a);
      await Supervisor.stop(sup);
      expect(await downOf(ref)).toBe("killed");
      expect(await marks(1)).toEqual(["start a"]);
      expect(mailbox().filter((m) => Array.isArray(m) && m[0] === "stop")).toEqual([]);
      expect(log).toEqual([]);
    });
  });

  test("SUP-013: with an infinite shutdown it waits as long as it takes", async () => {
    await run(async () => {
      const child = worker("a", { shutdown: Infinity }, { lingers: 3_600_000 });
      const sup = await Supervisor.startLink([child], { strategy: "oneForOne" });
      const { a } = (await pidsOf(sup)) as { a: Pid };
      const ref = Process.monitor(a);
      const stopped = Supervisor.stop(sup);
      await settled();
      clock.advance(3_599_999);
      await settled();
      expect(Process.alive(a)).toBe(true);
      clock.advance(1);
      expect(await downOf(ref)).toBe("shutdown");
      expect(await stopped).toBe("ok");
    });
  });

  test("one that does not end in its time is killed, which is reported", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([worker("a", { shutdown: 10 }, { stubborn: true })], {
        strategy: "oneForOne",
        name: "Sup",
      });
      const stopped = Supervisor.stop(sup);
      await settled();
      clock.advance(10);
      expect(await stopped).toBe("ok");
      expect(log.map(({ level, message }) => [level, message.split("\n").slice(0, 2)])).toEqual([
        ["error", ['Child "a" of Supervisor "Sup" shut down abnormally', "** (exit) killed"]],
      ]);
    });
  });

  test("SUP-021: when its parent ends it ends its children and itself, with the parent's reason", async () => {
    await run(async () => {
      const owner = self();
      const parent = spawn(async () => {
        const child = { ...worker("a"), start: ["Worker", "startLink", [owner, "a"]] as const };
        send(owner, ["sup", await Supervisor.startLink([child], { strategy: "oneForOne" })]);
        await receive();
      });
      const [, sup] = await receive<[string, Pid]>((m) => Array.isArray(m) && m[0] === "sup");
      const ref = Process.monitor(sup);
      Process.exit(parent, "enough");
      expect(await downOf(ref)).toBe("enough");
      expect(await marks(2)).toEqual(["start a", "stop a"]);
    });
  });
});

describe("adding and removing", () => {
  test("SUP-016: an added child is listed; its id again is already_started with the pid, or already_present", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([], { strategy: "oneForOne" });
      const pid = await Supervisor.startChild(sup, worker("a"));
      expect(await Supervisor.whichChildren(sup)).toEqual([["a", pid, "worker", ["Worker"]]]);
      await expect(Supervisor.startChild(sup, worker("a"))).rejects.toMatchObject({
        code: "already_started",
        reason: ["already_started", pid],
      });
      await expect(Supervisor.deleteChild(sup, "a")).rejects.toMatchObject({ code: "running" });
      await expect(Supervisor.restartChild(sup, "a")).rejects.toMatchObject({ code: "running" });
      expect(await Supervisor.terminateChild(sup, "a")).toBe("ok");
      await expect(Supervisor.startChild(sup, worker("a"))).rejects.toMatchObject({ code: "already_present" });
      expect(await Supervisor.restartChild(sup, "a")).not.toBe(pid);
      await Supervisor.terminateChild(sup, "a");
      expect(await Supervisor.deleteChild(sup, "a")).toBe("ok");
      for (const fun of [Supervisor.deleteChild, Supervisor.terminateChild, Supervisor.restartChild]) {
        await expect(fun(sup, "a")).rejects.toMatchObject({ code: "not_found" });
      }
    });
  });

  test("SUP-024: what a start gives beside the pid is passed on, when added and when restarted", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([], { strategy: "oneForOne" });
      const [pid, extra] = await Supervisor.startChild<[Pid, unknown]>(sup, worker("a", {}, { gives: [{ port: 1 }] }));
      expect(extra).toEqual({ port: 1 });
      expect((await pidsOf(sup))["a"]).toBe(pid);
      await Supervisor.terminateChild(sup, "a");
      expect((await Supervisor.restartChild<[Pid, unknown]>(sup, "a"))[1]).toEqual({ port: 1 });
    });
  });

  test("a start that fails adds nothing; one that ignores stays without a process, unless temporary", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([], { strategy: "oneForOne" });
      failures.set("a", ["no"]);
      await expect(Supervisor.startChild(sup, worker("a"))).rejects.toMatchObject({ reason: ["nocatch", "no"] });
      expect(await Supervisor.startChild(sup, worker("b", {}, { gives: "ignore" }))).toBe("ignore");
      await Supervisor.startChild(sup, worker("c", { restart: "temporary" }, { gives: "ignore" }));
      expect(await pidsOf(sup)).toEqual({ b: "undefined" });
      await expect(Supervisor.startChild(sup, { id: "d", start: ["Nothing", "startLink"] })).rejects.toMatchObject({
        code: "undef",
      });
    });
  });

  test("lists the last started first", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink(
        three.map((id) => worker(id)),
        { strategy: "oneForOne" },
      );
      expect((await Supervisor.whichChildren(sup)).map(([id]) => id)).toEqual(["c", "b", "a"]);
    });
  });
});

describe("Supervisor.childSpec()", () => {
  test("is what the module gives, with other fields", async () => {
    await run(() => {
      const work = (): number => 1;
      expect(Supervisor.childSpec([Task, work], { id: "work", shutdown: 1 })).toEqual({
        id: "work",
        start: [Task, "startLink", [work]],
        restart: "temporary",
        shutdown: 1,
      });
    });
  });
});
