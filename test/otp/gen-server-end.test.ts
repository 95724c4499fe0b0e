import { beforeEach, describe, expect, test } from "vitest";
import { GenServer, type GenServerOptions, type ServerClass } from "../../src/otp/gen-server.ts";
import { exit } from "../../src/process/exit.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { ended, exitOf, mailbox } from "../support/processes.ts";
import { Server } from "../support/told-server.ts";

let clock: ManualClock;
let runtime: Runtime;
let log: LogEntry[];
beforeEach(() => {
  clock = new ManualClock();
  log = [];
  runtime = new Runtime({ clock, log: (entry) => void log.push(entry) });
});

const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);
const started = async (server: ServerClass, arg?: unknown, options?: GenServerOptions): Promise<Pid> =>
  await GenServer.start(server as never, arg as never, options);

describe("the end of a server", () => {
  test("GENSERVER-013: a stop with a reply: terminate, the reply, the end", async () => {
    await run(async () => {
      const server = await GenServer.start(Server, self());
      const ref = Process.monitor(server);
      expect(await GenServer.call(server, ["stop", ["shutdown", 1]])).toBe("bye");
      expect(await receive()).toEqual(["terminate", ["shutdown", 1]]);
      expect(await receive()).toEqual(["DOWN", ref, "process", server, ["shutdown", 1]]);
    });
  });

  test("GENSERVER-014: a stop without a reply: the caller exits with its reason", async () => {
    await run(async () => {
      const server = await started(Server);
      expect(await exitOf(() => GenServer.call(server, ["die", "shutdown"]))).toEqual([
        "shutdown",
        ["GenServer", "call", [server, ["die", "shutdown"], 5000]],
      ]);
    });
  });

  test("GENSERVER-020: stop(): ok after terminate and the end; a second one exits with noproc", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server, self(), { name: "Main" });
      expect(await GenServer.stop("Main", "normal")).toBe("ok");
      expect(Process.alive(server)).toBe(false);
      expect(mailbox()).toEqual([["terminate", "normal"]]);
      expect(await exitOf(() => GenServer.stop("Main"))).toEqual([
        "noproc",
        ["GenServer", "stop", ["Main", "normal", Infinity]],
      ]);
    });
  });

  test("GENSERVER-045: stop() with a timeout that is none fails, and the server lives", async () => {
    await run(async () => {
      const server = await started(Server);
      await expect(GenServer.stop(server, "normal", -1)).rejects.toThrow("A timeout is");
      await expect(GenServer.stop(server, "normal", "soon" as never)).rejects.toThrow("A timeout is");
      expect(Process.alive(server)).toBe(true);
    });
  });

  test("its parent's end, if it traps exits", async () => {
    class Child extends Server {
      override init(owner: Pid): void {
        super.init(owner);
        Process.flag("trapExit", true);
      }
    }
    await run(async () => {
      const me = self();
      const parent = spawn(async () => {
        await GenServer.startLink(Child, me);
        exit("parent's");
      });
      expect(await ended(parent)).toBe("parent's");
      expect(await receive()).toEqual(["terminate", "parent's"]);
    });
  });

  test.each([
    ["init", 5],
    ["handleCast", ["noreply", 1]],
    ["handleInfo", null],
    ["handleContinue", false],
  ])("GENSERVER-033: %s may return nothing or what is next; else bad_return_value", async (callback, value) => {
    class Odd extends GenServer {
      init(): unknown {
        return callback === "init" ? value : callback === "handleContinue" ? this.continueWith(1) : undefined;
      }
      handleContinue = (): unknown => value;
      handleCast = (): unknown => value;
      handleInfo = (): unknown => value;
    }
    await run(async () => {
      const reason = ["bad_return_value", value];
      if (callback === "init") {
        await expect(GenServer.start(Odd)).rejects.toMatchObject({ code: "bad_return_value", reason });
        return;
      }
      const server = await started(Odd);
      if (callback === "handleCast") GenServer.cast(server, 1);
      if (callback === "handleInfo") send(server, 1);
      expect(await ended(server)).toEqual(reason);
    });
  });

  test("a request that there is no handler for", async () => {
    class Deaf extends GenServer {
      init(): void {
        return undefined;
      }
    }
    await run(async () => {
      const server = await started(Deaf);
      send(server, "hello");
      expect(await exitOf(() => GenServer.call(server, "x"))).toMatchObject([
        {
          code: "bad_call",
          message: expect.stringMatching(/^Attempted to call GenServer #PID<.*>, but Deaf has no handleCall$/),
        },
        {},
      ]);
      expect(log.map(({ message }) => message.split("\n")[0])).toEqual([
        expect.stringMatching(/^Deaf #PID<.*> received unexpected message in handleInfo: "hello"$/),
        expect.stringMatching(/^GenServer #PID<.*> terminating$/),
      ]);
      const other = await started(Deaf);
      GenServer.cast(other, "y");
      expect(await ended(other)).toMatchObject({ code: "bad_cast" });
    });
  });
});

describe("the log of an end", () => {
  test("GENSERVER-037: nothing for normal and shutdown; a report for any other reason", async () => {
    await run(async () => {
      for (const reason of ["normal", "shutdown", ["shutdown", "x"]])
        await GenServer.stop(await started(Server), reason);
      expect(log).toEqual([]);
      await GenServer.stop(await started(Server), "oops");
      const server = await started(Server);
      send(server, "exit");
      expect(await ended(server)).toBe("by itself");
      expect(log.map(({ level, message }) => [level, message.split("\n").slice(1, 3)])).toEqual([
        ["error", ['** (stop) "oops"', "State: { value: 0, owner: undefined, waiting: undefined }"]],
        ["error", ['** (stop) "by itself"', 'Last message: "exit"']],
      ]);
    });
  });

  test("GENSERVER-038: a crash in a call names the error, the message, the state, and who called", async () => {
    await run(async () => {
      const server = await started(Server, undefined, { name: "Main" });
      const reason = await exitOf(() => GenServer.call(server, "crash"));
      expect(reason).toMatchObject([{ message: "boom" }, ["GenServer", "call", [server, "crash", 5000]]]);
      const lines = (log[0]?.message ?? "").split("\n");
      expect(lines.slice(0, 2)).toEqual(['GenServer "Main" terminating', "** (TypeError) boom"]);
      expect(lines.slice(-3)).toEqual([
        expect.stringMatching(/^Last message \(from #PID<.*>\): "crash"$/),
        "State: { value: 0, owner: undefined, waiting: undefined }",
        expect.stringMatching(/^Client #PID<.*> is alive$/),
      ]);
      expect(log).toHaveLength(1);
    });
  });

  test("GENSERVER-044: an error of terminate is the reason, and is logged with the state", async () => {
    await run(async () => {
      const server = await started(Server);
      expect(await exitOf(() => GenServer.stop(server, "worse"))).toMatchObject([{ message: "worse" }, {}]);
      expect(log[0]?.message).toMatch(/\*\* \(RangeError\) worse[\s\S]*State: \{ value: 0/);
    });
  });

  test("shows of the state what formatStatus lets it", async () => {
    class Secret extends GenServer {
      password = "hunter2";
      formatStatus({ state }: { state: unknown }): { state: unknown } {
        return { state: { ...(state as object), password: "…" } };
      }
    }
    await run(async () => {
      await GenServer.stop(await started(Secret), "oops");
      expect(log[0]?.message).toContain('State: { password: "…" }');
    });
  });
});
