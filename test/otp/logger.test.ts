import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Logger } from "../../src/otp/logger.ts";
import { Task } from "../../src/otp/task.ts";
import type { LogEntry } from "../../src/process/log.ts";
import { exit } from "../../src/process/exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { self, send, spawn, spawnMonitor } from "../../src/process/spawn.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(["a"], { seed: 3 });
});
afterEach(() => cluster[Symbol.asyncDispose]());

const log = (): LogEntry[] => cluster.at("a").log;
const messages = (): string[] => log().map(({ message }) => message);

describe("Logger", () => {
  test("writes texts as they are, other values as inspect shows them, and functions' values if they are wanted", async () => {
    let asked = 0;
    await cluster.run("a", () => {
      expect(Logger.info("text")).toBe("ok");
      Logger.warning([["ok", self().node, "pong"]]);
      Logger.error(() => `counted ${String(++asked)}`);
      Logger.configure({ level: "error" });
      Logger.debug(() => `counted ${String(++asked)}`);
      Logger.log("critical", () => {
        throw new Error("no");
      });
    });
    expect(log().map(({ level, message }) => [level, message])).toEqual([
      ["info", "text"],
      ["warning", '[["ok", "a@localhost", "pong"]]'],
      ["error", "counted 1"],
      ["critical", "The function that was to give a log message failed: no"],
    ]);
  });

  test("writes nothing for a process that has ended, whatever of it still runs", async () => {
    await cluster.run("a", async () => {
      const { promise: logged, resolve } = Promise.withResolvers<unknown>();
      const owner = self();
      const pid = spawn(async () => {
        send(owner, "waits");
        await receive().catch(() => undefined);
        resolve(Logger.error("a ghost"));
      });
      await receive();
      Process.exit(pid, "kill");
      expect(await logged).toBe("ok");
    });
    expect(messages()).toEqual([]);
  });

  test("LOGGER-002: knows the order of the eight levels", () => {
    const levels = Logger.levels().toReversed();
    expect(levels).toEqual(["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]);
    for (const [i, left] of levels.entries()) {
      for (const [j, right] of levels.entries())
        expect(Logger.compareLevels(left, right)).toBe(i < j ? "lt" : i > j ? "gt" : "eq");
    }
  });

  test("LOGGER-003: metadata is the process's own, and with the event; a task has none of it", async () => {
    await cluster.run("a", async () => {
      expect(Logger.metadata({ user: 7, at: "home" })).toBe("ok");
      Logger.metadata({ at: undefined });
      expect(Logger.metadata()).toEqual({ user: 7 });
      Logger.info("mine", { extra: true });
      expect(await Task.await(Task.async(() => Logger.metadata()))).toEqual({});
      Logger.resetMetadata({ only: 1 });
      expect(Logger.metadata()).toEqual({ only: 1 });
    });
    expect(log()[0]?.metadata).toEqual({ user: 7, extra: true });
  });

  test("LOGGER-005: a process that exits with an odd reason logs nothing", async () => {
    await cluster.run("a", async () => {
      const [, ref] = spawnMonitor(() => exit(["odd", 1]));
      expect(await receive()).toMatchObject(["DOWN", ref, "process", {}, ["odd", 1]]);
    });
    expect(log()).toEqual([]);
  });

  test("LOGGER-008: a module's level goes before the node's, for that module only, until it is deleted", async () => {
    await cluster.run("a", () => {
      Logger.configure({ level: "error" });
      Logger.putModuleLevel("Kate", "debug");
      expect(Logger.getModuleLevel("Kate")).toEqual([["Kate", "debug"]]);
      Logger.debug("heard", { module: "Kate" });
      Logger.debug("not heard", { module: "Alex" });
      Logger.putModuleLevel(["Kate"], "none");
      Logger.error("silent", { module: "Kate" });
      Logger.deleteModuleLevel("Kate");
      Logger.debug("low", { module: "Kate" });
      Logger.error("high", { module: "Kate" });
    });
    expect(messages()).toEqual(["heard", "high"]);
  });

  test("a process's level goes before all others", async () => {
    await cluster.run("a", () => {
      expect(Logger.getProcessLevel()).toBeNull();
      Logger.putProcessLevel("none");
      expect(Logger.getProcessLevel()).toBe("none");
      expect(Logger.isEnabled()).toBe(false);
      Logger.emergency("silent");
      Logger.putProcessLevel(undefined);
      expect(Logger.isEnabled(self())).toBe(true);
      Logger.emergency("heard");
      expect(Logger.isEnabled(spawn(() => undefined))).toBe(true);
    });
    expect(messages()).toEqual(["heard"]);
  });

  test("adds handlers with a level of their own, lists and removes them", async () => {
    const grave: string[] = [];
    await cluster.run("a", async () => {
      const handler = { level: "error", log: ({ message }: LogEntry) => grave.push(message) } as const;
      Logger.addHandler("grave", handler);
      expect(Logger.handlers()).toEqual({ grave: handler });
      expect(() => Logger.addHandler("grave", handler)).toThrow(expect.objectContaining({ code: "badarg" }));
      Logger.info("low");
      Logger.error("high");
      expect(await Logger.flush()).toBe("ok");
      await Logger.removeHandler("grave");
      await expect(Logger.removeHandler("grave")).rejects.toMatchObject({ code: "badarg" });
      Logger.error("late");
    });
    expect(grave).toEqual(["high"]);
  });

  test("refuses a level that there is not, naming those there are", async () => {
    await cluster.run("a", () => {
      expect(() => Logger.log("loud" as never, "text")).toThrow(/debug, info, .*"loud"/);
      expect(() => Logger.configure({ level: "loud" as never })).toThrow(expect.objectContaining({ code: "badarg" }));
      expect(Logger.level()).toBe("debug");
    });
  });

  test("outside a process says where it can be used", () => {
    expect(() => Logger.info("nowhere")).toThrow(/inside node\.run/);
  });
});
