import { describe, expect, test } from "vitest";
import { bufferOf } from "../../src/terminal/buffer.ts";
import { createEditor } from "../../src/terminal/editor.ts";
import { stylesOf, substitute, typedLines } from "../../src/terminal/paint.ts";
import { remembering } from "../../src/shell/tokens.ts";

const look = { colors: true, tokenize: remembering() };

describe("substitute()", () => {
  test.each([
    ["a", undefined],
    ["日", undefined],
    ["👩‍👩‍👧", undefined],
    ["e\u0301", undefined],
    ["\t", "    "],
    ["\x1b", String.raw`\x1b`],
    ["\u202e", String.raw`\u202e`],
    ["\u200b", String.raw`\u{200b}`],
    ["\u0301", String.raw`\u{301}`],
  ])("of %j is %j", (grapheme, expected) => {
    expect(substitute(grapheme)).toBe(expected);
  });
});

describe("stylesOf()", () => {
  test("colours each grapheme once, wide ones too", () => {
    expect([...stylesOf(bufferOf("'日' /* é */"), look)]).toEqual([..."32 32 32".split(" "), undefined, ..."2222222"]);
  });
});

describe("typedLines()", () => {
  const prompts = { first: "moebi(1)> ", continuation: "...(1)> " };

  test("are what was typed with its prompts, in colour", () => {
    const state = { ...createEditor("statement"), buffer: bufferOf('f(\n\t"a")') };
    expect(typedLines(state, prompts)).toBe('moebi(1)> f(\n...(1)> \t"a")');
    expect(typedLines(state, prompts, look)).toBe('moebi(1)> f(\n...(1)> \t\x1b[32m"a"\x1b[0m)');
  });

  test("never steer the terminal", () => {
    const state = { ...createEditor("line"), buffer: bufferOf("a\x1b]0;title\x07") };
    expect(typedLines(state, prompts, look)).toBe(String.raw`moebi(1)> a\x1b]0;title\x07`);
  });
});
