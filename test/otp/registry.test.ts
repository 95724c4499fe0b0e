import { beforeEach, describe, expect, test } from "vitest";
import { GenServer } from "../../src/otp/gen-server.ts";
import { Registry, type RegistryOptions } from "../../src/otp/registry.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnMonitor } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

/** A process that has registered, and does what it is sent. */
async function owner(registry: string, key: unknown, value?: unknown): Promise<Pid> {
  const me = self();
  const pid = spawn(async () => {
    Registry.register(registry, key, value);
    send(me, "registered");
    for (;;) ((await receive()) as () => unknown)();
  });
  await receive((m) => m === "registered");
  return pid;
}

async function end(pid: Pid): Promise<void> {
  const ref = Process.monitor(pid);
  Process.exit(pid, "kill");
  await receive((m) => Array.isArray(m) && m[1] === ref);
}

// REGISTRY-022: with several partitions all is as with one.
describe.each([1, 8])("a registry with unique keys and %i partitions", (partitions) => {
  const start = (options: Partial<RegistryOptions> = {}): Promise<Pid> =>
    Registry.startLink({ keys: "unique", name: "R", partitions, ...options });

  test("REGISTRY-022: a key has one owner; another is told who", async () => {
    await run(async () => {
      const registry = await start();
      const other = await owner("R", "k", 1);
      expect(Registry.lookup("R", "k")).toEqual([[other, 1]]);
      expect(() => Registry.register("R", "k", 2)).toThrow(
        expect.objectContaining({ code: "already_registered", pid: other, reason: ["already_registered", other] }),
      );
      expect(Registry.register("R", "mine")).toBe(registry);
      expect(Registry.keys("R", self())).toEqual(["mine"]);
      expect(Registry.values("R", "k", other)).toEqual([1]);
      expect(Registry.values("R", "k", self())).toEqual([]);
      expect(Registry.count("R")).toBe(2);
      expect(Registry.lookup("R", "none")).toEqual([]);
    });
  });

  test("REGISTRY-003: the entries of a process go with it, in the same turn, however it ends", async () => {
    await run(async () => {
      await start();
      for (const finish of [(pid: Pid) => Process.exit(pid, "kill"), (pid: Pid) => Process.exit(pid, "shutdown")]) {
        const pid = await owner("R", "k");
        finish(pid);
        expect([Registry.lookup("R", "k"), Registry.keys("R", pid), Registry.count("R")]).toEqual([[], [], 0]);
      }
      const [, ref] = spawnMonitor(() => {
        Registry.register("R", "k");
        exit("normal");
      });
      await receive((m) => Array.isArray(m) && m[1] === ref);
      expect(Registry.count("R")).toBe(0);
    });
  });

  test("REGISTRY-004: a key is free at once when its owner has died", async () => {
    await run(async () => {
      await start();
      const pid = await owner("R", "k");
      Process.exit(pid, "kill");
      Registry.register("R", "k", "new");
      await Process.yield();
      expect(Registry.lookup("R", "k")).toEqual([[self(), "new"]]);
    });
  });

  test("REGISTRY-008: its owner updates a value; nobody else, and their function is not called", async () => {
    await run(async () => {
      await start();
      Registry.register("R", "k", 1);
      expect(Registry.updateValue("R", "k", (n) => (n as number) + 1)).toEqual([2, 1]);
      expect(Registry.lookup("R", "k")).toEqual([[self(), 2]]);
      await owner("R", "theirs");
      const called: unknown[] = [];
      expect(() => Registry.updateValue("R", "theirs", (value) => called.push(value))).toThrow(
        expect.objectContaining({ code: "not_registered" }),
      );
      expect(called).toEqual([]);
    });
  });

  test("REGISTRY-009: keys of different kinds are different", async () => {
    await run(async () => {
      await start();
      const all = [1, "1", 1n, true, "true", null, undefined, ["1"], [1]];
      for (const key of all) Registry.register("R", key, typeof key);
      expect(Registry.keys("R", self())).toEqual(all);
      expect(Registry.lookup("R", "1")).toEqual([[self(), "string"]]);
    });
  });

  test("REGISTRY-010: structured keys match by their whole value, and belong to the registry", async () => {
    await run(async () => {
      await start();
      const key = ["room", { id: 7, at: self() }];
      Registry.register("R", key, 1);
      key.push("more");
      expect(Registry.lookup("R", ["room", { at: self(), id: 7 }])).toEqual([[self(), 1]]);
      for (const other of [["room"], ["room", { id: 7 }], ["room", { id: 7, at: self() }, "more"], { id: 7 }, "_"])
        expect(Registry.lookup("R", other)).toEqual([]);
    });
  });

  test("REGISTRY-013: listeners hear of what comes and goes", async () => {
    await run(async () => {
      Process.register(self(), "Listener");
      await start({ listeners: ["Listener", "Nobody"] });
      Registry.register("R", "k", 1);
      expect(await receive()).toEqual(["register", "R", "k", self(), 1]);
      Registry.unregister("R", "k");
      expect(await receive()).toEqual(["unregister", "R", "k", self()]);
      const pid = await owner("R", "k");
      expect(await receive()).toEqual(["register", "R", "k", pid, null]);
      await end(pid);
      expect(await receive()).toEqual(["unregister", "R", "k", pid]);
    });
  });

  test("REGISTRY-014: owners are linked with the registry, until their last entry is gone", async () => {
    await run(async () => {
      const registry = await start();
      const links = (pid: Pid): readonly Pid[] => Process.info(pid)?.links ?? [];
      const pid = await owner("R", "a");
      send(pid, () => Registry.register("R", "b"));
      send(pid, () => Registry.unregister("R", "a"));
      await Process.yield();
      expect(links(pid)).toEqual([registry]);
      send(pid, () => Registry.unregister("R", "b"));
      await Process.yield();
      expect(links(pid)).toEqual([]);
      // Who has started it stays linked for that.
      Registry.register("R", "mine");
      Registry.unregister("R", "mine");
      expect(links(self())).toEqual([registry]);
    });
  });

  test("keeps names for servers, which others then know by { via }", async () => {
    class Room extends GenServer {
      handleCall(): Pid {
        return self();
      }
    }
    await run(async () => {
      await start();
      const name = { via: [Registry, ["R", ["room", 7]]] } as const;
      const room = await GenServer.startLink(Room, undefined, { name });
      expect(await GenServer.call(name, "who")).toBe(room);
      expect(await GenServer.call({ via: ["Registry", ["R", ["room", 7]]] }, "who")).toBe(room);
      expect(GenServer.whereis(name)).toBe(room);
      await expect(GenServer.start(Room, undefined, { name })).rejects.toMatchObject({
        reason: ["already_started", room],
      });
      await GenServer.stop(name);
      expect(GenServer.whereis(name)).toBeNull();
      await expect(GenServer.call(name, "who")).rejects.toMatchObject({ reason: ["noproc", {}] });
      await expect(GenServer.call({ via: [Registry, ["None", 1]] }, "who")).rejects.toThrow('Unknown registry: "None"');
    });
  });

  test("REGISTRY-019: a value in the name is the entry's", async () => {
    class Room extends GenServer {
      handleCall(): void {
        return undefined;
      }
    }
    await run(async () => {
      await start();
      const room = await GenServer.startLink(Room, undefined, { name: { via: [Registry, ["R", "k", { size: 3 }]] } });
      expect(Registry.lookup("R", "k")).toEqual([[room, { size: 3 }]]);
    });
  });
});

describe.each([1, 8])("a registry with duplicate keys and %i partitions", (partitions) => {
  const start = (): Promise<Pid> => Registry.startLink({ keys: "duplicate", name: "D", partitions });

  test("REGISTRY-002: a key has any number of entries, of one process too", async () => {
    await run(async () => {
      await start();
      Registry.register("D", "k", 1);
      Registry.register("D", "k", 2);
      const other = await owner("D", "k", 3);
      expect(Registry.lookup("D", "k")).toEqual([
        [self(), 1],
        [self(), 2],
        [other, 3],
      ]);
      expect(Registry.keys("D", self())).toEqual(["k", "k"]);
    });
  });

  test("REGISTRY-007: one unregisters one's own entries under that key, all or some", async () => {
    await run(async () => {
      await start();
      const other = await owner("D", "k", 3);
      for (const value of [1, 2]) Registry.register("D", "k", value);
      Registry.register("D", "l");
      expect(Registry.unregisterMatch("D", "k", (value) => value === 1)).toBe("ok");
      expect(Registry.values("D", "k", self())).toEqual([2]);
      expect(Registry.unregister("D", "k")).toBe("ok");
      expect(Registry.unregister("D", "none")).toBe("ok");
      expect(Registry.lookup("D", "k")).toEqual([[other, 3]]);
      expect(Registry.keys("D", self())).toEqual(["l"]);
    });
  });

  test("REGISTRY-021: dispatch reaches each entry once", async () => {
    runtime.modules.define("Sender", {
      all: (entries: [Pid, unknown][], with_: string) => entries.map(([pid]) => send(pid, with_)),
    });
    await run(async () => {
      await start();
      for (const value of [1, 2, 3]) Registry.register("D", "k", value);
      const seen: unknown[] = [];
      const dispatched = Registry.dispatch("D", "k", (entries) =>
        seen.push(self(), ...entries.map(([, value]) => value)),
      );
      expect(seen).toEqual([self(), 1, 2, 3]);
      expect(await dispatched).toBe("ok");
      const apart: unknown[] = [];
      const see = (entries: readonly (readonly [Pid, unknown])[]): unknown =>
        apart.push(self(), ...entries.map(([, value]) => value));
      expect(await Registry.dispatch("D", "k", see, { parallel: true })).toBe("ok");
      expect(apart).toEqual([expect.not.objectContaining({ id: self().id }), 1, 2, 3]);
      await Registry.dispatch("D", "k", ["Sender", "all", ["hello"]]);
      expect(Process.info(self())?.messages).toEqual(["hello", "hello", "hello"]);
      expect(await Registry.dispatch("D", "none", () => expect.fail("nobody to call it for"))).toBe("ok");
      await expect(Registry.dispatch("D", "k", () => Promise.reject(new Error("x")))).rejects.toThrow("x");
    });
  });

  test("finds and counts entries by a predicate", async () => {
    await run(async () => {
      await start();
      for (const [key, value] of [
        ["a", 1],
        ["a", 2],
        ["b", 3],
      ] as const)
        Registry.register("D", key, value);
      expect(Registry.match("D", "a", (value) => value === 2)).toEqual([[self(), 2]]);
      expect(Registry.countMatch("D", "a", (_, pid) => pid === self())).toBe(2);
      expect(Registry.select("D", (key, _, value) => (key === "b" ? value : undefined))).toEqual([3]);
      expect(Registry.countSelect("D", (_key, _pid, value) => (value as number) > 1)).toBe(2);
    });
  });

  test("its keys are no names, and have no value to update", async () => {
    await run(async () => {
      await start();
      expect(() => Registry.whereisName(["D", "k"])).toThrow("has duplicate keys");
      expect(() => Registry.updateValue("D", "k", (n) => n)).toThrow("unique keys");
    });
  });
});

describe("Registry", () => {
  test("shares nothing with those who register and look up", async () => {
    await run(async () => {
      await Registry.startLink({ keys: "unique", name: "R" });
      const value = { list: [1] };
      Registry.register("R", "k", value);
      value.list.push(2);
      (Registry.lookup("R", "k")[0]?.[1] as typeof value).list.push(3);
      expect(Registry.lookup("R", "k")).toEqual([[self(), { list: [1] }]]);
    });
  });

  test("keeps what is put for it", async () => {
    await run(async () => {
      await Registry.startLink({ keys: "unique", name: "R", meta: { a: 1 } });
      expect(Registry.meta("R", "a")).toBe(1);
      expect(Registry.putMeta("R", ["b"], 2)).toBe("ok");
      expect(Registry.meta("R", ["b"])).toBe(2);
      expect(Registry.meta("R", "b")).toBeNull();
      expect(Registry.deleteMeta("R", "a")).toBe("ok");
      expect(Registry.meta("R", "a")).toBeNull();
    });
  });

  test("REGISTRY-016: locks by key", async () => {
    await run(async () => {
      await Registry.startLink({ keys: "unique", name: "R" });
      const marks: string[] = [];
      const mark = (name: string) => async () => {
        marks.push(`${name} begins`);
        await Process.yield();
        marks.push(`${name} ends`);
        return name;
      };
      const locked = [Registry.lock("R", "k", mark("a")), Registry.lock("R", "k", mark("b"))];
      expect(await Promise.all(locked)).toEqual(["a", "b"]);
      expect(marks).toEqual(["a begins", "a ends", "b begins", "b ends"]);
    });
  });

  test("ends with its owners, and is unknown from then on", async () => {
    await run(async () => {
      Process.flag("trapExit", true);
      const registry = await Registry.startLink({ keys: "unique", name: "R" });
      const pid = await owner("R", "k");
      Process.exit(registry, "kill");
      expect(Process.alive(pid)).toBe(false);
      expect(() => Registry.lookup("R", "k")).toThrow('Unknown registry: "R"');
      await Registry.startLink({ keys: "unique", name: "R" });
      expect(Registry.count("R")).toBe(0);
    });
  });

  test("refuses options that are wrong, and a name that is taken", async () => {
    await run(async () => {
      for (const [option, value] of Object.entries({ keys: "some", name: 1, partitions: 0, listeners: "L" }))
        await expect(Registry.startLink({ keys: "unique", name: "R", [option]: value })).rejects.toThrow(
          `The option ${option}`,
        );
      const pid = await Registry.startLink({ keys: "unique", name: "R" });
      await expect(Registry.startLink({ keys: "unique", name: "R" })).rejects.toMatchObject({
        reason: ["already_started", pid],
      });
      expect(Registry.childSpec({ keys: "unique", name: "R" })).toEqual({
        id: "R",
        start: ["Registry", "startLink", [{ keys: "unique", name: "R" }]],
        type: "supervisor",
      });
    });
  });
});
