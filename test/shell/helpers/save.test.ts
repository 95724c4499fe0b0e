import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { save } from "../../../src/shell/helpers/save.ts";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-save-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("save() writes what succeeded but secrets, for its owner, and over a file only when told", () => {
  const statements = ["x = 1", 'Node.setCookie("hush")', " hidden = 2", "f(\n  2)"];
  const write = save.make({ ...openSession().context, succeeded: () => statements });
  const path = join(folder, "session.ts");
  expect(write(path)).toBe(2);
  expect(readFileSync(path, "utf8")).toBe("x = 1\nf(\n  2)\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  statements.push("y = 3");
  expect(() => write(path)).toThrow(/it is there already/);
  expect(readFileSync(path, "utf8")).not.toContain("y");
  expect(write(path, { overwrite: true })).toBe(3);
});
