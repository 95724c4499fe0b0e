import { beforeEach, describe, expect, test } from "vitest";
import { Application } from "../../src/otp/application.ts";
import { controllerOf } from "../../src/otp/application-controller.ts";
import { defineApplication, type ApplicationSpec } from "../../src/otp/application-spec.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { rpc } from "../../src/node/rpc.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { startCluster } from "../../src/testing/cluster.ts";
import "../../src/library.ts";
import { inProcess } from "../support/in-process.ts";
import { ended } from "../support/processes.ts";

let runtime: Runtime;
let log: LogEntry[];
let marks: string[];
beforeEach(() => {
  log = [];
  marks = [];
  runtime = new Runtime({ log: (entry) => void log.push(entry) });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

/** Defines an application with a supervisor of its name that tells when it starts and stops. */
function define(name: string, spec: Partial<ApplicationSpec> = {}): void {
  defineApplication({
    name,
    start: () => {
      marks.push(`start ${name}`);
      return Supervisor.startLink([], { strategy: "oneForOne", name: `${name}.Supervisor` });
    },
    stop: () => void marks.push(`stop ${name}`),
    ...spec,
  });
}

describe("what is loaded", () => {
  test("is told by spec(), as a whole or a field of it; ensureLoaded() does not mind", async () => {
    await run(() => {
      define("shop", { version: "1.2.0", applications: ["till"] });
      expect([Application.spec("shop"), Application.spec("shop", "version")]).toEqual([null, null]);
      expect([Application.ensureLoaded("shop"), Application.ensureLoaded("shop")]).toEqual(["ok", "ok"]);
      expect(Application.spec("shop")).toMatchObject({ name: "shop", version: "1.2.0", applications: ["till"] });
      expect([Application.spec("shop", "applications"), Application.spec("shop", "env")]).toEqual([["till"], null]);
      expect(() => Application.ensureLoaded("nothing")).toThrow("There is no application");
    });
  });

  test("has no field that there is not", async () => {
    await run(() => {
      expect(() => define("shop", { strat: () => 1 } as object)).toThrow(
        'The application "shop" has no option "strat"',
      );
    });
  });
});

describe("the environment", () => {
  test("APP-001: what is set is read; what is not is null or the default; APP-012: a deleted key counts as unset", async () => {
    await run(() => {
      expect(Application.getEnv("shop", "port")).toBeNull();
      expect(Application.getEnv("shop", "port", 80)).toBe(80);
      expect(Application.putEnv("shop", "port", 8080)).toBe("ok");
      expect(Application.getEnv("shop", "port", 80)).toBe(8080);
      expect(Application.getAllEnv("shop")).toEqual({ port: 8080 });
      expect(Application.deleteEnv("shop", "port")).toBe("ok");
      expect(Application.getEnv("shop", "port", 80)).toBe(80);
    });
  });

  test("APP-002: the strict form says whether the application or the key is missing", async () => {
    await run(() => {
      const why = "could not fetch application environment";
      expect(() => Application.fetchEnv("shop", "port")).toThrow(
        `${why} "port" for application "shop" because the application was not loaded nor configured`,
      );
      define("shop", { env: { open: undefined } });
      Application.load("shop");
      expect(() => Application.fetchEnv("shop", "port")).toThrow(
        `${why} "port" for application "shop" because configuration at "port" was not set`,
      );
      expect(Application.fetchEnv("shop", "open")).toBeUndefined();
    });
  });

  test("what is put and what is read is a copy", async () => {
    await run(() => {
      const list = [1];
      Application.putEnv("shop", "list", list);
      list.push(2);
      (Application.getEnv("shop", "list") as number[]).push(3);
      expect(Application.getEnv("shop", "list")).toEqual([1]);
    });
  });

  test("a configuration wins over what the application brings, whenever it is loaded; other settings do not", async () => {
    await run(() => {
      define("shop", { env: { a: 1, b: 1, c: 1 } });
      Application.putAllEnv({ shop: { a: 2 }, other: { x: 1 } }, { persistent: true });
      Application.putEnv("shop", "b", 2);
      Application.load("shop");
      expect(Application.getAllEnv("shop")).toEqual({ a: 2, b: 1, c: 1 });
      Application.unload("shop");
      expect(Application.getAllEnv("shop")).toEqual({});
      Application.load("shop");
      expect(Application.getEnv("shop", "a")).toBe(2);
      expect(Application.getEnv("other", "x")).toBe(1);
    });
  });

  test.each([
    [5, "A configuration is"],
    [{ shop: 1 }, 'configuration of "shop"'],
    [{ shop: [1] }, 'configuration of "shop"'],
  ])("APP-010: %o is no configuration, and sets nothing", async (config, text) => {
    await run(() => {
      expect(() => Application.putAllEnv(config as never)).toThrow(text);
      expect(Application.getAllEnv("shop")).toEqual({});
    });
  });

  test("APP-011: a function as a value picks where to go, with no other node", async () => {
    await run(() => {
      Application.putEnv("shop", "remote", () => "Shop.Supervisor");
      const remote = Application.getEnv("shop", "remote") as (node: string) => unknown;
      expect(remote("kate@localhost")).toBe("Shop.Supervisor");
    });
  });

  test("APP-003: a key set on one node is not seen on another, and can be read and set there by a call", async () => {
    await using cluster = await startCluster(["alex", "kate"]);
    await cluster.run("alex", async () => {
      Application.putEnv("shop", "port", 1);
      expect(await rpc.call("kate@localhost", Application, "getEnv", ["shop", "port"])).toBeNull();
      expect(await rpc.call("kate@localhost", Application, "putEnv", ["shop", "port", 2])).toBe("ok");
      expect(Application.getEnv("shop", "port")).toBe(1);
    });
    expect(await cluster.run("kate", () => Application.getEnv("shop", "port"))).toBe(2);
  });
});

describe("starting and stopping", () => {
  test("APP-004: its supervisor runs once it is started; again is no error in the ensure form", async () => {
    await run(async () => {
      define("shop", { description: "A shop", version: "1.0.0" });
      expect(await Application.start("shop")).toBe("ok");
      const top = Process.whereis("shop.Supervisor");
      expect(top).not.toBeNull();
      await expect(Application.start("shop")).rejects.toMatchObject({
        code: "already_started",
        reason: ["already_started", "shop"],
      });
      expect(await Application.ensureStarted("shop")).toBe("ok");
      expect(await Application.ensureAllStarted("shop")).toEqual([]);
      expect(Process.whereis("shop.Supervisor")).toBe(top);
      expect(Application.startedApplications()).toEqual([["shop", "A shop", "1.0.0"]]);
      expect(() => Application.unload("shop")).toThrow("runs");

      expect(await Application.stop("shop")).toBe("ok");
      expect(Process.whereis("shop.Supervisor")).toBeNull();
      expect(Application.startedApplications()).toEqual([]);
      expect(Application.loadedApplications()).toHaveLength(1);
      expect(marks).toEqual(["start shop", "stop shop"]);
      expect(log.map(({ level, message }) => [level, message])).toEqual([
        ["notice", 'Application shop exited: "stopped"'],
      ]);
      await expect(Application.stop("shop")).rejects.toMatchObject({ code: "not_started" });
    });
  });

  test("what it needs is started before it, and all are ended in reverse with the node", async () => {
    await run(async () => {
      define("a", { applications: ["b", "c"] });
      define("b", { applications: ["c"] });
      define("c");
      await expect(Application.start("a")).rejects.toMatchObject({ code: "not_started", reason: ["not_started", "b"] });
      expect(await Application.ensureAllStarted("a")).toEqual(["c", "b", "a"]);
      await controllerOf(runtime).stopAll();
      expect(marks).toEqual(["start c", "start b", "start a", "stop a", "stop b", "stop c"]);
    });
  });

  test("several callers at once start it once", async () => {
    await run(async () => {
      define("shop");
      const both = await Promise.all([Application.ensureAllStarted("shop"), Application.ensureAllStarted("shop")]);
      expect(both).toEqual([["shop"], []]);
      expect(marks).toEqual(["start shop"]);
    });
  });

  test("if one fails, those that were started for it are ended again, and why is told", async () => {
    await run(async () => {
      define("a", { applications: ["b"], start: () => Promise.reject(new TypeError("no")) });
      define("b");
      await expect(Application.ensureAllStarted("a")).rejects.toMatchObject({
        message: 'The application "a" did not start: no',
        reason: [new TypeError("no"), ["a", "start", ["normal", []]]],
      });
      expect(marks).toEqual(["start b", "stop b"]);
      define("d", { start: () => 5 });
      await expect(Application.start("d")).rejects.toMatchObject({ code: "bad_return" });
      await expect(Application.start("e")).rejects.toMatchObject({ code: "badarg" });
      define("f", { applications: ["g"] });
      define("g", { applications: ["f"] });
      await expect(Application.ensureAllStarted("f")).rejects.toMatchObject({
        code: "circular",
        message: expect.stringContaining("f -> g -> f") as string,
      });
    });
  });

  test("a module's callbacks get type, arguments, phases and state, as it is defined at that start", async () => {
    await run(async () => {
      const calls: unknown[] = [];
      runtime.modules.define("Shop", {
        start: async (...args: unknown[]) => {
          calls.push(["start", ...args]);
          return [await Supervisor.startLink([], { strategy: "oneForOne" }), "state"];
        },
        startPhase: (...args: unknown[]) => calls.push(["startPhase", ...args]),
        prepStop: (state: unknown) => (calls.push(["prepStop", state]), "last"),
        stop: (state: unknown) => calls.push(["stop", state]),
      });
      defineApplication({ name: "shop", mod: ["Shop", { port: 1 }], startPhases: { warm: 1 } });
      await Application.start("shop");
      await Application.stop("shop");
      expect(calls).toEqual([
        ["start", "normal", { port: 1 }],
        ["startPhase", "warm", "normal", 1],
        ["prepStop", "state"],
        ["stop", "last"],
      ]);
    });
  });

  test("one of settings only has no processes", async () => {
    await run(async () => {
      defineApplication({ name: "settings", env: { a: 1 } });
      expect(await Application.start("settings")).toBe("ok");
      expect(Application.getEnv("settings", "a")).toBe(1);
      expect(await Application.stop("settings")).toBe("ok");
    });
  });

  test.each([
    ["temporary", "shutdown", false],
    ["transient", "normal", false],
    ["transient", "shutdown", true],
    ["permanent", "normal", true],
  ] as const)("a %s one whose supervisor ends with %s is logged; the node stops: %s", async (type, reason, stops) => {
    const fatal: unknown[] = [];
    controllerOf(runtime).onFatal = (...args) => void fatal.push(args);
    await run(async () => {
      define("shop");
      await Application.start("shop", type);
      const top = Process.whereis("shop.Supervisor");
      const master = controllerOf(runtime).topOf("shop");
      expect(top).toBe(master);
      await Supervisor.stop("shop.Supervisor", reason);
      await ended(top as never);
      await Process.yield();
      await Process.yield();
      expect(log[0]).toMatchObject({
        level: "notice",
        message: expect.stringContaining("Application shop exited") as string,
      });
      expect(fatal).toEqual(stops ? [["shop", reason]] : []);
      expect(marks).toEqual(["start shop", "stop shop"]);
    });
  });

  test("prints at the node's own device, whoever starts it", async () => {
    await using cluster = await startCluster(["alex", "kate"]);
    const { runtime: kate } = cluster.at("kate").node;
    await cluster.run("kate", () => define("shop"));
    await cluster.run("alex", () => rpc.call("kate@localhost", Application, "start", ["shop"]));
    expect(kate.names.get("shop.Supervisor")?.leader).toBe(kate.names.get("user")?.pid);
  });
});
