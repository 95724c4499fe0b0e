import { describe, expect, test } from "vitest";
import { checkKeys, normalizeChord } from "../../src/shell/editor-commands.ts";
import { SettingsStore } from "../../src/shell/settings.ts";

describe("normalizeChord()", () => {
  test.each([
    ["ctrl+o", "ctrl+o"],
    ["Ctrl+O", "ctrl+o"],
    ["Alt+Ctrl+X", "ctrl+alt+x"],
    ["shift+ctrl+alt+left", "ctrl+alt+shift+left"],
    ["alt+B", "alt+B"],
    ["ctrl++", "ctrl++"],
    ["ctrl+x  ctrl+e", "ctrl+x ctrl+e"],
    ["ctrl+x e", "ctrl+x e"],
    ["F5", "f5"],
    ["enter", "enter"],
  ])("reads %j as %j", (written, chord) => {
    expect(normalizeChord(written)).toBe(chord);
  });

  test.each(["", "a", "super+a", "ctrl+", "ctrl+foo", "e ctrl+x", "ctrl+x foo"])("refuses %j", (written) => {
    expect(normalizeChord(written)).toBeUndefined();
  });
});

describe("checkKeys()", () => {
  test("takes chords with commands", () => {
    expect(() => {
      checkKeys({ "ctrl+o": "newline", "ctrl+x e": "edit-in-editor" });
    }).not.toThrow();
  });

  test("names the commands there are for one that is none", () => {
    expect(() => new SettingsStore().configure({ keys: { "ctrl+o": "new-line" } })).toThrow(
      /There is no editor command "new-line" for "ctrl\+o"; there are accept, newline, .*nothing$/,
    );
  });

  test("says how a key is written", () => {
    expect(() => new SettingsStore().configure({ keys: { o: "newline" } })).toThrow(/"o" is no key to bind: write/);
  });
});
