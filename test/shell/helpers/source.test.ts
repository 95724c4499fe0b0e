import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { closureOf } from "../../../src/code/closure.ts";
import { compileClosure } from "../../../src/code/compile.ts";
import { importFile } from "../../../src/shell/helpers/load-file.ts";
import { openSession } from "./open-session.ts";

const folder = mkdtempSync(join(tmpdir(), "moebi-source-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("source() of what was typed", () => {
  test("shows it as it was typed, types and comments included, and the statement", async () => {
    const { run, printed } = openSession();
    await run("1");
    await run("/** Hi. */\nconst Kate = {\n  // Twice.\n  two(n: number): number { return n * 2 },\n}");
    expect(await printed("source(Kate.two)")).toBe(
      "// moebi(2):4\n// Twice.\ntwo(n: number): number { return n * 2 }\n",
    );
    expect(await printed("source(Kate)")).toBe(
      "// moebi(2):2\n/** Hi. */\nconst Kate = {\n  // Twice.\n  two(n: number): number { return n * 2 },\n}\n",
    );
    expect(await printed('source("Kate.two")')).toContain("two(n: number)");
  });

  test.each([
    ["const f = async (a, b) => a + b; 1", "f", "const f = async (a, b) => a + b;"],
    ["const f = async (a: number) =>\n  a + 1", "f", "const f = async (a: number) =>\n  a + 1"],
    ["function f(a: { b: number }) { return a.b }", "f", "function f(a: { b: number }) { return a.b }"],
    [
      "class Old {\n  static make(x?: number) { return x }\n}",
      "Old",
      "class Old {\n  static make(x?: number) { return x }\n}",
    ],
    ["class Old { static make(x?: number) { return x } }", "Old.make", "static make(x?: number) { return x }"],
    ["const o = { a(x: 1) { return 1 }, b(x: 2) { return 2 } }", "o.b", "b(x: 2) { return 2 }"],
    ["namespace Space { export const f = (n: number) => n }", "Space.f", "export const f = (n: number) => n"],
    ["defmodule('Chat.Router', { route() { return 1 } })", '"Chat.Router.route"', "route() { return 1 }"],
    ["const list = [(x) => x + 1]", "list[0]", "(x) => x + 1"],
  ])("%s", async (typed, what, expected) => {
    const { run, printed } = openSession();
    await run(typed);
    expect((await printed(`source(${what})`)).split("\n").slice(1).join("\n")).toBe(`${expected}\n`);
  });

  test("runs no getter", async () => {
    const { run, printed } = openSession();
    await run("let ran = 0; const Kate = { get name() { ran++; return () => 1 }, f() { return 2 } }");
    expect(await printed("source(Kate.f)")).toContain("f() { return 2 }");
    await printed('source("Kate")');
    await expect(run('source("Kate.name")')).rejects.toMatchObject({ code: "badarg" });
    expect(await run("ran")).toBe(0);
  });
});

describe("source() of what was loaded", () => {
  test("shows the file and line, of modules, functions, and functions of functions", async () => {
    const { run, printed } = openSession();
    const part = write("part.ts", "/** Of a part. */\nexport class Part {\n  static one(): 1 { return 1 }\n}\n");
    const file = write(
      "kate.ts",
      'export { Part } from "./part.ts";\n\n/** Kate. */\nexport const Kate = {\n  /** Waits. */\n  async wait(n: number): Promise<void> {\n    for (;;) await n;\n  },\n  make: () => async (x: string) => { await x },\n};\n',
    );
    await run(`c(${JSON.stringify(file)})`);
    expect(await printed("source(Kate.wait)")).toBe(
      `// ${file}:6\n/** Waits. */\nasync wait(n: number): Promise<void> {\n  for (;;) await n;\n}\n`,
    );
    expect(await printed("source(Kate)")).toMatch(/:4\n\/\*\* Kate\. \*\/\nexport const Kate = \{\n[^]*\n\};\n$/u);
    expect(await printed("source(Part.one)")).toBe(`// ${part}:3\nstatic one(): 1 { return 1 }\n`);
    expect(await printed("source(Kate.make())")).toBe(`// ${file}:9\nasync (x: string) => { await x }\n`);
  });

  test("shows what a file defines by name, or one that it imports, as an application does", async () => {
    const { printed } = openSession();
    const part = write(
      "named.ts",
      'import { defmodule } from "moebi";\nclass SourceNamed {\n  static f(x: number): number { return x }\n  next(by: 1): void {}\n}\ndefmodule("SourceNamed", SourceNamed);\n',
    );
    await importFile(write("app.ts", 'import "./named.ts";\n'));
    expect(await printed("source(SourceNamed.f)")).toBe(`// ${part}:3\nstatic f(x: number): number { return x }\n`);
    expect(await printed("source(SourceNamed.prototype.next)")).toBe(`// ${part}:4\nnext(by: 1): void {}\n`);
    expect(await printed("source(SourceNamed)")).toContain(`// ${part}:2\nclass SourceNamed {\n`);
  });

  test("shows what was loaded, though the file is another now", async () => {
    const { run, printed } = openSession();
    const file = write("old.ts", "export const Old = { f: (): 1 => 1 };\n");
    await run(`c(${JSON.stringify(file)})`);
    writeFileSync(file, "export const New = {};");
    expect(await printed("source(Old.f)")).toContain("f: (): 1 => 1");
  });
});

test("source() of a function that arrived shows the code that was sent", async () => {
  const { node, run, printed } = openSession();
  const arrived = compileClosure(closureOf(() => 1 + 1).source, {}, node.scope);
  node.runtime.modules.define("Arrived", { f: arrived });
  await run("1");
  expect(await printed("source(Arrived.f)")).toBe("// moebi(fn):1\n() => 1 + 1\n");
});

test("source() of compiled code shows the JavaScript, of what is built in that it is not known", async () => {
  const { node, printed } = openSession();
  node.runtime.modules.define("Mine", { f: () => 41 + 1 });
  expect(await printed("source(Mine.f)")).toBe("// compiled code\n() => 41 + 1\n");
  expect(await printed("source(Math.max)")).toMatch(/^The source of .*max.* is not known\n$/u);
});

test("source() says what it takes", async () => {
  const { run } = openSession();
  await expect(run("source(1)")).rejects.toMatchObject({ code: "badarg" });
  await expect(run('source("nosuch")')).rejects.toThrow("nosuch is not defined");
});
