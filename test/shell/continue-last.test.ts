import { describe, expect, test } from "vitest";
import { continueLast } from "../../src/shell/continue-last.ts";

describe("continueLast()", () => {
  test("puts the last value in front of an operator that cannot begin an input", () => {
    const inputs = [".length", "?.a", "?? 1", "=== 2", "in x", "* 2", "% 2", "|| 3", "? 1 : 2", "? .5 : 1"];
    expect(inputs.map(continueLast)).toEqual([
      ...["v().length", "v()?.a", "v() ?? 1", "v() === 2", "v() in x", "v() * 2", "v() % 2", "v() || 3"],
      ...["v() ? 1 : 2", "v() ? .5 : 1"],
    ]);
  });

  test("takes / and < for operators where neither a regular expression nor a type can begin", () => {
    const inputs = ["/ 2", "/2", "/ (1 + 1)", "< 3", "<3", "<= x", "<< 1", '< "b"'];
    expect(inputs.map(continueLast)).toEqual(inputs.map((input) => `v() ${input}`));
  });

  test("leaves the space in front, which keeps a statement out of the history", () => {
    expect([" .length", "  * 2", "\n  .map(f)"].map(continueLast)).toEqual([
      " v().length",
      "  v() * 2",
      "\n  v().map(f)",
    ]);
  });

  test("leaves what can begin one alone", () => {
    const values = [".5", "...x", "+1", "-1", "!x", "[0]", "(1)", "`a`", "index", "<T>x", "<T,>(x: T) => x"];
    const patterns = ["/a/", "/ a/.test(x)", "/2/.exec(x)", "/abc", "// why", "/* why */ 1"];
    for (const source of [...values, ...patterns, "?", "? ", "|> f()", ""]) {
      expect(continueLast(source)).toBe(source);
    }
  });
});
