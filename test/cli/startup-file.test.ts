import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readStartup } from "../../src/cli/startup-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "moebi-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

describe("readStartup()", () => {
  test("gives init.ts at a prompt, and init.js where there is no init.ts", () => {
    const js = file("init.js", "b = 2");
    expect(readStartup(undefined, true, folder)).toEqual({ path: js, source: "b = 2" });
    const ts = file("init.ts", "a = 1");
    expect(readStartup(undefined, true, folder)).toEqual({ path: ts, source: "a = 1" });
  });

  test("gives none where there is no file, for a script, and where none is wanted", () => {
    expect(readStartup(undefined, true, folder)).toBeUndefined();
    file("init.ts", "a = 1");
    expect(readStartup(undefined, false, folder)).toBeUndefined();
    expect(readStartup(false, true, folder)).toBeUndefined();
  });

  test("gives one that is named, for a script as well", () => {
    const path = file("mine.ts", "c = 3");
    expect(readStartup(path, false, folder)).toEqual({ path, source: "c = 3" });
  });

  test("says that one that is named can't be read", () => {
    expect(() => readStartup(join(folder, "none.ts"), true, folder)).toThrow(/^Can't read .*none\.ts: ENOENT/);
  });
});
