import { describe, expect, test } from "vitest";
import { commentOf, describeOwn, nameOf, signatureOf } from "../../../src/shell/helpers/documentation.ts";
import type { AnyFunction } from "../../../src/code/registry.ts";
import { Process } from "../../../src/process/process-module.ts";
import { spawn } from "../../../src/process/spawn.ts";
import { Task } from "../../../src/otp/task.ts";
import { openSession } from "./open-session.ts";

describe("signatureOf()", () => {
  test("is as it was written", () => {
    expect(signatureOf((name: string, ...rest: string[]) => [name, rest], "f")).toBe("f(name, ...rest)");
  });

  test("has the types that were typed", async () => {
    const { run } = openSession();
    const f = (await run("function f<T>(a: T, b = 1): Map<string, T> { return new Map() }; f")) as AnyFunction;
    expect(signatureOf(f, "f")).toBe("f<T>(a: T, b = 1): Map<string, T>");
  });

  test("counts arguments where the text tells nothing", () => {
    expect(signatureOf(Math.max as AnyFunction, "max")).toBe("max(arg1, arg2)");
  });
});

describe("commentOf()", () => {
  test.each([
    ["/** Says it. */ const f = (a) => a; f"],
    ["/** Says it. */ function f(a) { return a }; f"],
    ["/** Says it. */ async function f(a) { return a }; f"],
    ["const o = { /** Says it. */ f(a) { return a } }; o.f"],
    ["/** Says it. */ function f(a: string): string { return a }; f"],
    ["/** Says it. */\nconst f = async (a: string) => a\nf"],
    ["interface A { a: string }\n\nclass O {\n  /** Says it. */\n  static f(a: A): void {}\n}\nO.f"],
    ["const o = { a: 1, /**\n * Says it.\n */\n f: (a) => a }; o.f"],
  ])("is what stands in front, in %j", async (source) => {
    expect(commentOf((await openSession().run(source)) as AnyFunction)).toBe("Says it.");
  });

  test("is not that of something before", async () => {
    const { run } = openSession();
    expect(commentOf((await run("/** Other. */ const a = 1; const f = () => a; f")) as AnyFunction)).toBe("");
    expect(commentOf((await run("const g = () => 1; g")) as AnyFunction)).toBe("");
    expect(commentOf(() => 1)).toBe("");
  });
});

describe("nameOf()", () => {
  test("is what code on the node calls it", () => {
    const { runtime } = openSession().node;
    const kate = { sayName: () => "Kate" };
    runtime.modules.define("Kate", kate);
    expect(
      [spawn, Process, Process.link, Task.Supervisor, Task.Supervisor.async, kate.sayName].map((value) =>
        nameOf(runtime, value),
      ),
    ).toEqual(["spawn", "Process", "Process.link", "Task.Supervisor", "Task.Supervisor.async", "Kate.sayName"]);
    expect(nameOf(runtime, () => 1)).toBeUndefined();
  });
});

describe("describeOwn()", () => {
  test("lists what a module's functions take", () => {
    expect(describeOwn({ add: (a: number, b: number) => a + b, size: 1 }, "Sums").signature).toBe(
      "Sums\n  Sums.add(a, b)",
    );
  });
});
