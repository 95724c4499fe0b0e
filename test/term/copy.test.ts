import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atom } from "../../src/term/atom.ts";
import { copy } from "../../src/term/copy.ts";
import { Pid } from "../../src/term/pid.ts";
import { tuple } from "../../src/term/tuple.ts";

describe("copy()", () => {
  test("plain data comes out equal, and shares nothing", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withMap: true,
          withSet: true,
          withDate: true,
          withTypedArray: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        (value) => void expect(copy(value)).toStrictEqual(value),
      ),
      { numRuns: 300 },
    );
    const list = [1, { a: [2] }] as const;
    const copied = copy(list);
    expect(copied).not.toBe(list);
    expect(copied[1].a).not.toBe(list[1].a);
  });

  test("identifiers, functions, class instances and deeply frozen values stay the same", () => {
    const pid = new Pid("a@b", 1, 0, 1);
    const instance = new (class Point {})();
    const frozen = Object.freeze([Object.freeze({ a: 1 })]);
    const f = () => {};
    const copied = copy(["ping", pid, instance, frozen, f]);
    for (const [i, one] of ["ping", pid, instance, frozen, f].entries()) expect(copied[i]).toBe(one);
    expect(copy(["ping", pid])[1]).toBe(pid);
    const half = Object.freeze([{ a: 1 }]);
    expect(copy(half)).not.toBe(half);
  });

  test("cycles and sharing stay, atoms and tuples become strings and arrays", () => {
    const a: any = { list: [] };
    a.list.push(a, a.list);
    const copied = copy(a);
    expect(copied.list[0]).toBe(copied);
    expect(copied.list[1]).toBe(copied.list);
    expect(copy(tuple(atom("ok"), [1]))).toStrictEqual(["ok", [1]]);
  });

  test("V2: keys of Object.prototype stay own data", () => {
    const copied = copy(JSON.parse('{"__proto__":{"x":1},"a":{}}'));
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
    expect(Object.hasOwn(copied, "__proto__")).toBe(true);
  });

  test("B9: deep nesting is copied or refused, and never overflows", () => {
    let deep: unknown[] = [];
    for (let i = 0; i < 9_998; i++) deep = [deep];
    let levels = 0;
    for (let at: unknown = copy(deep); Array.isArray(at); at = at[0]) levels++;
    expect(levels).toBe(9_999);
    for (let i = 0; i < 1_000_000; i++) deep = [deep];
    expect(() => copy(deep)).toThrow(/nested more than/);
  }, 60_000);
});
