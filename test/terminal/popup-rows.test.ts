import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import type { OfferedCandidate } from "../../src/shell/complete.ts";
import type { Popup } from "../../src/terminal/popup.ts";
import { popupRows } from "../../src/terminal/popup-rows.ts";

function popup(candidates: readonly OfferedCandidate[], chosen?: number): Popup {
  return { before: "", answer: undefined, awaited: false, candidates, chosen, closed: false };
}

function many(count: number): OfferedCandidate[] {
  return Array.from({ length: count }, (_, index) => ({ text: `name${String(index)}`, kind: "variable" }));
}

const texts = (shown: Popup, columns = 60, most = 8): string[] =>
  popupRows(shown, columns, most).map(({ text }) => text);

describe("popupRows()", () => {
  const two: OfferedCandidate[] = [
    { text: "async", kind: "function", signature: "Task.async(what, fun, args)", doc: "Runs a function in a process" },
    { text: "await", kind: "function" },
  ];

  test("marks the chosen one by more than a colour, and says beside it how it is called and what it does", () => {
    expect(texts(popup(two))).toEqual(["  async", "  await"]);
    expect(texts(popup(two, 0))).toEqual(["> async  (what, fun, args)  Runs a function in a process", "  await"]);
    expect(texts(popup(two, 1))).toEqual(["  async", "> await  function"]);
    expect(texts(popup([{ text: "src/", kind: "text" }], 0))).toEqual(["> src/"]);
    const [chosen, other] = popupRows(popup(two, 0), 60, 8);
    expect([chosen?.dim, other?.dim]).toEqual([false, true]);
    expect(stripVTControlCharacters(chosen?.styled ?? "")).toBe(chosen?.text);
  });

  test("says less on a narrow screen, and nothing where there is no room", () => {
    expect(texts(popup(two, 0), 24)[0]).toBe("> async  (what, fun, ar…");
    expect(texts(popup(two, 0), 16)[0]).toBe("> async");
    expect(texts(popup(two, 0), 5)[0]).toBe("> as…");
  });

  test("leaves what it does some of the row, where how it is called is long", () => {
    const long: OfferedCandidate = {
      text: "f",
      kind: "function",
      signature: `f(${"argument, ".repeat(9)}last)`,
      doc: "Does what a function of so many arguments does",
    };
    expect(texts(popup([long, ...many(1)], 0), 79)[0]).toBe(
      "> f      (argument, argument, argument, argument, …  Does what a function of s…",
    );
    expect(texts(popup([long], 0), 50)[0]).toBe("> f  (argument, argument, argument, argument, arg…");
  });

  test("keeps the name of a type that is none of the candidate's, and one way to call of several", () => {
    const types: OfferedCandidate[] = [
      { text: "people", kind: "property", signature: "Map<string, Person>" },
      { text: "i", kind: "function", signature: "i(value)\ni()", doc: "Describes" },
    ];
    expect(texts(popup(types, 0))[0]).toBe("> people  Map<string, Person>");
    expect(texts(popup(types, 1))[1]).toBe("> i       (value) …  Describes");
  });

  test("says how many more there are, with the chosen one in sight", () => {
    expect(texts(popup(many(10)), 60, 3)).toEqual(["  name0", "  name1", "  … 8 more"]);
    expect(texts(popup(many(10), 5), 60, 3)).toEqual(["  name4", "> name5  variable", "  … 8 more"]);
    expect(texts(popup(many(10), 9), 60, 3)).toEqual(["  name8", "> name9  variable", "  … 8 more"]);
    expect(texts(popup(many(3)), 60, 3)).toEqual(["  name0", "  name1", "  name2"]);
    expect(texts(popup(many(10), 5), 60, 1)).toEqual(["> name5  … 9 more"]);
    expect(texts(popup(many(10)), 60, 0)).toEqual([]);
  });

  test("counts cells of wide names, and shows what would steer the terminal", () => {
    const wide: OfferedCandidate[] = [
      { text: "日本", kind: "variable", signature: "string" },
      { text: "a", kind: "variable", signature: "number", doc: "one\ntwo\x1b[2J" },
    ];
    expect(texts(popup(wide, 1))).toEqual(["  日本", "> a     number  one two\\x1b[2J"]);
  });

  test("is never wider than the screen nor higher than it may be, and shows the chosen one", () => {
    const unit = fc.constantFrom("a", "日", "\u202e", "ש", "👩‍👩‍👧", "e\u0301", "\t", "\x1b[31m");
    const candidate = fc.record({
      text: fc.string({ unit, minLength: 1, maxLength: 30 }),
      kind: fc.constant("variable" as const),
      signature: fc.string({ unit, maxLength: 30 }),
      doc: fc.string({ unit, maxLength: 60 }),
    });
    fc.assert(
      fc.property(
        fc.array(candidate, { minLength: 1, maxLength: 30 }),
        fc.option(fc.nat(29), { nil: undefined }),
        fc.integer({ min: 4, max: 80 }),
        fc.integer({ min: 1, max: 20 }),
        (candidates, at, columns, most) => {
          const chosen = at === undefined ? undefined : at % candidates.length;
          const rows = popupRows(popup(candidates, chosen), columns, most);
          expect(rows.length).toBeLessThanOrEqual(most);
          for (const { text } of rows) expect(stringWidth(text)).toBeLessThanOrEqual(columns);
          expect(rows.filter(({ text }) => text.startsWith(">"))).toHaveLength(chosen === undefined ? 0 : 1);
        },
      ),
    );
  });
});
