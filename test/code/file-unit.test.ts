import { describe, expect, test } from "vitest";
import { closureOf } from "../../src/code/closure.ts";
import { fileUnitOf, makeFileUnit, plainText } from "../../src/code/file-unit.ts";
import type { AnyFunction } from "../../src/code/registry.ts";

/** Each line of the text is the same line of `source.ts`, four columns further to the right. */
function mapOf(text: string) {
  return {
    mappings: text
      .split("\n")
      .map((_, line) => (line === 0 ? "AAAI" : "AACA"))
      .join(";"),
    sources: ["source.ts"],
  };
}

/** Runs a text whose last line gives its value. */
function run(text: string): { unit: ReturnType<typeof makeFileUnit>; value: unknown } {
  const unit = makeFileUnit(text, mapOf(text), ["/work/source.ts"]);
  const lines = unit.code.trimEnd().split("\n");
  const body = [...lines.slice(0, -1), `return ${lines.at(-1) ?? ""}`].join("\n");
  return { unit, value: (new Function(body) as () => unknown)() };
}

describe("makeFileUnit()", () => {
  test("a loop that awaits only what is there lets timers have their turn", async () => {
    const { value } = run("const f = async (state) => {\n  while (!state.done) await null;\n  return 1;\n};\nf;");
    const state = { done: false };
    setTimeout(() => (state.done = true));
    expect(await (value as (state: object) => Promise<number>)(state)).toBe(1);
  });

  test("changes what awaits in loops and functions, on the same lines, and nothing else", () => {
    const text =
      "const a = [1].map((x) => x + 1);\nasync function f() {\n  for await (const x of a) await x;\n}\nawait a;";
    const { code, runtime } = makeFileUnit(text, mapOf(text), ["/work/source.ts"]);
    expect(code.split("\n").slice(1)).toEqual([
      "async function f() {",
      `  for await (const x of ${runtime}.turns(a)) await ${runtime}.turn( x);`,
      "}",
      "await a;",
    ]);
    expect(code.split("\n")[0]).toMatch(/; const a = \[1\]\.map\(\(x\) => x \+ 1\);$/u);
  });

  test("stands behind a line that names an interpreter", () => {
    const text = "#!/usr/bin/env node\nlet a = 1;";
    expect(makeFileUnit(text, mapOf(text), []).code).toMatch(/^#!\/usr\/bin\/env node\nconst .*; let a = 1;$/u);
  });

  test("uses no name that the code has", () => {
    const names = Array.from({ length: 60 }, (_, id) => `$$${String(id)}`);
    const { code, runtime } = makeFileUnit(`let ${names.join(", ")};`, mapOf("a"), []);
    expect(names.includes(runtime)).toBe(Number(runtime.slice(2)) >= 60);
    expect(code).toContain(`const ${runtime} =`);
  });

  test("says which place of the file a position was, and moves the mappings with the code", () => {
    const text = "let a = 1;\nlet b = 2;";
    const unit = makeFileUnit(text, mapOf(text), ["/work/source.ts"]);
    expect(unit.place(text.indexOf("b"))).toEqual({ file: "/work/source.ts", line: 2, column: 5 });
    expect(unit.mappings()).toMatch(/^[^A,;]+AAI;AACA$/u);
  });
});

describe("plainText()", () => {
  test("is a function as it was before its file was changed", () => {
    const { value, unit } = run("const f = async () => { await null; };\nf;");
    expect(String(value)).not.toBe("async () => { await null; }");
    expect(plainText(value as AnyFunction)).toBe("async () => { await null; }");
    expect(fileUnitOf(value as AnyFunction)).toBe(unit);
  });

  test("is the text of one that was not changed", () => {
    const fn = (): number => 1;
    expect(plainText(fn)).toBe(String(fn));
    expect(fileUnitOf(fn)).toBeUndefined();
  });

  test("is what such a function is sent as", () => {
    const { value } = run("const f = async () => { await null; };\nf;");
    expect(closureOf(value as AnyFunction).source).toContain("async () => { await null; }");
  });
});
