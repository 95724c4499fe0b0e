import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-c-"));
afterAll(() => rmSync(folder, { recursive: true }));
const good = join(folder, "good.ts");
const wrong = join(folder, "wrong.ts");
writeFileSync(good, "export const Kate = { sayName: (): string => 'Kate' };");
writeFileSync(wrong, "export const Alex = {};\nexport const Wrong = { a b };");

describe("c()", () => {
  test("IEX-028: loads a file's modules and gives their names", async () => {
    const { run, printed } = openSession();
    expect(await run(`c(${JSON.stringify(good)})`)).toEqual(["Kate"]);
    expect(await run("Kate.sayName()")).toBe("Kate");
    expect(await printed(`c([${JSON.stringify(good)}])`)).toBe("");
  });

  test("IEX-028: says place and cause of what is wrong, and loads nothing", async () => {
    const { run, node } = openSession();
    await expect(run(`c(${JSON.stringify(wrong)})`)).rejects.toMatchObject({
      code: "syntax",
      message: expect.stringMatching(
        /wrong\.ts:2:26: Expected "\}" but found "b"\n +\|\n +2 \| .*\n +\| +\^$/u,
      ) as unknown,
    });
    expect(node.runtime.modules.names()).toEqual([]);
  });

  test("IEX-028: says that there is no such file", async () => {
    await expect(openSession().run('c("nosuchfile.ts")')).rejects.toMatchObject({ code: "badarg" });
  });
});
