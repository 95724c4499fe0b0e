import { beforeEach, describe, expect, test } from "vitest";
import { memoryOf } from "../../src/process/process-memory.ts";
import type { Process } from "../../src/process/process.ts";
import { Runtime } from "../../src/process/runtime.ts";

let process: Process;
let runtime: Runtime;

beforeEach(() => {
  runtime = new Runtime({ name: "a@localhost", log: () => undefined });
  process = runtime.spawn(() => new Promise(() => undefined));
});

describe("memoryOf()", () => {
  test("is nothing for a process that holds nothing", () => {
    expect(memoryOf(process)).toBe(0);
  });

  test("grows with its mailbox, also where not all messages are looked at", () => {
    for (let n = 0; n < 1000; n++) runtime.deliver(process, `${String(n).padStart(4)}${"x".repeat(96)}`);
    const bytes = memoryOf(process, 20);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(150_000);
  });

  test("has its dictionary and a server's state in it", () => {
    process.dictionary = new Map([["key", "x".repeat(1000)]]);
    expect(memoryOf(process)).toBeGreaterThan(1000);
    process.server = { getState: () => ({ items: ["x".repeat(5000)] }) };
    expect(memoryOf(process)).toBeGreaterThan(6000);
  });

  test("leaves out a state that fails to show itself", () => {
    process.server = {
      getState: () => {
        throw new Error("not now");
      },
    };
    expect(memoryOf(process)).toBe(0);
  });
});
