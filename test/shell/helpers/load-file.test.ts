import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { closureOf } from "../../../src/code/closure.ts";
import { exportedFunction } from "../../../src/process/modules.ts";
import { terminate } from "../../../src/process/terminate.ts";
import { importFile, loadedFiles, loadFile } from "../../../src/shell/helpers/load-file.ts";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-load-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

interface Loops {
  run(state: { done: boolean }): Promise<unknown>;
}

const source = (path: string): string => new URL(`../../../src/${path}`, import.meta.url).href;

function open() {
  const { runtime } = openSession().node;
  const call = (module: string, fun: string) => exportedFunction(runtime.modules.get(module) ?? {}, fun)?.();
  return { runtime, call };
}

describe("loadFile()", () => {
  test("makes modules of capitalised exports, and of nothing else", async () => {
    const { runtime, call } = open();
    const path = write(
      "kate.ts",
      "enum E { A = 7 }\nexport const Kate = { age: (): number => E.A };\nexport class Alex {}\nexport const lower = {};\nexport const VERSION = 1;",
    );
    expect((await loadFile(runtime, path)).sort()).toEqual(["Alex", "Kate"]);
    expect(call("Kate", "age")).toBe(7);
    expect([...loadedFiles(runtime)]).toHaveLength(1);
  });

  test("loads afresh, with what the file imports by relative paths", async () => {
    const { runtime, call } = open();
    write("part.ts", "export const part = 1;");
    const path = write("whole.ts", 'import { part } from "./part.ts";\nexport const Whole = { part: () => part };');
    await loadFile(runtime, path);
    write("part.ts", "export const part = 2;");
    await loadFile(runtime, path);
    expect(call("Whole", "part")).toBe(2);
  });

  test("finds packages from where the file is, and leaves them as they are", async () => {
    const { runtime, call } = open();
    write("node_modules/counter/package.json", '{ "name": "counter", "type": "module", "exports": "./index.js" }');
    write("node_modules/counter/index.js", "export const token = globalThis.token ??= {};");
    const path = write(
      "uses.ts",
      'import { token } from "counter";\nimport { sep } from "node:path";\nexport const Uses = { token: () => token, sep: () => sep, url: () => import.meta.url };',
    );
    await loadFile(runtime, path);
    const before = call("Uses", "token");
    await loadFile(runtime, path);
    expect(call("Uses", "token")).toBe(before);
    expect(call("Uses", "url")).toMatch(/\/uses\.ts$/u);
  });

  test("names the line of the file in the stack of what goes wrong in it", () => {
    const path = write(
      "fails.ts",
      "interface Long {\n  a: number;\n}\nexport const Fails = {\n  now(): Long {\n    throw new Error('no');\n  },\n  async later() {\n    await null; await this.now();\n  },\n};\n",
    );
    // In a program of its own: here the test runner says how stacks are written.
    const script = `
      const { loadFile } = await import(${JSON.stringify(source("shell/helpers/load-file.ts"))});
      const { Runtime } = await import(${JSON.stringify(source("process/runtime.ts"))});
      const runtime = new Runtime();
      await loadFile(runtime, ${JSON.stringify(path)});
      try { runtime.modules.get("Fails").now(); } catch (error) { console.log(error.stack); }
      await runtime.modules.get("Fails").later().catch((error) => console.log(error.stack));`;
    const stack = execFileSync(process.execPath, [write("run.mjs", script)], { encoding: "utf8" });
    expect(stack).toMatch(/fails\.ts:6:11/u);
    expect(stack).toMatch(/later \(.*fails\.ts:9:28\)/u);
  });

  test("lets others have their turn in loops that only await, and ends them with their process", async () => {
    const { node, leader, run } = openSession();
    const path = write(
      "loops.ts",
      "export const Loops = { async run(state: { done: boolean }) { while (!state.done) await null; return state; } };",
    );
    await loadFile(node.runtime, path);
    const state = { done: false };
    setTimeout(() => (state.done = true));
    expect(await node.run(async () => run("Loops").then((loops) => (loops as Loops).run(state)), { leader })).toBe(
      state,
    );
    const endless = node.runtime.spawn(() => (node.runtime.modules.get("Loops") as Loops).run({ done: false }));
    setImmediate(() => terminate(endless, "shutdown"));
    await new Promise((ended) => setImmediate(() => setImmediate(ended)));
    expect(endless.alive).toBe(false);
  });

  test("leaves the code of an application as it is", async () => {
    const path = write("plain.ts", "export const Plain = { async run() { await null; } };");
    const { Plain } = (await importFile(path)) as { Plain: { run: unknown } };
    expect(String(Plain.run)).toMatch(/await null;/u);
  });

  test("a function of a file can be sent to another node, where it is as it was written", async () => {
    const { runtime, call } = open();
    const path = write("sent.ts", "export const Sent = { make: () => async () => { for (;;) return await 7; } };");
    await loadFile(runtime, path);
    const { source } = closureOf(call("Sent", "make") as () => unknown);
    expect(source).toMatch(/^async \(\) => \{\s+for \(; ; \) return await 7;\s+\}$/u);
  });

  test("refuses a file that is not there", async () => {
    await expect(loadFile(open().runtime, "nosuchfile.ts")).rejects.toMatchObject({
      code: "badarg",
      message: 'Could not find file "nosuchfile.ts"',
    });
    const file = write("kate.ts", "export const Kate = {};");
    const [near, bare] = [file.replace("kate.ts", "kaet.ts"), file.replace(".ts", "")];
    for (const path of [near, bare])
      await expect(loadFile(open().runtime, path)).rejects.toThrow(`"${path}"; did you mean "${file}"?`);
  });

  test("refuses a folder, and a file of another kind", async () => {
    const { runtime } = open();
    const text = write("text.txt", "hello");
    await expect(loadFile(runtime, text)).rejects.toThrow(`"${text}" is no TypeScript or JavaScript`);
    const folder = text.replace("/text.txt", "");
    await expect(loadFile(runtime, folder)).rejects.toThrow(`"${folder}" is a folder: give a file in it`);
  });

  test("defines nothing of a file that throws, or imports what is not there", async () => {
    const { runtime } = open();
    const throwing = write("throws.ts", 'export const Kate = {};\nthrow new Error("boom");');
    await expect(loadFile(runtime, throwing)).rejects.toThrow("boom");
    const missing = write("missing.ts", 'import "./nowhere.ts";\nexport const Kate = {};');
    await expect(loadFile(runtime, missing)).rejects.toThrow(/missing\.ts:1:8: Could not resolve/u);
    expect(runtime.modules.get("Kate")).toBeUndefined();
    expect([...loadedFiles(runtime)]).toEqual([]);
  });
});
