import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readSettings, saveSettings } from "../../src/cli/settings-file.ts";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "settings.json");

function read(text: string) {
  writeFileSync(path, text);
  return readSettings(path);
}

describe("readSettings()", () => {
  test("gives what the file says, and nothing where there is none", () => {
    expect(read('{ "depth": 2, "prompt": "%counter> " }')).toEqual({ settings: { depth: 2, prompt: "%counter> " } });
    expect(readSettings(join(folder, "none.json"))).toEqual({ settings: {} });
  });

  test.each([
    ['{ "depth": 2, "colours": true }', `${path}: There is no setting "colours"; did you mean colors?`],
    ['{ "depth": "deep" }', `${path}: The setting "depth" is a number from 0, or Infinity, not "deep"`],
    ["{ depth: 2 }", `The settings in ${path} are no JSON: `],
    ["[1]", `The settings in ${path} are no object`],
  ])("says what is wrong with %s, and gives nothing of it", (text, message) => {
    const { settings, problem } = read(text);
    expect(settings).toEqual({});
    expect(problem).toContain(message);
    expect(problem).toMatch(/\. The prompt has its default settings$/);
  });

  test("says that a file can't be read", () => {
    expect(readSettings(folder)).toEqual({
      settings: {},
      problem: expect.stringContaining(`Can't read the settings in ${folder}: EISDIR`) as unknown,
    });
  });
});

describe("saveSettings()", () => {
  const saved = (): unknown => JSON.parse(readFileSync(path, "utf8"));

  test("writes what differs from the defaults, and it is read again", () => {
    const folders = join(folder, "deep", "er", "settings.json");
    const settings = { ...DEFAULT_SETTINGS, depth: Infinity, keys: { f5: "show-settings" } };
    expect(saveSettings(settings, folders)).toBe(`Saved to ${folders}`);
    expect(JSON.parse(readFileSync(folders, "utf8"))).toEqual({ depth: "Infinity", keys: { f5: "show-settings" } });
    expect(readSettings(folders)).toEqual({ settings: { depth: Infinity, keys: { f5: "show-settings" } } });
  });

  test("keeps what the file says, in its order; what it says of a setting follows", () => {
    writeFileSync(path, '{ "mine": [1], "pager": false, "depth": 3 }');
    expect(saveSettings({ ...DEFAULT_SETTINGS, depth: 4 }, path)).toBe(
      `Saved to ${path}, which is not read until "mine" is taken out: there is no such setting`,
    );
    expect(saved()).toEqual({ mine: [1], pager: true, depth: 4 });
    expect(Object.keys(saved() as object)).toEqual(["mine", "pager", "depth"]);
  });

  test("follows a link, and leaves nothing beside it", () => {
    const real = join(folder, "real.json");
    const link = join(folder, "link.json");
    writeFileSync(real, "{}", { mode: 0o600 });
    symlinkSync(real, link);
    saveSettings({ ...DEFAULT_SETTINGS, editing: "vi" }, link);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(lstatSync(real).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(real, "utf8"))).toEqual({ editing: "vi" });
    expect(readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  test("leaves a file as it is that it can't read", () => {
    writeFileSync(path, "{ depth: 2 } // by hand");
    expect(() => saveSettings({ ...DEFAULT_SETTINGS, depth: 4 }, path)).toThrow(`The settings in ${path} are no JSON`);
    expect(readFileSync(path, "utf8")).toBe("{ depth: 2 } // by hand");
  });
});
