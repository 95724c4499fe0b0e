import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Runtime } from "../../../src/process/runtime.ts";
import { hasChanged, rememberStamps } from "../../../src/shell/helpers/file-stamps.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-stamps-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file that was written a while ago. */
function write(name: string, text = "1", age = 60): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  const time = Date.now() / 1000 - age;
  utimesSync(path, time, time);
  return path;
}

describe("hasChanged()", () => {
  const runtime = new Runtime();
  const remember = (file: string, ...others: string[]) => rememberStamps(runtime, file, [file, ...others], Date.now());

  test("is told once of a change, of the file or of what it imports", () => {
    const [file, part] = [write("whole.ts"), write("part.ts")];
    remember(file, part);
    expect(hasChanged(runtime, file)).toBe(false);
    write("whole.ts", "22");
    expect([hasChanged(runtime, file), hasChanged(runtime, file)]).toEqual([true, false]);
    write("part.ts", "1", 30);
    expect([hasChanged(runtime, file), hasChanged(runtime, file)]).toEqual([true, false]);
  });

  test("takes a file of the same age and size in its place for another, and a gone one for itself", () => {
    const file = write("file.ts");
    remember(file);
    renameSync(write("other.ts"), file);
    expect(hasChanged(runtime, file)).toBe(true);
    rmSync(file);
    expect(hasChanged(runtime, file)).toBe(false);
    write("file.ts", "back");
    expect(hasChanged(runtime, file)).toBe(true);
  });

  test("takes what was written while it was read for changed, but nothing from the future for ever", () => {
    const since = Date.now();
    const [now, future] = [write("now.ts", "1", 0), write("future.ts", "1", -600)];
    utimesSync(now, new Date(since), new Date(since));
    rememberStamps(runtime, now, [now], since);
    rememberStamps(runtime, future, [future], since);
    expect([hasChanged(runtime, now), hasChanged(runtime, now)]).toEqual([true, false]);
    expect(hasChanged(runtime, future)).toBe(false);
  });

  test("knows nothing of a file that was not loaded", () => {
    expect(hasChanged(runtime, write("unknown.ts"))).toBe(false);
  });
});
