import { beforeEach, describe, expect, test } from "vitest";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import { pidOf } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";
import { ended, mailbox } from "../support/processes.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ name: "here@localhost", log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);
const badarg = expect.objectContaining({ code: "badarg" });

describe("names", () => {
  test("PROC-026: a dead pid can't be registered, and the name stays free", async () => {
    await run(async () => {
      const dead = spawn(() => undefined);
      await ended(dead);
      expect(() => Process.register(dead, "name")).toThrow(badarg);
      expect(Process.whereis("name")).toBeNull();
      expect(() => Process.register(pidOf("there@localhost", 1, 0, 1), "name")).toThrow(badarg);
    });
  });

  test("PROC-049: a process has one name, and a name one process", async () => {
    await run(() => {
      const other = spawn(() => receive());
      Process.register(self(), "first");
      expect(() => Process.register(self(), "second")).toThrow(badarg);
      expect(() => Process.register(other, "first")).toThrow(badarg);
      expect(Process.registered()).toEqual(["first"]);
      expect(Process.whereis("first")).toBe(self());
    });
  });

  test("PROC-050: a name nobody holds can't be freed", async () => {
    await run(() => {
      expect(() => Process.unregister("name")).toThrow(badarg);
      Process.register(self(), "name");
      expect(Process.unregister("name")).toBe(true);
      expect(Process.register(self(), "other")).toBe(true);
    });
  });

  test.each([undefined, null, "undefined", "null", "", 7, {}])("PROC-051: %j is no name", async (name) => {
    // @ts-expect-error -- some are no strings
    await run(() => expect(() => Process.register(self(), name)).toThrow(badarg));
  });

  test("a name of the node's own can't be taken", async () => {
    runtime.reserved.add("net_kernel");
    await run(() => expect(() => Process.register(self(), "net_kernel")).toThrow(badarg));
  });
});

describe("Process.alive() and Process.info()", () => {
  test("DIST-030: for a process of another node are refused, whether it lives or not", async () => {
    await run(() => {
      const remote = pidOf("there@localhost", 1, 0, 1);
      expect(() => Process.alive(remote)).toThrow(badarg);
      expect(() => Process.info(remote)).toThrow(badarg);
    });
  });

  test("tell of the living, and of the dead that they are", async () => {
    await run(async () => {
      const pid = spawn(() => receive());
      expect(Process.alive(pid)).toBe(true);
      expect(Process.list()).toEqual([self(), pid]);
      Process.exit(pid, "end");
      expect(Process.alive(pid)).toBe(false);
      expect(Process.info(pid)).toBeNull();
    });
  });
});

describe("Process.groupLeader()", () => {
  test("is the spawner's, and can be set for oneself and another", async () => {
    await run(async () => {
      const leader = spawn(() => receive());
      expect(Process.groupLeader(self(), leader)).toBe(true);
      const me = self();
      spawn(() => send(me, Process.groupLeader()));
      expect(await receive()).toBe(leader);
      Process.exit(leader, "end");
      expect(() => Process.groupLeader(leader, me)).toThrow(badarg);
    });
  });
});

describe("flags, dictionary, aborting", () => {
  test("a flag gives its former value", async () => {
    await run(() => {
      expect([Process.flag("trapExit", true), Process.flag("trapExit", false)]).toEqual([false, true]);
      // @ts-expect-error -- no such flag
      expect(() => Process.flag("priority", true)).toThrow(badarg);
    });
  });

  test("the dictionary is the process' own, across awaits", async () => {
    await run(async () => {
      expect(Process.put("key", 1)).toBeNull();
      Process.put("other", 2);
      expect([Process.getKeys(), Process.getKeys(2), Process.getKeys(undefined)]).toEqual([
        ["key", "other"],
        ["other"],
        [],
      ]);
      Process.delete("other");
      await Promise.resolve();
      expect(Process.put("key", undefined)).toBe(1);
      expect(Process.get("key", "none")).toBeUndefined();
      const me = self();
      spawn(() => send(me, ["other", Process.get("key", "none")]));
      expect(await receive()).toEqual(["other", "none"]);
      expect(Process.delete("key")).toBeNull();
      expect(Process.get("key")).toBeNull();
    });
  });

  test("the signal is aborted when the process exits", async () => {
    await run(async () => {
      let signal: AbortSignal | undefined;
      await ended(spawn(() => void (signal = Process.signal())));
      expect(signal?.aborted).toBe(true);
    });
  });
});

describe("Process.send() and Process.yield()", () => {
  test("send as told: without connecting, without waiting", async () => {
    runtime.router = { route: () => undefined, state: () => "busy", drained: () => undefined };
    await run(() => {
      const remote = pidOf("there@localhost", 1, 0, 1);
      expect(Process.send(remote, 1, { nosuspend: true })).toBe("nosuspend");
      expect(Process.send(remote, 1)).toBe("ok");
      expect(Process.send(self(), 1, { nosuspend: true, noconnect: true })).toBe("ok");
      expect(mailbox()).toEqual([1]);
      runtime.router = { route: () => expect.fail("sent"), state: () => "down", drained: () => undefined };
      expect(Process.send(["name", "there@localhost"], 1, { noconnect: true })).toBe("noconnect");
    });
  });

  test("PROC-069: a computation that yields lets others run between", async () => {
    await run(async () => {
      const order: string[] = [];
      const busy = (name: string) => async (): Promise<void> => {
        for (let i = 0; i < 2; i++) {
          order.push(name);
          await Process.yield();
        }
      };
      const pids = [spawn(busy("a")), spawn(busy("b"))];
      for (const pid of pids) await ended(pid);
      expect(order).toEqual(["a", "b", "a", "b"]);
    });
  });
});
