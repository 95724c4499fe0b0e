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

  test("names the import that a file lacks for what the prompt finds without one", async () => {
    const { run } = openSession();
    const server = join(folder, "server.ts");
    writeFileSync(server, "export class Cell extends GenServer {}");
    const hint = (name: string): string => `${name} is not defined; did you mean import { ${name} } from "moebi"?`;
    await expect(run(`c(${JSON.stringify(server)})`)).rejects.toMatchObject({ message: hint("GenServer") });
    writeFileSync(server, "export const Talk = { say: () => IO.puts('hi') };");
    await run(`c(${JSON.stringify(server)})`);
    await expect(run("Talk.say()")).rejects.toMatchObject({ message: hint("IO") });
  });

  test("IEX-028: says that there is no such file", async () => {
    await expect(openSession().run('c("nosuchfile.ts")')).rejects.toMatchObject({ code: "badarg" });
  });
});
