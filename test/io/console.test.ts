import { afterAll, describe, expect, test, vi } from "vitest";
import { captureIO } from "../../src/io/capture-io.ts";
import { routeConsole } from "../../src/io/console.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { makeRef } from "../../src/process/kernel.ts";
import { self, spawn } from "../../src/process/spawn.ts";
import { IO } from "../../src/io/io.ts";
import { inProcess } from "../support/in-process.ts";
import { settled } from "../support/manual-clock.ts";

const original = { ...console };
const own = vi.fn();
console.log = own;
routeConsole();
const routed = console.log;
routeConsole();
afterAll(() => {
  Object.assign(console, original);
  Reflect.deleteProperty(console, Symbol.for("moebi.console"));
});

const runtime = new Runtime({ log: () => undefined });

describe("the console", () => {
  test("of a process prints at its leader", async () => {
    const text = await inProcess(runtime, () =>
      captureIO(async () => {
        console.log("n = %d", 1, { a: 1 });
        console.error("failure");
        await IO.write("");
      }),
    );
    expect(text).toBe("n = 1 { a: 1 }\nfailure\n");
    expect(own).not.toHaveBeenCalled();
  });

  test("shows identifiers as the prompt does, groups by process, and where it is from", async () => {
    const text = await inProcess(runtime, () =>
      captureIO(async () => {
        console.log("%s", self(), [self()], makeRef());
        console.group("group");
        console.table([{ a: 1 }]);
        await new Promise((resolve) => {
          spawn(() => {
            console.log("another's");
            resolve(undefined);
          });
        });
        console.groupEnd();
        console.assert(false, "not so");
        console.count();
        console.trace("here %d", 1);
        await IO.write("");
      }),
    );
    expect(
      text
        .replace(/\d+\.\d+(?:\.\d+)*>/gu, "…>")
        .split("\n")
        .slice(0, 10),
    ).toEqual([
      "#PID<…> [ #PID<…> ] #Ref<…>",
      "group",
      "  ┌─────────┬───┐",
      "  │ (index) │ a │",
      "  ├─────────┼───┤",
      "  │ 0       │ 1 │",
      "  └─────────┴───┘",
      "another's",
      "Assertion failed: not so",
      "default: 1",
    ]);
    expect(text).toMatch(/\nTrace: here 1\n {4}at .*console\.test\.ts/u);
    expect(text).not.toContain("/src/io/");
  });

  test("outside a process, and of a process that leads itself, is as it was; it is routed once", async () => {
    console.log("outside");
    await inProcess(runtime, () => {
      Process.groupLeader(self(), self());
      console.log("own leader");
    });
    expect(own.mock.calls).toEqual([["outside"], ["own leader"]]);
    expect(console.log).toBe(routed);
  });

  test("Trap 6: of a dead process prints nothing", async () => {
    own.mockClear();
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const text = await inProcess(runtime, () =>
      captureIO(async () => {
        const pid = spawn(async () => {
          await gate;
          console.log("after death");
        });
        await settled();
        Process.exit(pid, "kill");
        go();
        await settled();
      }),
    );
    expect([text, own.mock.calls]).toEqual(["", []]);
  });
});
