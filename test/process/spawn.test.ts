import { beforeEach, describe, expect, test } from "vitest";
import { exit } from "../../src/process/exit.ts";
import { defmodule } from "../../src/process/kernel.ts";
import { Process } from "../../src/process/process-module.ts";
import { receive } from "../../src/process/receive.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { self, send, spawn, spawnLink, spawnMonitor } from "../../src/process/spawn.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";
import { ended, linksOf, mailbox } from "../support/processes.ts";

let runtime: Runtime;
beforeEach(() => {
  runtime = new Runtime({ log: () => undefined });
});
const run = <T>(body: () => T | Promise<T>): Promise<T> => inProcess(runtime, body);

describe("spawn()", () => {
  test("PROC-001: gives a fresh pid at once; the child has a mailbox of its own and is not linked", async () => {
    await run(async () => {
      const me = self();
      let ran = false;
      const child = spawn(async () => {
        ran = true;
        send(me, ["child got", await receive()]);
        throw new Error("crash");
      });
      expect(ran).toBe(false);
      expect(child).not.toBe(me);
      expect([linksOf(), linksOf(child)]).toEqual([[], []]);
      send(child, "hello");
      expect(await receive()).toEqual(["child got", "hello"]);
      await settled();
      expect(Process.alive(child)).toBe(false);
    });
  });

  test("runs module, function and arguments; the arguments are copied, an unknown function is the child's failure", async () => {
    await run(async () => {
      const me = self();
      const args = [[1]];
      defmodule("SpawnTest", { tell: (list: number[]) => send(me, list) });
      spawn("SpawnTest", "tell", args);
      args[0]?.push(2);
      expect(await receive()).toEqual([1]);
      expect(await ended(spawn("SpawnTest", "absent", [1]))).toMatchObject({ code: "undef" });
    });
  });

  test("refuses what is no function", async () => {
    await run(() => {
      for (const what of [undefined, 7, {}, null]) {
        // @ts-expect-error -- none is a function
        expect(() => spawn(what)).toThrow(expect.objectContaining({ code: "badarg" }));
      }
      expect(() => (spawn as (...args: unknown[]) => unknown)({}, "f", [])).toThrow(
        expect.objectContaining({ code: "badarg" }),
      );
    });
    expect(() => spawn(() => undefined)).toThrow(expect.objectContaining({ code: "noprocess" }));
  });
});

describe("spawnLink() and spawnMonitor()", () => {
  test("PROC-034: a child that crashes at once is noticed", async () => {
    await run(async () => {
      const parent = spawn(() => {
        spawnLink(() => exit("at once"));
        return receive();
      });
      expect(await ended(parent)).toBe("at once");
      Process.flag("trapExit", true);
      const child = spawnLink(() => exit("at once"));
      expect(await receive()).toEqual(["EXIT", child, "at once"]);
      const [pid, ref] = spawnMonitor(() => exit("at once"));
      expect(await receive()).toEqual(["DOWN", ref, "process", pid, "at once"]);
      await settled();
      expect(mailbox()).toEqual([]);
    });
  });
});
