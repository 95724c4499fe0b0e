import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, SETTING_NAMES, type Settings } from "../../src/shell/settings.ts";
import { sourceOf } from "../../src/terminal/buffer.ts";
import type { Key } from "../../src/terminal/keys.ts";
import { chosenOf, createMenu, type MenuEffect, type MenuModel, pressed } from "../../src/terminal/settings-model.ts";

const screen = { columns: 80, rows: 24 };

/** Presses keys from the beginning: what there is then, and what was to be done. */
function press(...keys: readonly (string | Key)[]) {
  let model: MenuModel = createMenu(DEFAULT_SETTINGS, screen);
  const effects: MenuEffect[] = [];
  for (const key of keys) {
    const typed: Key =
      typeof key !== "string" ? key : key.length === 1 ? { type: "text", text: key } : { type: "chord", chord: key };
    const [next, effect] = pressed(model, typed, 0);
    model = next;
    if (effect !== undefined) effects.push(effect);
  }
  return { model, effects };
}

/** The keys that choose a setting. */
const to = (name: keyof Settings): string[] => Array.from({ length: SETTING_NAMES.indexOf(name) }, () => "j");
const changes = (changed: Partial<Settings>): MenuEffect => ({ type: "change", changes: changed });

describe("the menu of settings", () => {
  test("arrows, j and k choose and stay within it", () => {
    expect(chosenOf(press("down", "j", "k").model)).toBe("colors");
    expect(chosenOf(press("up", "k").model)).toBe(SETTING_NAMES[0]);
    expect(chosenOf(press("G", "down").model)).toBe(SETTING_NAMES.at(-1));
  });

  test.each(["enter", " ", "right", "left"])("%j changes one of two at once", (key) => {
    expect(press(...to("editing"), key).effects).toEqual([changes({ editing: "vi" })]);
    expect(press(...to("pager"), key, key).effects).toEqual([changes({ pager: false }), changes({ pager: true })]);
  });

  test("Left and Right change a number by a step, not below 0", () => {
    expect(press(...to("depth"), "right").effects).toEqual([changes({ depth: 7 })]);
    const { model } = press(...to("maxEntries"), ...Array.from({ length: 12 }, () => "left"));
    expect(model.settings.maxEntries).toBe(0);
  });

  test("a number is typed, from its first digit or over what it is; Infinity is one", () => {
    expect(press(...to("depth"), "1", "2", "enter").effects).toEqual([changes({ depth: 12 })]);
    expect(press(...to("depth"), "enter", "0", "enter").effects).toEqual([changes({ depth: 60 })]);
    expect(press(...to("depth"), "enter", "ctrl+u", ..."Infinity", "enter").effects).toEqual([
      changes({ depth: Infinity }),
    ]);
  });

  test("what does not fit is told where it is typed, and changes nothing; it can be put right", () => {
    const wrong = press(...to("escapeDelay"), "enter", "x", "enter");
    expect(wrong.effects).toEqual([]);
    expect(wrong.model.notice).toEqual({ text: `escapeDelay can't be "50x"`, wrong: true });
    expect(wrong.model.entry && sourceOf(wrong.model.entry.buffer)).toBe("50x");
    expect(press(...to("escapeDelay"), "enter", "x", "enter", "backspace", "7", "enter").effects).toEqual([
      changes({ escapeDelay: 507 }),
    ]);
    const keys = press(...to("keys"), "enter", "ctrl+u", ...'{ "f5": "dance" }', "enter");
    expect(keys.effects).toEqual([]);
    expect(keys.model.notice?.text).toContain('There is no editor command "dance" for "f5"');
  });

  test("a text is edited as a line is, and pasted into; Escape leaves it as it was", () => {
    const edited = press(...to("prompt"), "enter", "home", "ctrl+k", { type: "paste", text: "%counter\n$ " }, "enter");
    expect(edited.effects).toEqual([changes({ prompt: "%counter $" })]);
    const left = press(...to("prompt"), "enter", "x", "escape");
    expect([left.effects, left.model.entry, left.model.settings]).toEqual([[], undefined, DEFAULT_SETTINGS]);
  });

  test("d sets what it is without being set; s saves; q, Escape and F2 leave", () => {
    expect(press(...to("depth"), "right", "d").effects.at(-1)).toEqual(changes({ depth: DEFAULT_SETTINGS.depth }));
    expect(press("s").effects).toEqual([{ type: "save" }]);
    for (const key of ["q", "escape", "f2", "ctrl+c"]) expect(press(key).effects).toEqual([{ type: "leave" }]);
  });
});
