import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-recompile-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("recompile()", () => {
  test("loads again every file that was loaded", async () => {
    const { run } = openSession();
    const paths = ["A", "B"].map((name) => join(folder, `${name}.js`));
    const write = (n: number) =>
      paths.forEach((path, index) =>
        writeFileSync(path, `export const ${["A", "B"][index] ?? ""} = { n: () => ${String(n)} };`),
      );
    write(1);
    await run(`c(${JSON.stringify(paths)})`);
    write(2);
    expect(await run("recompile()")).toBe("ok");
    expect(await run("[A.n(), B.n()]")).toEqual([2, 2]);
  });

  test("has nothing to do where none was", async () => {
    expect(await openSession().run("recompile()")).toBe("noop");
  });
});
