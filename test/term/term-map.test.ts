import { describe, expect, test } from "vitest";
import { Pid } from "../../src/term/pid.ts";
import { Ref } from "../../src/term/ref.ts";
import { TermMap } from "../../src/term/term-map.ts";

const pid = new Pid("a@localhost", 1, 0, 7);
const ref = new Ref("a@localhost", 7, 3);

/** No two equal. */
const TERMS: readonly (() => unknown)[] = [
  () => "x",
  () => [],
  () => ["x"],
  () => ["x", 1],
  () => ["x", 1, "y"],
  () => ["x", "1"],
  () => ["x", 1n],
  () => ["x", null],
  () => ["x", undefined],
  () => ["x", Number.NaN],
  () => [pid, ref],
  () => [["x"], 1],
  () => ["x", { a: 1 }],
  () => [1, 2, 3, 4, 5, 6],
  () => ({ x: 1 }),
  () => pid,
];

describe("TermMap", () => {
  test("finds what was put under an equal term, and nothing under any other", () => {
    for (const put of TERMS) {
      const map = new TermMap<string>();
      map.set(put(), "here");
      expect(TERMS.filter((term) => map.get(term()) === "here")).toEqual([put]);
    }
  });

  test("holds them all at once, each once", () => {
    const map = new TermMap<number>();
    for (const [i, term] of TERMS.entries()) map.set(term(), -i);
    for (const [i, term] of TERMS.entries()) map.set(term(), i);
    expect(TERMS.map((term) => map.get(term()))).toEqual([...TERMS.keys()]);
    expect([...map.values()].sort((a, b) => a - b)).toEqual([...TERMS.keys()]);
  });

  test("has nothing left of what was taken out, and all else", () => {
    const map = new TermMap<number>();
    for (const [i, term] of TERMS.entries()) map.set(term(), i);
    for (const [i, term] of TERMS.entries()) {
      expect([map.delete(term()), map.delete(term()), map.get(term())]).toEqual([true, false, undefined]);
      expect([...map.values()]).toHaveLength(TERMS.length - i - 1);
    }
  });
});
