import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-ls-"));
mkdirSync(join(folder, "lib"));
writeFileSync(join(folder, "kate.ts"), "");
afterAll(() => rmSync(folder, { recursive: true }));

describe("ls()", () => {
  test("IEX-035: lists a directory, directories with a slash", async () => {
    expect(await openSession().printed(`ls(${JSON.stringify(folder)})`)).toBe("kate.ts  lib/\n");
  });

  test("IEX-035: lists the working directory when nothing is named", async () => {
    expect(await openSession().printed("ls()")).toContain("package.json");
  });

  test("IEX-035: says so if there is none", async () => {
    expect(await openSession().printed('ls("nosuch")')).toBe("No such file or directory nosuch\n");
  });
});
