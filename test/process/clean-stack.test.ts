import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { cleanStack } from "../../src/process/clean-stack.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

function framesOf(...lines: string[]): string[] {
  const error = new Error("m");
  error.stack = ["Error: m", ...lines].join("\n");
  return cleanStack(error).map(({ text }) => text);
}

describe("cleanStack()", () => {
  test("keeps the user's frames, in functions, in files and typed", () => {
    expect(
      framesOf(
        "    at f (/app/a.ts:1:2)",
        "    at async g (file:///app/b.ts:3:4)",
        "    at moebi(3):5:6",
        "    at new P (moebi(4):1:1)",
      ),
    ).toEqual(["at f (/app/a.ts:1:2)", "at g (/app/b.ts:3:4)", "at moebi(3):5:6", "at new P (moebi(4):1:1)"]);
  });

  test("drops those of Node.js, of built-ins, and of this library, but not of its examples", () => {
    expect(
      framesOf(
        "    at node:internal/process:1:1",
        "    at run (node:vm:1:1)",
        "    at Array.map (<anonymous>)",
        "    at Promise.all (index 0)",
        `    at call (file://${root}src/process/call.ts:1:1)`,
        `    at call (${root}dist/cli.js:1:1)`,
        `    at route (${root}src/examples/kv.ts:1:1)`,
      ),
    ).toEqual([`at route (${root}src/examples/kv.ts:1:1)`]);
  });

  test("keeps the line that says on which node", () => {
    const error = new Error("m");
    error.stack = "Error: m\n    on kate@localhost\n    at f (moebi(1):1:2)";
    expect(cleanStack(error)).toEqual([
      {
        text: "on kate@localhost",
        fun: undefined,
        file: undefined,
        line: undefined,
        column: undefined,
        node: "kate@localhost",
      },
      { text: "at f (moebi(1):1:2)", fun: "f", file: "moebi(1)", line: 1, column: 2, node: undefined },
    ]);
  });

  test("takes no line of the message for a frame", () => {
    const error = new Error("m\n    at evil (/app/evil.ts:1:1)");
    expect(cleanStack(error).some(({ text }) => text.includes("evil.ts"))).toBe(false);
  });

  test("keeps ten frames at most", () => {
    expect(framesOf(...Array.from({ length: 30 }, (_, i) => `    at f${i} (/a.ts:1:1)`))).toHaveLength(10);
  });

  test("has no frames where there is no stack", () => {
    expect(framesOf()).toEqual([]);
    expect(cleanStack(Object.assign(new Error("x"), { stack: 1 }))).toEqual([]);
  });

  test("B19: gets through a long adversarial stack", () => {
    for (const part of ["at ", "at (", ":1", "at a (b:1:", "\n    at ", "on a@", "Error: m"]) {
      expect(framesOf(part.repeat(65_536 / part.length)).length).toBeLessThanOrEqual(10);
    }
  });
});
