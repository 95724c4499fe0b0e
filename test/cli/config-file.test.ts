import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfig } from "../../src/cli/config-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moebi-config-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("readConfig()", () => {
  test("reads JSON, and TypeScript whose default export is the configuration or a function of the environment", async () => {
    expect(await readConfig(await file("a.json", '{ "kv": { "port": 1 } }'))).toEqual({ kv: { port: 1 } });
    const typed = await file("b.ts", "const port: number = 2;\nexport default { kv: { port } };");
    expect(await readConfig(typed)).toEqual({ kv: { port: 2 } });
    const made = await file("c.ts", "export default ({ env }: { env: string }) => ({ kv: { env } });");
    expect(await readConfig(made, "test")).toEqual({ kv: { env: "test" } });
  });

  test("APP-008: puts the file of the environment on top, and follows imports", async () => {
    await file("table.ts", 'export const table = [["a", "m", "foo@localhost"]];');
    const path = await file(
      "config.ts",
      'import { table } from "./table.ts";\nexport default { kv: { port: 4050, table } };',
    );
    await file("config.prod.ts", "export default { kv: { port: 80 } };");
    const table = [["a", "m", "foo@localhost"]];
    expect(await readConfig(path, "dev")).toEqual({ kv: { port: 4050, table } });
    expect(await readConfig(path, "prod")).toEqual({ kv: { port: 80, table } });
  });

  test.each([
    ["absent.ts", undefined, "There is no configuration file"],
    ["bad.json", "{", "is no JSON"],
    ["empty.ts", "export const x = 1;", "has no default export"],
    ["list.ts", "export default [1];", "gives [1]"],
    ["missing.ts", 'import "./nowhere.ts";\nexport default {};', "nowhere.ts"],
  ])("APP-008, APP-010: %s is refused by name and reason", async (name, text, message) => {
    const path = join(folder, name);
    if (text !== undefined) await writeFile(path, text);
    await expect(readConfig(path)).rejects.toThrow(message);
  });
});
