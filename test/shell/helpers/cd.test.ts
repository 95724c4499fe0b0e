import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

const start = process.cwd();
afterEach(() => process.chdir(start));

describe("cd()", () => {
  test("IEX-035: goes to a directory and prints where that is", async () => {
    const folder = realpathSync(tmpdir());
    expect(await openSession().printed(`cd(${JSON.stringify(folder)})`)).toBe(`${folder}\n`);
    expect(process.cwd()).toBe(folder);
  });

  test("IEX-035: stays and says so if there is none", async () => {
    expect(await openSession().printed('cd("nosuch")')).toBe("No directory nosuch\n");
    expect(await openSession().printed('cd("package.json")')).toBe("No directory package.json\n");
    expect(process.cwd()).toBe(start);
  });
});
