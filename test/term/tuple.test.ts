import { expect, test } from "vitest";
import { atom } from "../../src/term/atom.ts";
import { copy } from "../../src/term/copy.ts";
import { isTuple, Tuple, tuple } from "../../src/term/tuple.ts";

test("tuple() is an array of its elements", () => {
  const made = tuple(atom("ok"), 5);
  expect(Array.isArray(made)).toBe(true);
  expect([...made]).toEqual([atom("ok"), 5]);
  const [tag, value] = made;
  expect([tag, value]).toEqual([atom("ok"), 5]);
});

test("tuple() of one number has that element, not that length", () => {
  expect([...tuple(3)]).toEqual([3]);
  expect(tuple()).toHaveLength(0);
});

test("what is cut out of or mapped from a tuple is a list", () => {
  const made = tuple(1, 2, 3);
  for (const list of [made.slice(1), made.map((n) => n), made.filter(() => true), made.concat([1])]) {
    expect(Array.isArray(list)).toBe(true);
    expect(isTuple(list)).toBe(false);
  }
});

test("isTuple() knows a tuple from an array", () => {
  expect(isTuple(tuple(1))).toBe(true);
  expect(isTuple([1])).toBe(false);
  expect(isTuple({ length: 1, 0: 1 })).toBe(false);
});

test("a tuple that is sent arrives as a plain array", () => {
  const arrived: unknown = copy({ inside: tuple("ok", 1) });
  expect(arrived).toEqual({ inside: ["ok", 1] });
  expect((arrived as { inside: unknown }).inside).not.toBeInstanceOf(Tuple);
});
