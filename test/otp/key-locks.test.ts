import { beforeEach, describe, expect, test } from "vitest";
import { KeyLocks } from "../../src/otp/key-locks.ts";
import { current } from "../../src/process/context.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn } from "../../src/process/spawn.ts";
import type { Pid } from "../../src/term/pid.ts";
import { inProcess } from "../support/in-process.ts";

let runtime: Runtime;
let locks: KeyLocks;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
  locks = new KeyLocks();
});

/** A process that takes the lock and holds it until it is told to go on; tells `owner` of both. */
function holder(owner: Pid, key: unknown, name: string): Pid {
  return spawn(() =>
    locks.hold(current(), key, async () => {
      send(owner, [name, "begins"]);
      if ((await receive()) === "throw") throw new Error("x");
      send(owner, [name, "ends"]);
    }),
  );
}

describe("KeyLocks.hold()", () => {
  test("REGISTRY-016: who wants the same key waits, in its order; who wants another does not", async () => {
    await inProcess(runtime, async () => {
      const [a, b, c] = [holder(self(), ["k", 1], "a"), holder(self(), ["k", 1], "b"), holder(self(), "other", "c")];
      expect(await receive()).toEqual(["a", "begins"]);
      expect(await receive()).toEqual(["c", "begins"]);
      send(b, "go on");
      send(c, "go on");
      expect(await receive()).toEqual(["c", "ends"]);
      send(a, "go on");
      expect(await receive()).toEqual(["a", "ends"]);
      expect(await receive()).toEqual(["b", "begins"]);
      expect(await receive()).toEqual(["b", "ends"]);
      expect(await locks.hold(current(), ["k", 1], () => "free")).toBe("free");
    });
  });

  test("REGISTRY-017: when the holder throws or dies, the next has it; who died waiting is passed over", async () => {
    await inProcess(runtime, async () => {
      const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => holder(self(), "k", name)) as [Pid, Pid, Pid, Pid];
      expect(await receive()).toEqual(["a", "begins"]);
      await Process.yield();
      Process.exit(c, "kill");
      send(a, "throw");
      expect(await receive()).toEqual(["b", "begins"]);
      Process.exit(b, "kill");
      expect(await receive()).toEqual(["d", "begins"]);
      send(d, "go on");
      expect(await receive()).toEqual(["d", "ends"]);
    });
  });

  test("a holder that dies while it awaits something else frees the lock all the same", async () => {
    await inProcess(runtime, async () => {
      const me = self();
      const stuck = spawn(() =>
        locks.hold(current(), "k", () => {
          send(me, "held");
          return new Promise(() => undefined);
        }),
      );
      await receive();
      Process.exit(stuck, "kill");
      expect(await locks.hold(current(), "k", () => "free")).toBe("free");
    });
  });
});
