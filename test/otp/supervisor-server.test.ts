import { beforeEach, describe, expect, test } from "vitest";
import type { ServerRef } from "../../src/otp/server-name.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { Task } from "../../src/otp/task.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawnLink } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { downOf, ended, numbers } from "../support/processes.ts";
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

describe("strategies", () => {
  const start = (strategy: "oneForOne" | "restForOne" | "oneForAll", options = {}): Promise<Pid> =>
    Supervisor.startLink(
      three.map((id) => worker(id)),
      { strategy, ...options },
    );

  test("SUP-003: oneForOne starts only the one that crashed", async () => {
    await run(async () => {
      const sup = await start("oneForOne");
      const before = await pidsOf(sup);
      await crash(sup, "b");
      const after = await pidsOf(sup);
      expect([after["a"], after["c"]]).toEqual([before["a"], before["c"]]);
      expect(after["b"]).not.toBe(before["b"]);
    });
  });

  test("SUP-004: restForOne stops those after it in reverse, and starts it and them in order", async () => {
    await run(async () => {
      const sup = await start("restForOne");
      await marks(3);
      const before = await pidsOf(sup);
      await crash(sup, "b");
      expect(await marks(3)).toEqual(["stop c", "start b", "start c"]);
      const after = await pidsOf(sup);
      expect(after["a"]).toBe(before["a"]);
    });
  });

  test("SUP-005: oneForAll stops all others in reverse, and starts all in order", async () => {
    await run(async () => {
      const sup = await start("oneForAll");
      await marks(3);
      await crash(sup, "b");
      expect(await marks(5)).toEqual(["stop c", "stop a", "start a", "start b", "start c"]);
      expect(await Supervisor.countChildren(sup)).toEqual({ specs: 3, active: 3, supervisors: 0, workers: 3 });
    });
  });

  test("SUP-025: a restart whose start fails is tried again, until it works", async () => {
    await run(async () => {
      const sup = await start("oneForOne");
      await marks(3);
      failures.set("a", ["no", "no"]);
      await crash(sup, "a");
      expect(await marks(3)).toEqual(["fail a", "fail a", "start a"]);
    });
  });

  test("SUP-025: each try counts: too many end the supervisor with shutdown", async () => {
    await run(async () => {
      const sup = await start("oneForOne");
      await marks(3);
      failures.set("a", ["no", "no", "no"]);
      await crash(sup, "a");
      expect(await exitMessage()).toEqual(["EXIT", sup, "shutdown"]);
      expect(await marks(5)).toEqual(["fail a", "fail a", "fail a", "stop c", "stop b"]);
    });
  });

  test("SUP-027, Trap 16: under restForOne the retry begins at the one that failed", async () => {
    await run(async () => {
      const sup = await start("restForOne");
      await marks(3);
      failures.set("b", ["no"]);
      await crash(sup, "a");
      expect(await marks(6)).toEqual(["stop c", "stop b", "start a", "fail b", "start b", "start c"]);
    });
  });

  test("under oneForAll the retry begins anew", async () => {
    await run(async () => {
      const sup = await start("oneForAll");
      await marks(3);
      failures.set("b", ["no"]);
      await crash(sup, "c");
      expect(await marks(8)).toEqual([
        ...["stop b", "stop a", "start a", "fail b"],
        ...["stop a", "start a", "start b", "start c"],
      ]);
    });
  });

  test("SUP-030: between two tries other requests are answered", async () => {
    await run(async () => {
      const sup = await start("oneForOne", { maxRestarts: 1_000_000 });
      failures.set("a", new Proxy([], { get: (_, key) => (key === "shift" ? () => "no" : undefined) }));
      await crash(sup, "a");
      expect(await pidsOf(sup)).toMatchObject({ a: "restarting" });
      expect(await Supervisor.restartChild(sup, "a").catch((error: unknown) => error)).toMatchObject({
        code: "restarting",
      });
      expect(await Supervisor.deleteChild(sup, "a").catch((error: unknown) => error)).toMatchObject({
        code: "restarting",
      });
      expect(await Supervisor.terminateChild(sup, "a")).toBe("ok");
      expect(await pidsOf(sup)).toMatchObject({ a: "undefined" });
      failures.clear();
      expect(await Supervisor.restartChild(sup, "a")).toMatchObject({ node: runtime.name });
    });
  });

  test("SUP-028: a temporary bystander is ended and not started again", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([worker("a", { restart: "temporary" }), worker("b")], {
        strategy: "oneForAll",
      });
      await marks(2);
      await crash(sup, "b");
      expect(await marks(2)).toEqual(["stop a", "start b"]);
      expect(Object.keys(await pidsOf(sup))).toEqual(["b"]);
    });
  });
});

describe("restarts", () => {
  test.each(["normal", "shutdown", ["shutdown", 1], "crash"])(
    "SUP-006: a permanent child that ends with %j is started again",
    async (reason) => {
      await run(async () => {
        const sup = await Supervisor.startLink([worker("a")], { strategy: "oneForOne" });
        await crash(sup, "a", reason);
        expect(await marks(2)).toEqual(["start a", "start a"]);
      });
    },
  );

  test("a transient one only after a failure, and it stays in the list; a temporary one never, and is forgotten", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink(
        [worker("a", { restart: "transient" }), worker("b", { restart: "temporary" })],
        { strategy: "oneForOne" },
      );
      await crash(sup, "b");
      await crash(sup, "a");
      expect(await marks(3)).toEqual(["start a", "start b", "start a"]);
      await crash(sup, "a", "normal");
      expect(await pidsOf(sup)).toEqual({ a: "undefined" });
    });
  });

  test("SUP-010: restarts spread wider than the period never end it, closer ones do", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([worker("a")], { strategy: "oneForOne", maxRestarts: 2, maxSeconds: 1 });
      for (const _ of numbers(10)) {
        await crash(sup, "a");
        expect(await Supervisor.countChildren(sup)).toMatchObject({ active: 1 });
        clock.advance(600);
      }
      for (const _ of numbers(2)) await crash(sup, "a");
      expect(await exitMessage()).toEqual(["EXIT", sup, "shutdown"]);
    });
  });

  test("by default the fourth death within five seconds ends it", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([worker("a")], { strategy: "oneForOne" });
      for (const _ of numbers(3)) await crash(sup, "a");
      expect(await Supervisor.countChildren(sup)).toMatchObject({ active: 1 });
      clock.advance(4900);
      await crash(sup, "a");
      expect(await exitMessage()).toEqual(["EXIT", sup, "shutdown"]);
    });
  });

  test("SUP-029: a child that unlinked itself is started again all the same, and ended with the supervisor", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([worker("a")], { strategy: "oneForOne" });
      const { a } = (await pidsOf(sup)) as { a: Pid };
      send(a, ["unlink", sup]);
      await crash(sup, "a");
      expect(await marks(2)).toEqual(["start a", "start a"]);
      const { a: again } = (await pidsOf(sup)) as { a: Pid };
      send(again, ["unlink", sup]);
      await Supervisor.stop(sup);
      expect(Process.alive(again)).toBe(false);
    });
  });

  test("arguments are those of the spec at each start, whatever the child did to them", async () => {
    await run(async () => {
      const seen: number[] = [];
      runtime.modules.define("Greedy", {
        startLink: (list: number[]) => {
          seen.push(list.push(1));
          return Task.startLink(() => receive());
        },
      });
      const sup = await Supervisor.startLink([{ id: "a", start: ["Greedy", "startLink", [[]]] }], {
        strategy: "oneForOne",
      });
      const { a } = (await pidsOf(sup)) as { a: Pid };
      Process.exit(a, "kill");
      await ended(a);
      await Supervisor.countChildren(sup);
      expect(seen).toEqual([1, 1]);
    });
  });
});

test("Trap 2: a child that is asked for while another starts waits until that one has started, or failed", async () => {
  await run(async () => {
    const owner = self();
    runtime.modules.define("Slow", {
      async startLink(id: string, fails: boolean): Promise<Pid> {
        const pid = spawnLink(() => receive());
        send(owner, ["begins", id, self()]);
        await receive((m) => m === "go");
        send(owner, ["over", id]);
        if (fails) throw new Error("no");
        return pid;
      },
    });
    const sup = await Supervisor.startLink([], { strategy: "oneForOne" });
    const slow = (id: string, fails = false): Promise<unknown> =>
      inProcess(runtime, () =>
        Supervisor.startChild(sup, { id, start: ["Slow", "startLink", [id, fails]], restart: "temporary" }).catch(
          () => "failed",
        ),
      );
    const started = [slow("a"), slow("b", true), slow("c")];
    const order: unknown[] = [];
    for (let n = 0; n < 6; n++) {
      const [what, id] = await receive<[string, string]>((m) => Array.isArray(m) && m.length > 1);
      order.push(`${id} ${what}`);
      if (what === "begins") send(sup, "go");
    }
    expect(order).toEqual(["a begins", "a over", "b begins", "b over", "c begins", "c over"]);
    expect((await Promise.all(started))[1]).toBe("failed");
    expect(Object.keys(await pidsOf(sup)).sort()).toEqual(["a", "c"]);
  });
});

describe("autoShutdown", () => {
  const significant = (restart: "temporary" | "transient") => [
    worker("a", { restart, significant: true }),
    worker("b", { restart, significant: true }),
    worker("c"),
  ];

  test.each(["temporary", "transient"] as const)(
    "SUP-039: allSignificant ends it with the last significant %s child",
    async (restart) => {
      await run(async () => {
        const sup = await Supervisor.startLink(significant(restart), {
          strategy: "oneForOne",
          autoShutdown: "allSignificant",
        });
        await crash(sup, "a", "normal");
        expect(await Supervisor.countChildren(sup)).toMatchObject({ active: 2 });
        await crash(sup, "b", "shutdown");
        expect(await exitMessage()).toEqual(["EXIT", sup, "shutdown"]);
      });
    },
  );

  test("anySignificant ends it with the first, and a crash of a transient one is a restart", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink(significant("transient"), {
        strategy: "oneForOne",
        autoShutdown: "anySignificant",
      });
      await crash(sup, "b");
      expect(await Supervisor.countChildren(sup)).toMatchObject({ active: 3 });
      await crash(sup, "b", "normal");
      expect(await exitMessage()).toEqual(["EXIT", sup, "shutdown"]);
    });
  });

  test("SUP-040, Trap 17: one ended by the API or because a sibling crashed is not its own end", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink(significant("temporary"), {
        strategy: "oneForAll",
        autoShutdown: "anySignificant",
      });
      await Supervisor.terminateChild(sup, "a");
      await crash(sup, "c");
      expect(await pidsOf(sup)).toMatchObject({ c: {} });
      expect(await Supervisor.countChildren(sup)).toMatchObject({ specs: 1, active: 1 });
    });
  });

  test("a significant child needs it", async () => {
    await run(async () => {
      const sup = await Supervisor.startLink([], { strategy: "oneForOne" });
      const child = worker("a", { restart: "transient", significant: true });
      await expect(Supervisor.startChild(sup, child)).rejects.toMatchObject({ code: "invalid_significant" });
      await expect(Supervisor.startLink([child], { strategy: "oneForOne" })).rejects.toMatchObject({
        code: "invalid_significant",
      });
    });
  });
});

describe("the log", () => {
  test("SUP-043: a crash and the limit passed are reported with supervisor, child, reason and start function", async () => {
    await run(async () => {
      const child: { id: string; start: [string, string, unknown[]] } = {
        id: "a",
        start: ["Worker", "startLink", [self(), "a"]],
      };
      const sup = await Supervisor.startLink([child], { strategy: "oneForOne", name: "Sup", maxRestarts: 0 });
      await crash(sup, "a");
      await exitMessage();
      const call = /^Start Call: Worker\.startLink\(#PID<0\.\d+\.0>, "a"\)$/u;
      expect(log.map(({ level, message }) => [level, ...message.split("\n")])).toEqual([
        [
          "error",
          'Child "a" of Supervisor "Sup" terminated',
          '** (exit) "why"',
          expect.stringMatching(/^Pid: #PID<0\.\d+\.0>$/u),
          expect.stringMatching(call),
        ],
        [
          "error",
          'Child "a" of Supervisor "Sup" caused shutdown',
          '** (exit) "reached_max_restart_intensity"',
          expect.stringMatching(call),
        ],
      ]);
    });
  });
});
