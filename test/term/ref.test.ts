import { describe, expect, test } from "vitest";
import { isRef, publishRef, Ref, refOf } from "../../src/term/ref.ts";

const NODE = "alex@localhost";

describe("refOf()", () => {
  test("gives the same object for the same parts", () => {
    expect(refOf(NODE, 7, 1)).toBe(refOf(NODE, 7, 1));
    expect(refOf(NODE, 7, 1, [5, 6])).toBe(refOf(NODE, 7, 1, [5, 6]));
  });

  test("gives another for any part that differs", () => {
    const all = [
      refOf(NODE, 7, 1),
      refOf("kate@localhost", 7, 1),
      refOf(NODE, 8, 1),
      refOf(NODE, 7, 2),
      refOf(NODE, 7, 1, [0]),
      refOf(NODE, 7, 1, [1, 2]),
      refOf(NODE, 7, 1, [12]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("words", () => {
  test("are three for a reference of a moebi node, the counter over the first two", () => {
    expect(new Ref(NODE, 7, 5).words).toEqual([5, 0, 0]);
    expect(new Ref(NODE, 7, 2 ** 32 * 3 + 4).words).toEqual([4, 3, 0]);
    expect(new Ref(NODE, 7, Number.MAX_SAFE_INTEGER).words).toEqual([0xffff_ffff, 0x1f_ffff, 0]);
  });

  test("are up to five for one of an Erlang node", () => {
    expect(new Ref(NODE, 7, 1, [2, 3, 4]).words).toEqual([1, 0, 2, 3, 4]);
  });
});

test("publishRef() lets refOf find a reference that a node made", () => {
  const ref = new Ref(NODE, 7, 100);
  publishRef(ref);
  publishRef(ref);
  expect(refOf(NODE, 7, 100)).toBe(ref);
});

test("isRef() takes no object that merely has the parts", () => {
  expect(isRef(refOf(NODE, 7, 1))).toBe(true);
  expect(isRef({ node: NODE, creation: 7, id: 1, more: undefined })).toBe(false);
});
