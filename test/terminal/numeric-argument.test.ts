import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";
import { createEditor, step, type EditorState } from "../../src/terminal/editor.ts";
import { KeyParser } from "../../src/terminal/keys.ts";
import { nextDigits, numberOf, repeated } from "../../src/terminal/numeric-argument.ts";

/** What typing `input` leaves, with the cursor as `|`. */
function type(input: string, state: EditorState = createEditor("statement", ["one", "two", "three"])) {
  const parser = new KeyParser();
  for (const key of [...parser.push(input), ...parser.flush()]) state = step(state, key, 0).state;
  const { text, cursor } = state.buffer;
  return { state, shown: `${text.slice(0, cursor).join("")}|${text.slice(cursor).join("")}` };
}

describe("Alt and digits", () => {
  test.each([
    ["\x1b3x", "xxx|"],
    ["\x1b1\x1b2x", "xxxxxxxxxxxx|"],
    ["\x1b12x", "xxxxxxxxxxxx|"],
    ["\x1b3xyz", "xxxyz|"],
    ["\x1b0x", "|"],
    ["abcdef\x1b2\x02", "abcd|ef"],
    ["abcdef\x1b2\x1b[D", "abcd|ef"],
    ["abcdef\x1b3\x7f", "abc|"],
    ["abcdef\x01\x1b-\x1b2\x02", "ab|cdef"],
    ["abcdef\x02\x02\x1b-\x7f", "abcd|f"],
    ["one two three\x1b2\x17", "one |"],
    ["one two three\x1b2\x17\x19", "one two three|"],
    ["one two three\x01\x1b2\x1bu", "ONE TWO| three"],
    ["\x1b2\x10", "two|"],
    ["abc\x1b3\x01", "|abc"],
    ["abc\x1b3\x07x", "abcx|"],
    ["abc\x1b3\x03x", "abcx|"],
    ["abc\x1b9\x1b9\x1b9\x02", "|abc"],
  ])("%j leaves %j", (keys, expected) => {
    expect(type(keys).shown).toBe(expected);
  });

  test("are shown until the key they are for", () => {
    expect(type("\x1b4\x1b2").state.hint).toBe("(argument: 42)");
    expect(type("\x1b4\x1b2x").state.hint).toBeUndefined();
  });

  test("are a person's own keys where they were bound", () => {
    const keys = { "alt+3": "line-start" };
    const state = createEditor("statement", [], [], { ...DEFAULT_SETTINGS, keys });
    expect(type("abc\x1b3x", state).shown).toBe("x|abc");
  });
});

test("a minus sign turns the number round, and is minus one alone", () => {
  expect(
    ["-", "-12", nextDigits("12", "alt+-"), nextDigits("-12", "alt+-")].map((digits) => numberOf(digits ?? "")),
  ).toEqual([-1, -12, -12, 12]);
  expect(numberOf("9999999")).toBe(10_000);
});

test("what means nothing several times is done once", () => {
  expect(repeated("accept", 5)).toEqual({ command: "accept", times: 1 });
  expect(repeated("undo", -1)).toEqual({ command: "undo", times: 0 });
});
