import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Atom, atom, isAtom, tagOf } from "../../src/term/atom.ts";
import { collectGarbage, nextTurn } from "../support/collect-garbage.ts";

describe("atom()", () => {
  test("gives one object for a text", () => {
    expect(atom("ping")).toBe(atom("ping"));
    expect(atom("ping")).not.toBe(atom("pong"));
  });

  test("gives an object that can't be changed", () => {
    expect(Object.isFrozen(atom("ping"))).toBe(true);
  });

  test("is its text wherever one is wanted", () => {
    expect(`${atom("ping")}`).toBe("ping");
    expect(JSON.stringify({ tag: atom("ping") })).toBe('{"tag":"ping"}');
    expect(inspect(atom("ping"))).toBe("ping");
  });

  test("V4: an atom made where one was collected a moment ago stays", async () => {
    const text = "collected";
    (() => atom(text))();
    await nextTurn();
    collectGarbage();
    const again = atom(text);
    for (let i = 0; i < 3; i++) {
      await nextTurn();
      collectGarbage();
    }
    expect(atom(text)).toBe(again);
  });
});

test("isAtom() knows an atom from its text and from what looks like one", () => {
  expect(isAtom(atom("ping"))).toBe(true);
  expect(isAtom("ping")).toBe(false);
  expect(isAtom({ text: "ping" })).toBe(false);
  expect(isAtom(Atom)).toBe(false);
});

test("tagOf() reads a tag from a moebi and from an Erlang node alike", () => {
  expect(tagOf("ping")).toBe("ping");
  expect(tagOf(atom("ping"))).toBe("ping");
  expect(tagOf(["ping"])).toBeUndefined();
  expect(tagOf(undefined)).toBeUndefined();
});
