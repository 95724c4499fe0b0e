import { describe, expect, test } from "vitest";
import { toJavaScript } from "../../src/code/typescript.ts";

async function code(source: string): Promise<string> {
  const result = await toJavaScript(source);
  if ("error" in result) throw new Error(result.error.message);
  return result.code;
}

describe("toJavaScript()", () => {
  test("leaves JavaScript as it was typed", async () => {
    const source = "const  a = 1 // one\n\n;[a].map( x=>x )";
    expect(await toJavaScript(source)).toMatchObject({ code: source, converted: false });
  });

  test("takes types off and keeps every statement on its line", async () => {
    const source =
      "interface A {\n  b: string\n}\n\nconst c: A = { b: `x\n\ny` }\n// a comment\n\nconst d = c as A; const e = d!";
    const lines = (await code(source)).split("\n");
    expect(lines[4]).toContain("const c =");
    expect(lines[6]).toContain("y`");
    expect(lines[9]).toContain("const d = c");
    expect(lines[9]).toContain("const e = d");
    expect(await code(source)).toContain("`x\n\ny`");
  });

  test("keeps members on their lines below comments, which swallow nothing", async () => {
    const source =
      "const Kate = {\n  // Twice.\n  two(n: number): number { return n * 2 }, // yes\n  /* three */ three: 3,\n};";
    const js = await toJavaScript(source);
    if ("error" in js) throw new Error(js.error.message);
    const lines = js.code.split("\n");
    expect(lines[2]).toMatch(/^ +two\(n\)/u);
    expect(lines[3]).toContain("three: 3");
  });

  test("compiles a text that is asked for twice in a row once, as the prompt does", async () => {
    const compiled = await toJavaScript("let twice: number = 2");
    expect(await toJavaScript("let twice: number = 2")).toBe(compiled);
    expect(compiled).toMatchObject({ converted: true });
  });

  test("keeps an import that is not used, unless it is of a type", async () => {
    expect(await code("import { a } from 'x'; import type { B } from 'y'; let c: B")).toMatch(
      /import \{ a \} from "x"/,
    );
    expect(await code("import { a } from 'x'; import type { B } from 'y'; let c: B")).not.toContain("y");
  });

  test.each([
    ["foo bar", 1, 5, false],
    ["let é: string = )", 1, 17, false],
    ["const x =", 1, 10, true],
    ["x as", 1, 5, true],
    ["const a: number = 1\nreturn a", 2, 1, false],
  ])("%j is wrong at %i:%i", async (source, line, column, incomplete) => {
    expect(await toJavaScript(source)).toMatchObject({ error: { line, column, incomplete } });
  });
});
