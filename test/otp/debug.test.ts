import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { captureIO } from "../../src/io/capture-io.ts";
import { Agent } from "../../src/otp/agent.ts";
import { GenServer } from "../../src/otp/gen-server.ts";
import { Registry } from "../../src/otp/registry.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { sys } from "../../src/otp/sys.ts";
import { Task } from "../../src/otp/task.ts";
import type { From } from "../../src/process/call.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send } from "../../src/process/spawn.ts";
import { startCluster } from "../../src/testing.ts";
import { inspect } from "../../src/term/inspect.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

class Counter extends GenServer {
  count = 0;
  #waiting: From | undefined;
  init(from = 0): void {
    this.count = from;
  }
  handleCall(request: string, from: From): unknown {
    switch (request) {
      case "next":
        return ++this.count;
      case "later":
        send(self(), ["answer", from]);
        return this.noreply();
      case "continue":
        return this.reply("ok", { continue: "more" });
      case "timeout":
        this.#waiting = from;
        return this.noreply({ timeout: 0 });
      case "stop":
        return this.stop("normal", "bye");
      default:
        throw new Error("boom");
    }
  }
  handleCast(): void {
    this.count += 10;
  }
  handleInfo(message: unknown): void {
    if (message === "timeout" && this.#waiting !== undefined) GenServer.reply(this.#waiting, "late");
    if (Array.isArray(message) && message[0] === "answer") GenServer.reply(message[1] as From, "done");
  }
  handleContinue(): void {
    this.count += 100;
  }
}

/** What `body` has a server print, started under the leader that is captured. */
function traced(body: (server: Pid) => Promise<unknown>): Promise<string> {
  return captureIO(async () => {
    const server = await GenServer.start(Counter, 1, { name: "Counter" });
    expect(await sys.trace(server, true)).toBe("ok");
    await body(server);
  });
}

describe("sys.trace", () => {
  test("prints what a server gets, sends and becomes, as OTP does", async () => {
    await run(async () => {
      const me = inspect(self());
      const text = await traced(async (server) => {
        await GenServer.call(server, "next");
        GenServer.cast(server, ["hello"]);
        send(server, "info");
        await GenServer.call(server, "next");
      });
      expect(text.split("\n")).toEqual([
        `*DBG* "Counter" got call "next" from ${me}`,
        `*DBG* "Counter" sent 2 to ${me}, new state { count: 2 }`,
        `*DBG* "Counter" got cast ["hello"]`,
        `*DBG* "Counter" new state { count: 12 }`,
        `*DBG* "Counter" got "info"`,
        `*DBG* "Counter" new state { count: 12 }`,
        `*DBG* "Counter" got call "next" from ${me}`,
        `*DBG* "Counter" sent 13 to ${me}, new state { count: 13 }`,
        "",
      ]);
    });
  });

  test("tells of later answers, of what goes on without a message, and of the last answer", async () => {
    await run(async () => {
      const me = inspect(self());
      const text = await traced(async (server) => {
        await GenServer.call(server, "later");
        await GenServer.call(server, "continue");
        await GenServer.call(server, "timeout");
        await GenServer.call(server, "stop");
      });
      expect(text.replace(/#Ref<[\d.]+>/, "#Ref<>").split("\n")).toEqual([
        `*DBG* "Counter" got call "later" from ${me}`,
        `*DBG* "Counter" new state { count: 1 }`,
        `*DBG* "Counter" got ["answer", [${me}, #Ref<>]]`,
        `*DBG* "Counter" new state { count: 1 }`,
        `*DBG* "Counter" got call "continue" from ${me}`,
        `*DBG* "Counter" sent "ok" to ${me}, new state { count: 1 }`,
        `*DBG* "Counter" dbg  ["continue", "more"]`,
        `*DBG* "Counter" new state { count: 101 }`,
        `*DBG* "Counter" got call "timeout" from ${me}`,
        `*DBG* "Counter" new state { count: 101 }`,
        `*DBG* "Counter" got "timeout"`,
        `*DBG* "Counter" new state { count: 101 }`,
        `*DBG* "Counter" got call "stop" from ${me}`,
        `*DBG* "Counter" sent "bye" to ${me}, new state { count: 101 }`,
        "",
      ]);
    });
  });

  test("says nothing of what sys itself asks, nor anything once it is off", async () => {
    await run(async () => {
      const text = await traced(async (server) => {
        await sys.getState(server);
        await sys.suspend(server);
        await sys.resume(server);
        await sys.trace(server, false);
        await GenServer.call(server, "next");
      });
      expect(text).toBe("");
    });
  });

  test("prints at the server's group leader, whoever asks", async () => {
    await run(async () => {
      let server: Pid | undefined;
      const there = await captureIO(async () => {
        server = await GenServer.start(Counter);
        const here = await captureIO(async () => {
          await sys.trace(server as Pid, true);
          await GenServer.call(server as Pid, "next");
        });
        expect(here).toBe("");
      });
      expect(there).toContain('got call "next" from');
      // The leader is gone now: nobody sees anything, and the server goes on.
      expect(await GenServer.call(server as Pid, "next")).toBe(2);
      expect(await GenServer.call(server as Pid, "next")).toBe(3);
    });
  });

  test("shows a server of another node, there", async () => {
    await using cluster = await startCluster(["a", "b"]);
    let text = "";
    await cluster.run("b", async () => {
      text = await captureIO(async () => {
        await GenServer.start(Counter, 1, { name: "Counter" });
        await cluster.run("a", async () => {
          await sys.trace(["Counter", "b@localhost"], true);
          expect(await GenServer.call(["Counter", "b@localhost"], "next")).toBe(2);
        });
      });
    });
    expect(text).toMatch(
      /^\*DBG\* "Counter" got call "next" from #PID<[1-9]\d*\.\d+\.0>\n\*DBG\* "Counter" sent 2 to /,
    );
  });

  test("shows supervisors, registries, agents and task supervisors; those that tell no state show none", async () => {
    await run(async () => {
      const text = await captureIO(async () => {
        const supervisor = await Supervisor.startLink([], { strategy: "oneForOne", name: "Sup" });
        const tasks = await Task.Supervisor.start({ name: "Tasks" });
        const agent = await Agent.start(() => 7, { name: "Seven" });
        for (const server of [supervisor, tasks, agent]) await sys.trace(server, true);
        await Supervisor.countChildren("Sup");
        await Task.Supervisor.children("Tasks");
        await Agent.get("Seven", (n) => n + 1);
      });
      expect(text).toContain('*DBG* "Sup" got call "count_children" from ');
      expect(text).toMatch(/\*DBG\* "Sup" sent .+ to #PID<[\d.]+>\n/);
      expect(text).toContain('*DBG* "Tasks" got call "which_children" from ');
      expect(text).toMatch(/\*DBG\* "Seven" sent 8 to #PID<[\d.]+>, new state 7\n/);
      const registry = await Registry.startLink({ keys: "unique", name: "Names" });
      expect(await sys.statistics(registry, true)).toBe("ok");
    });
  });

  test("begins with the server, as an option of its start", async () => {
    await run(async () => {
      let server: Pid | undefined;
      const text = await captureIO(async () => {
        server = await GenServer.start(Counter, 1, { debug: ["trace", ["log", 2], "statistics"] });
        await GenServer.call(server, "next");
      });
      expect(text).toMatch(/^\*DBG\* #PID<[\d.]+> got call "next"/);
      expect(await sys.log(server as Pid, "get")).toHaveLength(2);
      expect(await sys.statistics(server as Pid, "get")).toMatchObject({ messagesIn: 1, messagesOut: 1 });
      await expect(GenServer.start(Counter, 1, { debug: ["trance" as "trace"] })).rejects.toMatchObject({
        code: "badarg",
      });
    });
  });
});

describe("sys.log", () => {
  test("keeps the last events as they were then", async () => {
    await run(async () => {
      class List extends GenServer {
        readonly items: number[] = [];
        handleCast(item: number): void {
          this.items.push(item);
        }
      }
      const server = await GenServer.start(List);
      expect(await sys.log(server, "get")).toEqual([]);
      expect(await sys.log(server, [true, 3])).toBe("ok");
      for (const n of [1, 2, 3]) GenServer.cast(server, n);
      const events = [
        ["noreply", { items: [1, 2] }],
        ["in", ["$gen_cast", 3]],
        ["noreply", { items: [1, 2, 3] }],
      ];
      expect(await sys.log(server, "get")).toEqual(events);
      expect(await sys.getStatus(server)).toMatchObject({
        3: { 4: { 1: ["data", { 2: ["Logged events", events] }] } },
      });
      expect(await sys.log(server, false)).toBe("ok");
      expect(await sys.log(server, "get")).toEqual([]);
      for (const how of [[true, 0], [true, 1.5], "all"])
        await expect(sys.log(server, how as unknown as true)).rejects.toMatchObject({ code: "badarg" });
    });
  });

  test("keeps ten unless told, and prints them as trace does", async () => {
    await run(async () => {
      const text = await captureIO(async () => {
        const server = await GenServer.start(Counter, 0, { name: "Counter" });
        await sys.log(server, true);
        for (let n = 0; n < 8; n++) await GenServer.call(server, "next");
        expect(await sys.log(server, "get")).toHaveLength(10);
        await sys.log(server, "print");
      });
      expect(text.match(/^\*DBG\* "Counter" sent (\d) to /gm)).toHaveLength(5);
      expect(text).toContain("new state { count: 8 }");
    });
  });
});

describe("sys.logToFile", () => {
  test("writes what trace prints, until it is switched off", async () => {
    const folder = await mkdtemp(join(tmpdir(), "moebi-"));
    try {
      await run(async () => {
        const file = join(folder, "log.txt");
        const server = await GenServer.start(Counter, 0, { name: "Counter" });
        expect(await sys.logToFile(server, file)).toBe("ok");
        await GenServer.call(server, "next");
        expect(await sys.logToFile(server, false)).toBe("ok");
        await GenServer.call(server, "next");
        expect((await readFile(file, "utf8")).split("\n")).toEqual([
          expect.stringContaining('got call "next"'),
          expect.stringContaining("new state { count: 1 }"),
          "",
        ]);
        await expect(sys.logToFile(server, join(folder, "no", "log.txt"))).rejects.toMatchObject({ code: "open_file" });
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("sys.statistics", () => {
  test("counts messages and answers while it is on", async () => {
    await run(async () => {
      const server = await GenServer.start(Counter);
      expect(await sys.statistics(server, "get")).toBe("noStatistics");
      await sys.statistics(server, true);
      await GenServer.call(server, "next");
      GenServer.cast(server, 1);
      send(server, "info");
      expect(await sys.statistics(server, "get")).toEqual({
        startTime: expect.any(Date) as Date,
        currentTime: expect.any(Date) as Date,
        messagesIn: 3,
        messagesOut: 1,
      });
      await sys.statistics(server, false);
      expect(await sys.statistics(server, "get")).toBe("noStatistics");
    });
  });
});

describe("sys.install", () => {
  test("tells a function of each event until it says that it is done", async () => {
    await run(async () => {
      const server = await GenServer.start(Counter, 0, { name: "Counter" });
      const events: unknown[] = [];
      const fn = (left: unknown, [kind]: readonly unknown[], name: unknown): unknown => {
        events.push([left, kind, name]);
        return left === 1 ? "done" : (left as number) - 1;
      };
      expect(await sys.install(server, [fn, 3])).toBe("ok");
      await GenServer.call(server, "next");
      await GenServer.call(server, "next");
      expect(events).toEqual([
        [3, "in", "Counter"],
        [2, "out", "Counter"],
        [1, "in", "Counter"],
      ]);
    });
  });

  test("is ended by its id or function; one that throws is taken away, and the server lives", async () => {
    await run(async () => {
      const server = await GenServer.start(Counter);
      let told = 0;
      const count = (): number => ++told;
      await sys.install(server, ["mine", count, 0]);
      await sys.install(server, ["mine", () => (told += 100), 0]);
      await sys.remove(server, "other");
      await GenServer.call(server, "next");
      expect(told).toBe(2);
      await sys.remove(server, "mine");
      await sys.install(server, [count, 0]);
      await sys.remove(server, count);
      await GenServer.call(server, "next");
      expect(told).toBe(2);
      let thrown = 0;
      const failing = (): never => {
        thrown++;
        throw new Error("boom");
      };
      await sys.install(server, [failing, 0]);
      await GenServer.call(server, "next");
      expect(thrown).toBe(1);
    });
  });
});

describe("sys.noDebug", () => {
  test("switches everything off", async () => {
    await run(async () => {
      let told = 0;
      const text = await captureIO(async () => {
        const server = await GenServer.start(Counter, 0, { debug: ["trace", "log", "statistics"] });
        await sys.install(server, [() => ++told, 0]);
        expect(await sys.noDebug(server)).toBe("ok");
        await GenServer.call(server, "next");
        expect(await sys.log(server, "get")).toEqual([]);
        expect(await sys.statistics(server, "get")).toBe("noStatistics");
      });
      expect([text, told]).toEqual(["", 0]);
    });
  });
});

describe("sys.terminate", () => {
  test("orders a server to end, and gives ok before it has", async () => {
    await run(async () => {
      const server = await GenServer.start(Counter);
      const ref = Process.monitor(server);
      expect(await sys.terminate(server, "shutdown")).toBe("ok");
      expect(await receive()).toEqual(["DOWN", ref, "process", server, "shutdown"]);
    });
  });
});
