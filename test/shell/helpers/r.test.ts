import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-r-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "kate.ts");

describe("r()", () => {
  test("loads a module's file again", async () => {
    const { run } = openSession();
    writeFileSync(path, "export const Kate = { age: () => 1 };");
    await run(`c(${JSON.stringify(path)})`);
    writeFileSync(path, "export const Kate = { age: () => 2 };");
    expect(await run("r(Kate)")).toEqual(["reloaded", ["Kate"]]);
    expect(await run("Kate.age()")).toBe(2);
    expect(await run('r("Kate")')).toEqual(["reloaded", ["Kate"]]);
  });

  test("keeps the module if the file has become wrong", async () => {
    const { run } = openSession();
    writeFileSync(path, "export const Kate = { age: () => 1 };");
    await run(`c(${JSON.stringify(path)})`);
    writeFileSync(path, "export const Kate = {");
    await expect(run("r(Kate)")).rejects.toMatchObject({ code: "syntax" });
    expect(await run("Kate.age()")).toBe(1);
  });

  test.each(["r(Process)", 'r("Nobody")', "r(5)", "r({})"])("refuses %s", async (source) => {
    await expect(openSession().run(source)).rejects.toMatchObject({ code: "badarg" });
  });
});
