import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { DeadProcessError, Exit, exit, exitedIn, isExit, isQuiet, reasonOfThrown } from "../../src/process/exit.ts";

describe("exit()", () => {
  test("throws what carries the reason, and can be recognised", () => {
    try {
      exit(["why", 1]);
    } catch (thrown) {
      expect(isExit(thrown)).toBe(true);
      expect(reasonOfThrown(thrown)).toEqual(["why", 1]);
    }
    expect([new Error("x"), null, "exit", { reason: 1 }, new DeadProcessError()].map(isExit)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("reasonOfThrown()", () => {
  test("is the error itself, from another realm too; anything else was not caught", () => {
    const foreign = runInNewContext("new TypeError('x')") as unknown;
    expect(reasonOfThrown(foreign)).toBe(foreign);
    expect(reasonOfThrown(undefined)).toEqual(["nocatch", undefined]);
    expect(reasonOfThrown({ name: "Error" })).toEqual(["nocatch", { name: "Error" }]);
  });
});

describe("isQuiet()", () => {
  test("tells orderly ends from others", () => {
    expect(["normal", "shutdown", ["shutdown", 1]].map(isQuiet)).toEqual([true, true, true]);
    expect(["killed", "noproc", ["normal", 1], new Error("x"), undefined].map(isQuiet)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("exitedIn()", () => {
  test("names the call, with its own copy of the arguments", () => {
    const args = [1];
    const thrown = exitedIn("timeout", "Mod", "fun", args);
    args.push(2);
    expect(thrown).toBeInstanceOf(Exit);
    expect(thrown.reason).toEqual(["timeout", ["Mod", "fun", [1]]]);
  });
});
