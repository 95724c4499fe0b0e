import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";
import { bufferOf, moveTo } from "../../src/terminal/buffer.ts";
import { createEditor, type EditorState } from "../../src/terminal/editor.ts";
import { takenBack, typedOver } from "../../src/terminal/vi-replace.ts";

const editor = (source: string, cursor: number): EditorState => ({
  ...createEditor("statement", [], [], { ...DEFAULT_SETTINGS, editing: "vi" }),
  buffer: moveTo(bufferOf(source), cursor),
});

const shown = ({ buffer }: EditorState): string => buffer.text.join("").replace(/^/, `${String(buffer.cursor)}:`);

describe("typedOver()", () => {
  test("puts characters in the place of those at the cursor, whole ones for whole ones", () => {
    const { buffer, vi } = typedOver(editor("a👩‍👩‍👧b", 1), [], "日x");
    expect([buffer.text, buffer.cursor]).toEqual([["a", "日", "x"], 3]);
    expect(vi.replaced).toEqual(["👩‍👩‍👧", "b"]);
  });

  test("adds them at the end of a line, and leaves the next one alone", () => {
    const state = typedOver(editor("ab\ncd", 1), [], "xyz");
    expect(shown(state)).toBe("4:axyz\ncd");
    expect(state.vi.replaced).toEqual(["b", "", ""]);
  });

  test("what is typed in one go is undone as one", () => {
    const first = typedOver(editor("abc", 0), [], "x");
    expect(typedOver(first, ["a"], "y").undo).toBe(first.undo);
  });
});

describe("takenBack()", () => {
  test("brings back what was there, the latest first, and takes away what was added", () => {
    let state = typedOver(editor("ab", 1), [], "xy");
    state = takenBack(state, state.vi.replaced ?? []);
    expect(shown(state)).toBe("2:ax");
    state = takenBack(state, state.vi.replaced ?? []);
    expect([shown(state), state.vi.replaced]).toEqual(["1:ab", []]);
  });

  test("before the place where it began, only moves the cursor, within the line", () => {
    expect(shown(takenBack(editor("a\nbc", 3), []))).toBe("2:a\nbc");
    expect(shown(takenBack(editor("a\nbc", 2), []))).toBe("2:a\nbc");
  });
});
