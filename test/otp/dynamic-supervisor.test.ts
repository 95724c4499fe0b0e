import { beforeEach, describe, expect, test } from "vitest";
import { DynamicSupervisor, type DynamicSupervisorInit } from "../../src/otp/dynamic-supervisor.ts";
import { GenServer } from "../../src/otp/gen-server.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { Task } from "../../src/otp/task.ts";
import { capture } from "../../src/code/closure.ts";
import { exit } from "../../src/process/exit.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { node } from "../../src/process/kernel.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { startCluster } from "../../src/testing/cluster.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";
import { downOf, ended, exitOf, mailbox, numbers } from "../support/processes.ts";
import { defineWorker, failures, marks, worker } from "../support/worker.ts";
import "../../src/library.ts";

let clock: ManualClock;
let runtime: Runtime;
let log: LogEntry[];
beforeEach(() => {
  clock = new ManualClock();
  log = [];
  runtime = new Runtime({ clock, log: (entry) => void log.push(entry) });
  defineWorker(runtime);
});

const run = <T>(body: () => T | Promise<T>): Promise<T> =>
  inProcess(runtime, () => {
    Process.flag("trapExit", true);
    return body();
  });

async function crash(pid: Pid, reason: unknown = "why"): Promise<void> {
  const ref = Process.monitor(pid);
  send(pid, ["exit", reason]);
  await downOf(ref);
}

const exitMessage = (): Promise<unknown> => receive((m) => Array.isArray(m) && m[0] === "EXIT");
const idle = [Task, () => receive()] as const;

describe("DynamicSupervisor.startLink()", () => {
  test("starts without children", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink();
      expect(await DynamicSupervisor.whichChildren(sup)).toEqual([]);
      expect(await DynamicSupervisor.countChildren(sup)).toEqual({ specs: 0, active: 0, supervisors: 0, workers: 0 });
      expect(await DynamicSupervisor.stop(sup)).toBe("ok");
    });
  });

  test.each([
    [{ strategy: "oneForAll" }, "invalid_strategy"],
    [{ maxRestarts: 1.5 }, "invalid_intensity"],
    [{ maxSeconds: -1 }, "invalid_period"],
    [{ maxChildren: "many" }, "invalid_max_children"],
    [{ extraArguments: 1 }, "invalid_extra_arguments"],
  ])("DYNSUP-014: %o is %s, here and from init", async (options, code) => {
    class Wrong extends DynamicSupervisor {
      override init(): DynamicSupervisorInit {
        return options as DynamicSupervisorInit;
      }
    }
    await run(async () => {
      await expect(DynamicSupervisor.startLink(options as DynamicSupervisorInit)).rejects.toMatchObject({ code });
      await expect(DynamicSupervisor.startLink(Wrong)).rejects.toMatchObject({ code });
    });
  });

  test("DYNSUP-014: init may ignore; nonsense is bad_return", async () => {
    class Other extends DynamicSupervisor {
      override init(arg: unknown): DynamicSupervisorInit | "ignore" {
        return arg as "ignore";
      }
    }
    await run(async () => {
      expect(await DynamicSupervisor.startLink(Other, "ignore")).toBe("ignore");
      await expect(DynamicSupervisor.startLink(Other, 5)).rejects.toMatchObject({
        code: "bad_return",
        reason: ["bad_return", ["Other", "init", 5]],
      });
    });
  });

  test("a class of one's own says in init how it acts, also as a child of another", async () => {
    class Rooms extends DynamicSupervisor {
      override init(maxChildren: number): DynamicSupervisorInit {
        return DynamicSupervisor.init({ maxChildren });
      }
    }
    await run(async () => {
      const outer = await Supervisor.startLink(
        [
          [Rooms, 1],
          [DynamicSupervisor, { name: "Named" }],
        ],
        {
          strategy: "oneForOne",
        },
      );
      const children = await Supervisor.whichChildren(outer);
      expect(children).toEqual([
        ["Named", Process.whereis("Named"), "supervisor", ["DynamicSupervisor"]],
        ["Rooms", expect.anything(), "supervisor", expect.anything()],
      ]);
      const rooms = children[1]?.[1] as Pid;
      await DynamicSupervisor.startChild(rooms, idle);
      await expect(DynamicSupervisor.startChild(rooms, idle)).rejects.toMatchObject({ code: "max_children" });
    });
  });
});

describe("DynamicSupervisor.startChild()", () => {
  test("starts a GenServer by its class, its spec, and what comes before its arguments", async () => {
    class Counter extends GenServer {
      state: unknown;
      init(arg: unknown): void {
        this.state = arg;
      }
      handleCall(): unknown {
        return this.state;
      }
    }
    await run(async () => {
      const sup = await DynamicSupervisor.startLink();
      expect(await GenServer.call(await DynamicSupervisor.startChild(sup, [Counter, 5]), "get")).toBe(5);
      const extra = await DynamicSupervisor.startLink({ extraArguments: [Counter] });
      const child = await DynamicSupervisor.startChild(extra, { start: [GenServer, "startLink", [6]] });
      expect(await GenServer.call(child, "get")).toBe(6);
      const closed = await DynamicSupervisor.startChild(extra, {
        start: (module: unknown) => GenServer.startLink(module as typeof Counter, 7),
      } as never);
      expect(await GenServer.call(closed, "get")).toBe(7);
    });
  });

  test("DYNSUP-007: ignore is the answer, an error is thrown, whatever it is, and the supervisor lives", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink();
      const start = (fn: () => unknown): Promise<unknown> => DynamicSupervisor.startChild(sup, { start: fn });
      expect(await start(() => "ignore")).toBe("ignore");
      await expect(start(() => ["error", "found"])).rejects.toMatchObject({ code: "found", reason: "found" });
      await expect(
        start(() => {
          throw new TypeError("raised");
        }),
      ).rejects.toThrow(new TypeError("raised"));
      await expect(start(() => exit("oops"))).rejects.toMatchObject({ reason: "oops" });
      await expect(
        start(() => {
          throw "thrown";
        }),
      ).rejects.toMatchObject({ reason: ["nocatch", "thrown"] });
      await expect(start(() => 3)).rejects.toMatchObject({ reason: 3 });
      expect(await DynamicSupervisor.countChildren(sup)).toMatchObject({ specs: 0 });
    });
  });

  test("DYNSUP-008: what the start gives beside the pid is in the answer", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink();
      const child = worker("a", {}, { gives: ["extra"] });
      expect(await DynamicSupervisor.startChild<[Pid, unknown]>(sup, child)).toEqual([expect.anything(), "extra"]);
    });
  });

  test("DYNSUP-003: at the maximum the next start says so; a child being restarted still counts", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink({ maxChildren: 1, maxRestarts: 1_000_000 });
      const pid = await DynamicSupervisor.startChild(sup, worker("a"));
      failures.set("a", new Proxy([], { get: (_, key) => (key === "shift" ? () => "no" : undefined) }));
      await crash(pid);
      await expect(DynamicSupervisor.startChild(sup, worker("b"))).rejects.toMatchObject({ code: "max_children" });
      // By the pid that it had, it can be told to give up.
      expect(await DynamicSupervisor.terminateChild(sup, pid)).toBe("ok");
      expect(await DynamicSupervisor.countChildren(sup)).toMatchObject({ specs: 0 });
    });
  });

  test("SUP-045: without a supervisor the caller exits with noproc", async () => {
    await run(async () => {
      expect(await exitOf(() => DynamicSupervisor.countChildren("Nobody"))).toEqual([
        "noproc",
        ["DynamicSupervisor", "countChildren", ["Nobody"]],
      ]);
    });
  });
});

describe("DynamicSupervisor.terminateChild()", () => {
  test("DYNSUP-002: ends the child by its rule, gives ok after its death, and not_found a second time", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink();
      const pid = await DynamicSupervisor.startChild(sup, worker("a", { shutdown: 100 }, { lingers: 50 }));
      const ref = Process.monitor(pid);
      const ending = DynamicSupervisor.terminateChild(sup, pid);
      await settled();
      clock.advance(50);
      expect(await ending).toBe("ok");
      expect(await downOf(ref)).toBe("shutdown");
      expect(await marks(2)).toEqual(["start a", "stop a"]);
      await expect(DynamicSupervisor.terminateChild(sup, pid)).rejects.toMatchObject({ code: "not_found" });
      await expect(DynamicSupervisor.terminateChild(sup, "a" as never)).rejects.toMatchObject({ code: "badarg" });
    });
  });
});

describe("restarts", () => {
  test("DYNSUP-004: permanent always, transient after a failure, temporary never", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink({ maxRestarts: 100 });
      for (const [restart, reason, again] of [
        ["permanent", "normal", 1],
        ["permanent", "why", 1],
        ["transient", "normal", 0],
        ["transient", "shutdown", 0],
        ["transient", ["shutdown", 1], 0],
        ["transient", "why", 1],
        ["temporary", "why", 0],
      ] as const) {
        const pid = await DynamicSupervisor.startChild(sup, worker("a", { restart }));
        await crash(pid, reason);
        const children = await DynamicSupervisor.whichChildren(sup);
        expect([restart, reason, children.length]).toEqual([restart, reason, again]);
        for (const [, child] of children) await DynamicSupervisor.terminateChild(sup, child as Pid);
      }
    });
  });

  test("too many end it with shutdown, and with it all children", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink({ maxRestarts: 0 });
      const bystander = await DynamicSupervisor.startChild(sup, worker("b"));
      await crash(await DynamicSupervisor.startChild(sup, worker("a")));
      expect(await exitMessage()).toEqual(["EXIT", sup, "shutdown"]);
      expect(Process.alive(bystander)).toBe(false);
      expect(log.map(({ message }) => message.split("\n")[0])).toEqual([
        expect.stringMatching(/^Child undefined of Supervisor #PID<0\.\d+\.0> terminated$/u),
        expect.stringMatching(/caused shutdown$/u),
      ]);
    });
  });

  test("DYNSUP-009: one whose restart fails is listed as restarting, counted but not active, and tried again", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink({ maxRestarts: 1_000_000 });
      const pid = await DynamicSupervisor.startChild(sup, worker("a"));
      failures.set("a", new Proxy([], { get: (_, key) => (key === "shift" ? () => "no" : undefined) }));
      await crash(pid);
      expect(await DynamicSupervisor.whichChildren(sup)).toEqual([["undefined", "restarting", "worker", ["Worker"]]]);
      expect(await DynamicSupervisor.countChildren(sup)).toEqual({ specs: 1, active: 0, supervisors: 0, workers: 1 });
      failures.clear();
      await receive((m) => Array.isArray(m) && m[0] === "start" && m[2] !== pid);
      expect(await DynamicSupervisor.countChildren(sup)).toEqual({ specs: 1, active: 1, supervisors: 0, workers: 1 });
    });
  });
});

describe("DynamicSupervisor.stop()", () => {
  test("DYNSUP-006: children are told together, and waited for, each by its own rule", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink();
      const children = [
        worker("quick"),
        worker("slow", { shutdown: Infinity }, { lingers: 60 }),
        worker("slower", { shutdown: 200 }, { lingers: 100 }),
        worker("stubborn", { shutdown: 80 }, { stubborn: true }),
        worker("brutal", { shutdown: "brutalKill" }),
      ];
      const refs = [];
      for (const child of children) refs.push(Process.monitor(await DynamicSupervisor.startChild(sup, child)));
      const stopped = DynamicSupervisor.stop(sup);
      await settled();
      for (const _ of numbers(5)) {
        clock.advance(20);
        await settled();
      }
      expect(await stopped).toBe("ok");
      expect(clock.now()).toBe(100);
      const reasons = [];
      for (const ref of refs) reasons.push(await downOf(ref));
      expect(reasons).toEqual(["shutdown", "shutdown", "shutdown", "killed", "killed"]);
    });
  });

  test("DYNSUP-019: thousands of short-lived children leave none behind", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink();
      const child = Supervisor.childSpec([Task, () => 1]);
      for (const _ of numbers(3000)) await DynamicSupervisor.startChild(sup, child);
      const last = await DynamicSupervisor.startChild(sup, child);
      await ended(last);
      expect(await DynamicSupervisor.countChildren(sup)).toEqual({ specs: 0, active: 0, supervisors: 0, workers: 0 });
      expect(Process.info(sup)).toMatchObject({ monitors: [], messages: [], links: [expect.anything()] });
    });
  });

  test("SUP-050: thousands of temporary children are ended one after another", async () => {
    await run(async () => {
      const sup = await DynamicSupervisor.startLink();
      const pids: Pid[] = [];
      for (const _ of numbers(3000)) pids.push(await DynamicSupervisor.startChild(sup, idle));
      for (const pid of pids) await DynamicSupervisor.terminateChild(sup, pid);
      expect(Process.info(sup)).toMatchObject({ monitors: [], messages: [], links: [self()] });
      expect(mailbox()).toEqual([]);
    });
  });
});

describe("on other nodes", () => {
  test("DYNSUP-015: addressed as a pair, the child runs there; DYNSUP-016: and lives on when another node is killed", async () => {
    await using cluster = await startCluster(["alex", "kate"]);
    for (const name of ["alex", "kate"]) {
      await cluster.run(name, async () => {
        const sup = await Supervisor.startLink([[DynamicSupervisor, { name: "Rooms" }]], { strategy: "oneForOne" });
        Process.unlink(sup);
      });
    }
    cluster.at("kate").node.runtime.modules.define("Room", {
      startLink: (owner: Pid, word: string) => {
        send(owner, [word, node()]);
        return Task.startLink(() => receive());
      },
    });
    const here = await cluster.run("alex", () => DynamicSupervisor.startChild("Rooms", idle));
    await cluster.run("alex", async () => {
      const start = ["Room", "startLink", [self(), "hello"]] as const;
      const pid = await DynamicSupervisor.startChild(["Rooms", "kate@localhost"], { start });
      expect(pid.node).toBe("kate@localhost");
      expect(await receive()).toEqual(["hello", "kate@localhost"]);
      const last = "closures travel";
      const failed = DynamicSupervisor.startChild(["Rooms", "kate@localhost"], {
        start: capture({ last }, () => ["error", last]),
      });
      await expect(failed).rejects.toMatchObject({ code: "closures travel" });
    });
    await cluster.kill("kate");
    await cluster.run("alex", async () => {
      expect(await DynamicSupervisor.whichChildren("Rooms")).toEqual([["undefined", here, "worker", ["Task"]]]);
      expect(Process.alive(here)).toBe(true);
    });
  });
});
