import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { TypedDevice } from "../../support/typed-device.ts";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-open-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "kate.ts");
writeFileSync(file, "export const Kate = {\n  f() { return 1 },\n};\n");

/** A terminal whose editor only tells what it was to show. */
class Editing extends TypedDevice {
  readonly edited: unknown[] = [];
  edit(path: string, line: number): Promise<string | undefined> {
    this.edited.push([path, line]);
    return Promise.resolve(this.problem);
  }
  problem: string | undefined = undefined;
}

test("open() has the file shown at the line, and says how it is loaded again", async () => {
  const device = new Editing();
  const { run } = openSession({ device });
  await run(`c(${JSON.stringify(file)})`);
  await run("open(Kate.f)");
  await run('open("Kate")');
  expect(device.edited).toEqual([
    [file, 2],
    [file, 1],
  ]);
  expect(device.shown).toBe("r(Kate) loads it\nr(Kate) loads it\n");
});

test("open() says what the editor said", async () => {
  const device = new Editing();
  device.problem = "(the editor ended with 3)";
  const { run } = openSession({ device });
  await run(`c(${JSON.stringify(file)})`);
  await run("open(Kate)");
  expect(device.shown).toBe("(the editor ended with 3)\n");
});

test("open() refuses what was typed, and where there is no terminal", async () => {
  const { run } = openSession();
  await run("const Typed = { f() {} }");
  await expect(run("open(Typed.f)")).rejects.toThrow("Typed.f came from no file; it was typed, at moebi(1):1");
  await run(`c(${JSON.stringify(file)})`);
  await expect(run("open(Kate)")).rejects.toThrow(`There is no terminal to edit ${file}:1 at`);
});
