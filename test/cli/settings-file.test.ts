import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readSettings } from "../../src/cli/settings-file.ts";

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
    ['{ "depth": 2, "colours": true }', `${path}: There is no setting "colours"; there are editing, `],
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
