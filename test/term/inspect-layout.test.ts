import { describe, expect, test } from "vitest";
import { group, layOut, leaf, row } from "../../src/term/inspect-layout.ts";

const text = (value: string) => leaf(value, "plain", false);

describe("layOut()", () => {
  test("keeps on one line what just fits", () => {
    const doc = group("[", [text("aa"), text("bb")], "]", false);
    expect(doc.width).toBe("[aa, bb]".length);
    expect(layOut(doc, 8)).toBe("[aa, bb]");
    expect(layOut(doc, 7)).toBe("[\n  aa,\n  bb\n]");
  });

  test("fills lists of plain values, but gives each field a line of its own", () => {
    const items = ["1", "2", "3", "4"].map(text);
    expect(layOut(group("[", items, "]", false), 9)).toBe("[\n  1, 2,\n  3, 4\n]");
    expect(layOut(group("{", items.slice(0, 2), "}", true), 7)).toBe("{\n  1,\n  2\n}");
  });

  test("indents the further lines of a text, and breaks what holds it", () => {
    expect(layOut(group("[", [text("a\nb")], "]", false), 80)).toBe("[\n  a\n  b\n]");
  });

  test("breaks a value after its key", () => {
    const value = row(text("key: "), group("{", [text("aaaa"), text("bbbb")], "}", true));
    expect(layOut(group("{", [value], "}", true), 15)).toBe("{\n  key: {\n    aaaa,\n    bbbb\n  }\n}");
  });

  test("does not count colours", () => {
    expect(leaf("ab", "string", true)).toEqual({ kind: "leaf", text: "\x1b[32mab\x1b[39m", width: 2 });
  });
});
