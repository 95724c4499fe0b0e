import { beforeEach, describe, expect, test } from "vitest";
import { GenServer, type GenServerOptions, type ServerClass } from "../../src/otp/gen-server.ts";
import type { From } from "../../src/process/call.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnMonitor } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";
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

describe("GenServer.call()", () => {
  test("GENSERVER-002: waits for the handler's reply, and the next call sees what it changed", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server);
      expect(await GenServer.call(server, "get")).toBe(0);
      GenServer.cast(server, ["set", { a: 1 }]);
      expect(await GenServer.call(server, "get")).toEqual({ a: 1 });
    });
  });

  test("GENSERVER-003: the next message waits for a handler that awaits", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server);
      const values = [1, 2, 3].map((n) => GenServer.call(server, ["slowly", n]));
      expect(await Promise.all(values)).toEqual([1, 2, 3]);
    });
  });

  test("shares nothing with the server, neither request nor reply", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server);
      const list = [1];
      const got = (await GenServer.call(server, ["slowly", list])) as number[];
      list.push(2);
      got.push(3);
      expect(await GenServer.call(server, "get")).toEqual([1]);
    });
  });

  test("GENSERVER-006: nobody there: the caller exits with noproc and the call", async () => {
    await run(async () => {
      const dead = spawn(() => undefined);
      await ended(dead);
      for (const server of ["Nobody", dead] as const) {
        expect(await exitOf(() => GenServer.call(server, "get"))).toEqual([
          "noproc",
          ["GenServer", "call", [server, "get", 5000]],
        ]);
      }
    });
  });

  test("GENSERVER-009: an answer that comes too late is lost", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server);
      void settled().then(() => clock.advance(10));
      expect(await exitOf(() => GenServer.call(server, "later", 10))).toEqual([
        "timeout",
        ["GenServer", "call", [server, "later", 10]],
      ]);
      GenServer.cast(server, "late");
      expect(await GenServer.call(server, "get")).toBe(0);
      expect(mailbox()).toEqual([]);
    });
  });

  test.each(["pid", "name", "pair"])(
    "GENSERVER-012: a server that calls itself, by its %s, exits at once",
    async (by) => {
      class Selfish extends GenServer {
        async handleCall(): Promise<unknown> {
          const me = by === "pid" ? self() : by === "name" ? "Selfish" : (["Selfish", runtime.name] as const);
          return GenServer.call(me as "Selfish", "again").catch(
            (error: unknown) => (error as { reason: unknown[] }).reason[0],
          );
        }
      }
      await run(async () => {
        const server = await GenServer.startLink(Selfish, undefined, { name: "Selfish" });
        expect(await GenServer.call(server, "go")).toBe("calling_self");
      });
    },
  );

  test("GENSERVER-024: a reply later, from a later handler or another process", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server);
      const later = GenServer.call(server, "later");
      GenServer.cast(server, "now");
      expect(await later).toBe("now");

      class Handing extends GenServer {
        handleCall(_request: unknown, from: From) {
          spawn(() => GenServer.reply(from, "by another"));
          return this.noreply();
        }
      }
      expect(await GenServer.call(await started(Handing), 1)).toBe("by another");
    });
  });

  test("GENSERVER-040: a full mailbox of the caller is not looked at", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server);
      for (let i = 0; i < 5000; i++) send(self(), i);
      const looked: unknown[] = [];
      const { mailbox: box } = (await import("../../src/process/context.ts")).current();
      const take = box.take.bind(box);
      box.take = (match) => {
        looked.push(match);
        return take(match);
      };
      for (let i = 0; i < 100; i++) await GenServer.call(server, "get");
      expect(looked).toEqual([]);
      expect(mailbox()).toHaveLength(5000);
    });
  });
});

describe("GenServer.cast()", () => {
  test("GENSERVER-004: ok at once; the handler runs later", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server);
      expect(GenServer.cast(server, ["set", 1])).toBe("ok");
      expect(await GenServer.call(server, "get")).toBe(1);
    });
  });

  test("GENSERVER-005: ok also if nobody is there", async () => {
    await run(async () => {
      const dead = spawn(() => undefined);
      await ended(dead);
      for (const server of [dead, "Nobody", ["Nobody", runtime.name], ["Nobody", "absent@localhost"]] as const) {
        expect(GenServer.cast(server as Pid, 1)).toBe("ok");
      }
      expect(GenServer.cast({ via: ["NoModule", 1] }, 1)).toBe("ok");
    });
  });
});

describe("GenServer.startLink()", () => {
  test("GENSERVER-016: ignore", async () => {
    class Never extends GenServer {
      init() {
        return this.ignore();
      }
    }
    await run(async () => {
      Process.flag("trapExit", true);
      expect(await GenServer.startLink(Never, undefined, { name: "Never" })).toBe("ignore");
      expect(await receive()).toEqual(["EXIT", expect.anything(), "normal"]);
      expect(Process.whereis("Never")).toBeNull();
    });
  });

  test("GENSERVER-017: an init that throws: told to a starter that traps exits, and the death of one that does not", async () => {
    class Broken extends GenServer {
      init(): void {
        throw new TypeError("broken");
      }
    }
    await run(async () => {
      await expect(GenServer.start(Broken)).rejects.toThrow(new TypeError("broken"));
      const [starter, ref] = spawnMonitor(() => GenServer.startLink(Broken));
      expect(await receive()).toMatchObject(["DOWN", ref, "process", starter, { message: "broken" }]);
      Process.flag("trapExit", true);
      await expect(GenServer.startLink(Broken)).rejects.toThrow("broken");
      expect(await receive()).toMatchObject(["EXIT", expect.anything(), { message: "broken" }]);
      expect(log).toEqual([]);
    });
  });

  test("an init that stops: its reason", async () => {
    class Stopping extends GenServer {
      init(reason: unknown) {
        return this.stop(reason);
      }
    }
    await run(async () => {
      await expect(GenServer.start(Stopping, ["why", 1])).rejects.toMatchObject({ code: "why", reason: ["why", 1] });
    });
  });

  test("GENSERVER-018: a name in use: already_started, with its holder, and the newcomer is gone", async () => {
    await run(async () => {
      const first = await GenServer.startLink(Server, self(), { name: "Main" });
      const before = Process.list().length;
      const second = GenServer.startLink(Server, self(), { name: "Main" });
      await expect(second).rejects.toMatchObject({ code: "already_started", reason: ["already_started", first] });
      expect(Process.list()).toHaveLength(before);
    });
  });

  test("GENSERVER-036: what init wants to continue with runs before any message", async () => {
    class Continuing extends GenServer {
      seen: unknown[] = [];
      init(owner: Pid) {
        send(self(), "early");
        send(owner, "initialised");
        return this.continueWith("first");
      }
      async handleContinue(arg: string): Promise<unknown> {
        await Process.yield();
        this.seen.push(arg);
        return arg === "first" ? this.continueWith("second") : undefined;
      }
      handleInfo(message: unknown): void {
        this.seen.push(message);
      }
      handleCall(): unknown {
        return this.seen;
      }
    }
    await run(async () => {
      const server = await GenServer.startLink(Continuing, self());
      expect(await GenServer.call(server, "seen")).toEqual(["first", "second", "early"]);
    });
  });

  test("knows the class by its module's name, and tells what it runs", async () => {
    await run(async () => {
      runtime.modules.define("Main.Server", class extends Server {});
      const server = await GenServer.startLink("Main.Server");
      expect(Process.info(server)?.initialCall).toBe("Main.Server.init/1");
      await expect(GenServer.startLink("Nobody")).rejects.toThrow("A server is a class");
      await expect(GenServer.startLink((() => 1) as never)).rejects.toThrow("A server is a class");
      await expect(GenServer.startLink(Server, self(), { name: 1 as never })).rejects.toThrow("The option name");
    });
  });
});

describe("a timeout", () => {
  test("GENSERVER-035: handleInfo gets it if no message comes in time; any message ends the wait", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server, self());
      await GenServer.call(server, ["within", 10]);
      await settled();
      clock.advance(9);
      send(server, "hello");
      expect(await receive()).toEqual(["info", "hello"]);
      clock.advance(100);
      await GenServer.call(server, ["within", 10]);
      await settled();
      expect(mailbox()).toEqual([]);
      clock.advance(10);
      expect(await receive()).toEqual(["info", "timeout"]);
    });
  });
});

describe("GenServer.whereis()", () => {
  test("GENSERVER-026: a pid for a name, a pid, a pair with this node; the pair of another node; null", async () => {
    await run(async () => {
      const server = await GenServer.startLink(Server, undefined, { name: "Main" });
      expect(GenServer.whereis("Main")).toBe(server);
      expect(GenServer.whereis(server)).toBe(server);
      expect(GenServer.whereis(["Main", runtime.name])).toBe(server);
      expect(GenServer.whereis(["Main", "kate@localhost"])).toEqual(["Main", "kate@localhost"]);
      expect(GenServer.whereis("Nobody")).toBeNull();
    });
  });
});

describe("GenServer.childSpec()", () => {
  test("is that of a class, by its own startLink if it has one", () => {
    class Own extends Server {
      static override startLink(arg: unknown): Promise<Pid> {
        return started(Own, arg);
      }
    }
    expect(GenServer.childSpec(Server, 1)).toEqual({ id: "Server", start: ["GenServer", "startLink", [Server, 1]] });
    expect(GenServer.childSpec("Server", 1, { id: 7, restart: "transient" })).toEqual({
      id: 7,
      start: ["GenServer", "startLink", ["Server", 1]],
      restart: "transient",
    });
    expect(Server.childSpec(1)).toEqual({ id: "Server", start: ["GenServer", "startLink", [Server, 1]] });
    expect(Own.childSpec(1)).toEqual({ id: "Own", start: [Own, "startLink", [1]] });
  });
});
