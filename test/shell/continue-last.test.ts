import { describe, expect, test } from "vitest";
import { continueLast } from "../../src/shell/continue-last.ts";

describe("continueLast()", () => {
  test("puts the last value in front of an operator that cannot begin an input", () => {
    expect([".length", " ?.a", "?? 1", "=== 2", "in x"].map(continueLast)).toEqual([
      "v().length",
      "v() ?.a",
      "v()?? 1",
      "v()=== 2",
      "v()in x",
    ]);
  });

  test("leaves what can begin one alone", () => {
    for (const source of [".5", "...x", "+1", "-1", "!x", "[0]", "(1)", "`a`", "/a/", "index", "<T>x", "? 1"]) {
      expect(continueLast(source)).toBe(source);
    }
  });
});
