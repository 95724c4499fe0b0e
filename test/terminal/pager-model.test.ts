import { describe, expect, test } from "vitest";
import type { Key } from "../../src/terminal/keys.ts";
import { createPager, pageOf, type PagerModel, pressed, resized, rowsOf } from "../../src/terminal/pager-model.ts";

const screen = { columns: 20, rows: 6 };
const lines = Array.from({ length: 20 }, (_, index) => `line ${String(index + 1)}`).join("\n");

function press(model: PagerModel, ...keys: readonly string[]): PagerModel {
  let now = model;
  for (const key of keys) {
    const typed: Key = key.length === 1 ? { type: "text", text: key } : { type: "chord", chord: key };
    const next = pressed(now, typed);
    if (next === undefined) throw new Error("It was left");
    now = next;
  }
  return now;
}
const first = (model: PagerModel) => pageOf(model)[0];

describe("the pager", () => {
  test("fills the screen, with where one is in the last row", () => {
    const page = pageOf(createPager(lines, screen));
    expect(page).toHaveLength(6);
    expect(page.slice(0, 5)).toEqual(["line 1", "line 2", "line 3", "line 4", "line 5"]);
    expect(page[5]).toMatch(/^1-5 of 20/u);
  });

  test("space and b turn pages, j and k go line by line, g and G to the ends", () => {
    const model = createPager(lines, screen);
    expect(first(press(model, " "))).toBe("line 6");
    expect(first(press(model, " ", " ", "b"))).toBe("line 6");
    expect(first(press(model, "j", "down", "k"))).toBe("line 2");
    expect(first(press(model, "G"))).toBe("line 16");
    expect(first(press(model, "G", " ", " "))).toBe("line 16");
    expect(first(press(model, "G", "g"))).toBe("line 1");
  });

  test("/ looks for a text whatever its case, n for the next, from the start again", () => {
    const model = press(createPager(lines, screen), "/", ..."LINE 1", "enter");
    expect(first(model)).toBe("line 10");
    expect(first(press(model, "n"))).toBe("line 11");
    expect(first(press(model, "N"))).toBe("line 1");
    expect(pageOf(press(model, "/", ..."zz", "enter")).at(-1)).toBe("not found: zz");
    expect(pageOf(press(model, "/", "a", "b", "backspace")).at(-1)).toBe("/a");
  });

  test.each(["q", "escape", "ctrl+c"])("%s leaves it", (key) => {
    const typed: Key = key.length === 1 ? { type: "text", text: key } : { type: "chord", chord: key };
    expect(pressed(createPager(lines, screen), typed)).toBeUndefined();
  });

  test("stays about where it was when the screen changes", () => {
    const model = resized(press(createPager(lines, screen), " ", " "), { columns: 4, rows: 6 });
    expect(model.rows.length).toBeGreaterThan(20);
    expect(model.top).toBeGreaterThan(10);
  });
});

describe("rowsOf()", () => {
  test("wraps wide characters whole, and colours go on in the next row", () => {
    expect(rowsOf("日本語", 5)).toEqual(["日本", "語"]);
    expect(rowsOf("\u001b[31mabcd\u001b[39m", 2)).toEqual(["\u001b[31mab\u001b[0m", "\u001b[31mcd\u001b[39m\u001b[0m"]);
    expect(rowsOf("\u001b[32ma\u001b[39m\nb", 10)[1]).toBe("b");
  });
});
