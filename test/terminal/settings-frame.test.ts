import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { ABOUT, DEFAULT_SETTINGS, SETTING_NAMES, type Settings } from "../../src/shell/settings.ts";
import type { Key } from "../../src/terminal/keys.ts";
import { menuRows, previewLines } from "../../src/terminal/settings-frame.ts";
import { createMenu, type MenuModel, pressed } from "../../src/terminal/settings-model.ts";
import { tokenizeLine } from "../../src/shell/tokens.ts";

const plain = { look: { colors: false, tokenize: tokenizeLine }, noColor: false };
const coloured = { look: { colors: true, tokenize: tokenizeLine }, noColor: false };
const shown = (model: MenuModel, options = plain): string[] => menuRows(model, options).map(stripVTControlCharacters);
const chord = (name: string): Key => ({ type: "chord", chord: name });

describe("menuRows()", () => {
  test.each([
    [40, 10],
    [80, 24],
    [200, 60],
  ])("fills %i by %i with the chosen setting in sight, what it means, and how to leave", (columns, rows) => {
    for (const name of SETTING_NAMES) {
      const model = { ...createMenu(DEFAULT_SETTINGS, { columns, rows }), selected: SETTING_NAMES.indexOf(name) };
      const lines = shown(model);
      expect(lines).toHaveLength(rows);
      const preview = rows < 18 ? 0 : 4;
      for (const line of [...lines.slice(0, -1 - preview), lines.at(-1) ?? ""])
        expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines.some((line) => line.startsWith(` ${name} `))).toBe(true);
      expect(lines.join(" ").replace(/\s+/gu, " ")).toContain(ABOUT[name].meaning);
      expect(lines.at(-1)).toMatch(/^q leave {2}s save/u);
    }
  });

  test("shows what is typed with its end in sight, what it has to be, and what is wrong", () => {
    const long = "%node ".repeat(20);
    const settings: Settings = { ...DEFAULT_SETTINGS, prompt: long };
    let model = { ...createMenu(settings, { columns: 40, rows: 10 }), selected: SETTING_NAMES.indexOf("prompt") };
    [model] = pressed(model, chord("enter"), 0);
    expect(shown(model).slice(-4, -1)).toEqual([
      "prompt is a text",
      expect.stringMatching(/^> .*%node {2}$/u) as string,
      "",
    ]);
    let number = { ...createMenu(settings, { columns: 40, rows: 10 }), selected: SETTING_NAMES.indexOf("depth") };
    for (const key of ["enter", "ctrl+u", "enter"]) [number] = pressed(number, chord(key), 0);
    expect(shown(number).at(-2)).toBe(`depth can't be ""`);
  });

  test("has no colour where there are to be none, and says why the setting does nothing", () => {
    const model = createMenu(DEFAULT_SETTINGS, { columns: 80, rows: 24 });
    const colours = /\x1b\[[\d;]*3\d/u;
    expect(menuRows(model, coloured).join("\n")).toMatch(colours);
    const lines = menuRows(model, { ...plain, noColor: true }).join("\n");
    expect(lines).not.toMatch(colours);
    expect(lines).toContain("true (NO_COLOR is set)");
  });
});

test("previewLines() shows what the settings do to results", () => {
  const [, result] = previewLines({ ...DEFAULT_SETTINGS, depth: 1 }, plain.look);
  expect(result).toContain("nested: { at: {...} }");
  const [, text] = previewLines({ ...DEFAULT_SETTINGS, maxText: 2 }, plain.look);
  expect(text).toContain('"Ka"... 2 more');
});
