import { beforeEach, describe, expect, test } from "vitest";
import {
  plainName,
  provideVia,
  registerServer,
  resolveServer,
  sendToServer,
  unregisterServer,
  type ViaModule,
  whereisServer,
} from "../../src/otp/server-name.ts";
import { current } from "../../src/process/context.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

/** Keeps names in a map; answers at once, or as one does who has to ask other nodes. */
function keeper(slow = false): ViaModule {
  const names = new Map<unknown, Pid>();
  const give = <T>(value: T): T | Promise<T> => (slow ? Promise.resolve(value) : value);
  return {
    registerName(name, pid) {
      if (names.has(name)) return give("no");
      names.set(name, pid);
      return give("yes");
    },
    unregisterName: (name) => give(names.delete(name)),
    whereisName: (name) => give(names.get(name) ?? null),
    send(name, message) {
      const pid = names.get(name);
      if (pid === undefined) throw new Error("nobody");
      return send(pid, message);
    },
  };
}

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

describe("registerServer()", () => {
  test("gives a name on the node, and tells who holds it", async () => {
    await run(async () => {
      await registerServer(current(), "Main");
      expect(Process.whereis("Main")).toBe(self());
      expect(await registerServer(current(), "Main")).toBe(self());
      await unregisterServer(current(), "Main");
      expect(Process.whereis("Main")).toBeNull();
    });
  });

  test.each([false, true])("gives a name that a module keeps (slow: %s)", async (slow) => {
    const via = [keeper(slow), "key"] as const;
    await run(async () => {
      await registerServer(current(), { via });
      expect(await whereisServer(current(), { via })).toBe(self());
      expect(await registerServer(current(), { via })).toBe(self());
      await unregisterServer(current(), { via });
      expect(await resolveServer(current(), { via })).toBeNull();
    });
  });

  test("finds modules by name: the node's own, as they are now, and those that are provided", async () => {
    runtime.modules.define("Keeper", keeper());
    provideVia("ServerNameTest", keeper(true));
    await run(async () => {
      await registerServer(current(), { via: ["Keeper", 1] });
      expect(await resolveServer(current(), { via: ["Keeper", 1] })).toBe(self());
      runtime.modules.define("Keeper", keeper());
      expect(await resolveServer(current(), { via: ["Keeper", 1] })).toBeNull();
      await registerServer(current(), { via: ["ServerNameTest", "one"] });
      expect(await resolveServer(current(), { via: ["ServerNameTest", "one"] })).toBe(self());
      expect(() => resolveServer(current(), { via: ["Nobody", 1] })).toThrow('There is no module "Nobody"');
    });
  });
});

test("a name once provided is not another module's", () => {
  const one = keeper();
  provideVia("ServerNameTest.once", one);
  provideVia("ServerNameTest.once", one);
  expect(() => provideVia("ServerNameTest.once", keeper())).toThrow("is provided already");
});

describe("plainName()", () => {
  test("refuses what is no name", () => {
    for (const name of ["Main", { global: 1 }, { via: ["Registry", ["R", 1]] }]) expect(plainName(name)).toBe(name);
    for (const name of [1, null, ["Main", "a@b"], { via: ["Registry"] }, {}])
      expect(() => plainName(name)).toThrow("The option name is");
  });

  test("gives the name of a class: of the module it is, else its own", () => {
    class Own {}
    const before = class Before {};
    const after = class After {};
    runtime.modules.define("Shop.Till", before);
    runtime.modules.define("Shop.Till", after);
    expect(plainName(Own)).toBe("Own");
    expect([plainName(before), plainName(after)]).toEqual(["Shop.Till", "Shop.Till"]);
    class Odd {
      static name = 7;
    }
    for (const nameless of [(() => class {})(), Odd])
      expect(() => plainName(nameless)).toThrow("This class has no name");
    expect(() => plainName(() => 1)).toThrow("is no class");
  });
});

describe("whereisServer()", () => {
  test("gives the pid, or what names a server on another node", async () => {
    await run(() => {
      const me = current();
      const other = spawn(() => receive());
      Process.register(other, "Other");
      expect(whereisServer(me, other)).toBe(other);
      expect(whereisServer(me, "Other")).toBe(other);
      expect(whereisServer(me, ["Other", runtime.name])).toBe(other);
      expect(whereisServer(me, "Nobody")).toBeNull();
      expect(whereisServer(me, ["Nobody", runtime.name])).toBeNull();
      expect(whereisServer(me, ["Other", "kate@localhost"])).toEqual(["Other", "kate@localhost"]);
    });
  });
});

describe("sendToServer()", () => {
  test("reaches whoever has the name, and loses what nobody gets", async () => {
    const via = [keeper(), "key"] as const;
    await run(async () => {
      const me = current();
      await registerServer(me, { via });
      Process.register(self(), "Main");
      for (const to of [self(), "Main", ["Main", runtime.name], { via }] as const) {
        sendToServer(me, to, "hello");
        expect(await receive()).toBe("hello");
      }
      sendToServer(me, "Nobody", 1);
      sendToServer(me, { via: [keeper(), 1] }, 1);
      sendToServer(me, { via: ["NoModule", 1] }, 1);
      expect(await receive(() => true, 0)).toBe("timeout");
    });
  });
});
