import { describe, expect, test } from "vitest";
import { Pid } from "../../src/term/pid.ts";
import { Ref } from "../../src/term/ref.ts";
import { termKey } from "../../src/term/term-key.ts";

const pid = new Pid("a@localhost", 1, 0, 7);
const ref = new Ref("a@localhost", 7, 3);

describe("termKey()", () => {
  test.for([
    [["room", 7]],
    [{ b: 1, a: [2] }],
    [new Map([["a", new Set([1])]])],
    [["pid", pid, ref]],
    [new Date(5)],
    [[1n, null, undefined, Number.NaN]],
  ])("is the same for equal terms: %o", ([term]) => {
    expect(termKey(term)).toBe(termKey(copyOf(term)));
  });

  test("does not depend on the order of fields", () => {
    expect(termKey({ a: 1, b: 2 })).toBe(termKey({ b: 2, a: 1 }));
  });

  test("tells different terms apart", () => {
    const terms = ["x", ["x"], [["x"]], 1, "1", [1], ["1"], 1n, [1n], ["1n"], null, [null], ["null"], pid, ref, [pid]];
    expect(new Set(terms.map(termKey)).size).toBe(terms.length);
    expect(termKey([pid])).not.toBe(termKey([new Pid("a@localhost", 1, 0, 8)]));
  });

  test("is the term itself where that is its identity", () => {
    expect(termKey("x")).toBe("x");
    expect(termKey(pid)).toBe(pid);
    expect(termKey(ref)).toBe(ref);
  });
});

function copyOf(term: unknown): unknown {
  if (Array.isArray(term)) return term.map(copyOf);
  if (term instanceof Map) return new Map(term);
  if (term instanceof Date) return new Date(term);
  if (typeof term === "object" && term !== null && Object.getPrototypeOf(term) === Object.prototype) return { ...term };
  return term;
}
