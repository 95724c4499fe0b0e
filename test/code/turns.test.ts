import { describe, expect, test } from "vitest";
import { compileClosure } from "../../src/code/compile.ts";
import { turn, turns } from "../../src/code/turns.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { inProcess } from "../support/in-process.ts";
import { open } from "../support/sessions.ts";

const arrived = (source: string, captures: Record<string, unknown>): (() => Promise<unknown>) =>
  compileClosure(source, captures, open().session.scope) as never;

describe("turn()", () => {
  test("gives the value itself, and of a promise what it gives", async () => {
    const promise = Promise.resolve(1);
    expect(turn(promise)).toBe(promise);
    for (let i = 0; i < 1000; i++) expect(await turn(Promise.resolve(i))).toBe(i);
  });

  test("what is rejected meanwhile is so for the one who awaits, and for nobody else", async () => {
    const unhandled: unknown[] = [];
    const heard = (reason: unknown): number => unhandled.push(reason);
    process.on("unhandledRejection", heard);
    const failing = async (): Promise<number> => {
      const start = performance.now();
      let caught = 0;
      while (performance.now() - start < 150)
        await (turn(Promise.reject(new Error("no"))) as Promise<never>).catch(() => caught++);
      return caught;
    };
    expect(await failing()).toBeGreaterThan(0);
    await new Promise(setImmediate);
    process.off("unhandledRejection", heard);
    expect(unhandled).toEqual([]);
  });
});

describe("a loop or recursion of evaluated code that awaits nothing but what is there", () => {
  test.each([
    "while (!state.done) await null",
    "for (; !state.done;) { if (true) { await (0, null) } }",
    "do { await Promise.resolve() } while (!state.done)",
    "for await (const _ of (async function* () { while (!state.done) yield 1 })());",
    "const step = async () => { await null }; while (!state.done) await step()",
    "const again = async () => { await null; return state.done || again() }; await again()",
    "const o = { async *all() { await null; if (!state.done) yield* o.all() } }; for (const x of [o.all()]) await x.next()",
  ])("lets timers have their turn: %s", async (loop) => {
    const { session, value } = open();
    const state = await value("const state = { done: false }");
    setTimeout(() => ((state as { done: boolean }).done = true));
    expect(await (await session.prepare(`${loop}; state.done`)).run()).toEqual({ value: true, shown: true });
    const other = { done: false };
    setTimeout(() => (other.done = true));
    expect(await arrived(`async () => { ${loop}; return state.done }`, { state: other })()).toBe(true);
  });

  test("Trap 6: ends with its process", async () => {
    const runtime = new Runtime({ log: () => undefined });
    const state = { loops: 0 };
    const loop = arrived("async () => { for (;;) { state.loops++; await new Promise(setImmediate) } }", { state });
    const ended = Promise.withResolvers<unknown>();
    const process = runtime.spawn(() => loop().catch(ended.resolve));
    await inProcess(runtime, () => Process.exit(process.pid, "kill"));
    expect(await ended.promise).toMatchObject({ code: "dead" });
  });
});

describe("turns()", () => {
  test("gives the items of what is iterable, asynchronously or not, and ends it early", async () => {
    const { value } = open();
    expect(await value("const got = []; for await (const x of [1, Promise.resolve(2)]) got.push(x); got")).toEqual([
      1, 2,
    ]);
    expect(
      await value(
        "const seen = []; async function* items() { try { yield 1; yield 2 } finally { seen.push('ended') } } for await (const x of items()) { seen.push(x); break } seen",
      ),
    ).toEqual([1, "ended"]);
  });

  test("says what can't be gone over", () => {
    expect(() => turns(5 as never)).toThrow(new TypeError("5 is not async iterable"));
    expect(() => turns(null as never)).toThrow(new TypeError("null is not async iterable"));
  });
});
