import { describe, expect, test } from "vitest";
import { bufferOf, moveTo } from "../../src/terminal/buffer.ts";
import { createEditor, step } from "../../src/terminal/editor.ts";
import { KeyParser } from "../../src/terminal/keys.ts";
import { textObject } from "../../src/terminal/vi-objects.ts";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";

/** The text object at the `|` of `source`, between `«` and `»`. */
function shown(source: string, name: string, count = 1): string | undefined {
  const cursor = bufferOf(source.slice(0, source.indexOf("|"))).text.length;
  const buffer = moveTo(bufferOf(source.replace("|", "")), cursor);
  const range = textObject(buffer, name, count);
  if (range === undefined) return undefined;
  const part = (from: number, to?: number): string => buffer.text.slice(from, to).join("");
  return `${part(0, range.from)}«${part(range.from, range.to)}»${part(range.to)}`;
}

describe("textObject()", () => {
  test.each([
    ["one t|wo three", "iw", "one «two» three"],
    ["one t|wo three", "aw", "one «two »three"],
    ["one two thr|ee", "aw", "one two« three»"],
    ["one|  two", "iw", "one«  »two"],
    ["one|  two x", "aw", "one«  two» x"],
    ["foo.b|ar(x)", "iw", "foo.«bar»(x)"],
    ["foo.b|ar(x) y", "iW", "«foo.bar(x)» y"],
    ["foo.b|ar(x) y", "aW", "«foo.bar(x) »y"],
    ["  o|ne\ntwo", "aw", "«  one»\ntwo"],
    ["日|本 語", "iw", "«日本» 語"],
    ["a|\nb", "iw", undefined],

    ['f("a b|c", 1)', 'i"', 'f("«a bc»", 1)'],
    ['f("a b|c", 1)', 'a"', 'f(«"a bc"», 1)'],
    ['|f("abc")', 'i"', 'f("«abc»")'],
    ['f("a\\"|b")', 'i"', 'f("«a\\"b»")'],
    ['f("a", |"b")', 'i"', 'f("a", "«b»")'],
    ["x = '|'", "i'", "x = '«»'"],
    ["x = `a|`", "a`", "x =« `a`»"],
    ['f("abc") |', 'i"', undefined],

    ["f(a, g(|b), c)", "i(", "f(a, g(«b»), c)"],
    ["f(a, g(|b), c)", "ab", "f(a, g«(b)», c)"],
    ["f(a, |g(b), c)", "i)", "f(«a, g(b), c»)"],
    ["f|(a)", "i(", "f(«a»)"],
    ["f(a|)", "a(", "f«(a)»"],
    ["f(')', |x)", "i(", "f(«')', x»)"],
    ["a[b[|0]]", "i[", "a[b[«0»]]"],
    ["x = {a: |1}", "iB", "x = {«a: 1»}"],
    ["x = {a: |1}", "a}", "x = «{a: 1}»"],
    ["f(|)", "i(", "f(«»)"],
    ["if (a) {\n  b|()\n}", "i{", "if (a) {\n«  b()»\n}"],
    ["if (a) {\n|}", "i{", "if (a) {«\n»}"],
    ["f(a|", "i(", undefined],
    ["a| (b)", "i(", undefined],
  ])("%j: %s is %j", (source, name, expected) => {
    expect(shown(source, name)).toBe(expected);
  });

  test("with a count takes so many words, and the block so many further out", () => {
    expect(shown("o|ne two three", "iw", 3)).toBe("«one two» three");
    expect(shown("o|ne two three", "aw", 2)).toBe("«one two »three");
    expect(shown("f(g(h(|x)))", "i(", 2)).toBe("f(g(«h(x)»))");
  });
});

describe("operators", () => {
  /** What typing `keys` leaves of `source`, in vi's normal mode at the `|`. */
  function left(source: string, keys: string): string {
    const options = { ...DEFAULT_SETTINGS, editing: "vi" } as const;
    const cursor = source.indexOf("|");
    const state = createEditor("statement", [], [], options);
    let next = {
      ...state,
      buffer: moveTo(bufferOf(source.replace("|", "")), cursor),
      vi: { ...state.vi, mode: "normal" as const },
    } as typeof state;
    const parser = new KeyParser();
    for (const key of [...parser.push(keys), ...parser.flush()]) next = step(next, key, 0).state;
    const { text, cursor: at } = next.buffer;
    return `${text.slice(0, at).join("")}|${text.slice(at).join("")}`;
  }

  test.each([
    ["one t|wo three", "diw", "one | three"],
    ["one t|wo three", "daw", "one |three"],
    ["f(a, |b)", "di(", "f(|)"],
    ["f(a, |b)", "ci(x\x1b", "f(|x)"],
    ["f(|)", "ci(x\x1b", "f(|x)"],
    ["f('a|b')", "ci'cd\x1b", "f('c|d')"],
    ["a b|b", "yiwP", "a b|bbb"],
    ["one t|wo three", "diwb.", "|  three"],
    ["{\n  a|b\n}", "di{", "{\n|}"],
    ["{\n  a|b\n}", "ci{x\x1b", "{\n|x\n}"],
    ["a|b", "diq", "a|b"],
    ["a|b", "dix", "a|b"],
    ["a|b c", "2dix", "a|b c"],
  ])("%j: %s leaves %j", (source, keys, expected) => {
    expect(left(source, keys)).toBe(expected);
  });
});
