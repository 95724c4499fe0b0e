import { describe, expect, test } from "vitest";
import { bufferOf, moveTo, type Buffer } from "../../src/terminal/buffer.ts";
import { changeCase, transposeWords, withoutSpace } from "../../src/terminal/words.ts";

function after(source: string, change: (buffer: Buffer) => Buffer): string {
  const { text, cursor } = change(moveTo(bufferOf(source.replace("|", "")), source.indexOf("|")));
  return `${text.slice(0, cursor).join("")}|${text.slice(cursor).join("")}`;
}

describe("transposeWords()", () => {
  test.each([
    ["one two|", "two one|"],
    ["one| two", "two one|"],
    ["one t|wo three", "two one| three"],
    ["send(a, b)|", "send(b, a|)"],
    ["one|", "one|"],
    ["|", "|"],
  ])("%j becomes %j", (source, expected) => {
    expect(after(source, transposeWords)).toBe(expected);
  });
});

describe("changeCase()", () => {
  test.each([
    ["|one two", "upper", "ONE| two"],
    ["one| two", "upper", "one TWO|"],
    ["|ONE", "lower", "one|"],
    ["| oNE", "capital", " One|"],
    ["|straße", "upper", "STRASSE|"],
    ["one|", "upper", "one|"],
  ] as const)("%j to %s case becomes %j", (source, to, expected) => {
    expect(after(source, (buffer) => changeCase(buffer, to))).toBe(expected);
  });
});

describe("withoutSpace()", () => {
  test.each([
    ["a  | b", "a|b"],
    ["a\n  |b", "a\n|b"],
    ["a|b", "a|b"],
  ])("%j becomes %j", (source, expected) => {
    expect(after(source, withoutSpace)).toBe(expected);
  });
});
