import { describe, expect, test } from "vitest";
import { rewriteStatement } from "../../src/code/rewrite.ts";
import { toJavaScript } from "../../src/code/typescript.ts";

const GLOBALS = new Set(["Math", "console", "undefined"]);

async function rewrite(source: string): Promise<string> {
  const js = await toJavaScript(source);
  if ("error" in js) throw new Error(js.error.message);
  const { code } = rewriteStatement(js, { isGlobal: (name) => GLOBALS.has(name) });
  return code.slice('(async function ($, $$) {"use strict";'.length, -"\n})".length).trim();
}

const settled = (code: string) => `($$.promised((${code})) ? await $$.take() : $$.take())`;

describe("rewriteStatement()", () => {
  test.each([
    ["x", `return $$.shown((${settled("$.x")}));`],
    ["x; y", `${settled("$.x")}; return $$.shown((${settled("$.y")}));`],
    ["f(x)", `return $$.shown((${settled("(0, $.f)($.x)")}));`],
    ["Math.max(1)", `return $$.shown((${settled("Math.max(1)")}));`],
    ["const a = 1", 'return $$.declared(($$.const.a = 1), "a");'],
    ["let a; a", `($$.let.a = undefined); return $$.shown((${settled("$.a")}));`],
    ["const Math = 1", 'return $$.declared(($$.const.Math = 1), "Math");'],
    ["({ x })", "return $$.shown((({ x: $.x })));"],
    ["typeof x", `return $$.shown((${settled('typeof $$.peek("x")')}));`],
    ["x = y", `return $$.shown(($.x = ${settled("$.y")}));`],
    ["() => x", "return $$.shown(($$.fn(() => $.x, 0, 7)));"],
    ["(a) => () => a", "return $$.shown(($$.fn((a) => $$.fn(() => a, 7, 14, () => ({a: () => a})), 0, 14)));"],
    ["import 'x'", "await $$.import('x', undefined, []);"],
    [
      "import a, { b as C } from 'x'",
      `({ "default": $$.const.a, "b": $$.const.C } = await $$.import('x', undefined, ["default", "b"]));`,
    ],
    ["function f() {}", "$$.let.f = $$.fn(f, 0, 15); function f() {} return $$.hidden($.f);"],
    ["for (var i of x) i", '$$.declare("i"); for ($$.let.i of $.x) $.i;'],
  ])("%s", async (source, code) => {
    expect(await rewrite(source)).toBe(code);
  });

  test("every line stays where it was", async () => {
    const source = "const\n  a =\n    1\n\nfunction f() {\n}\nimport {\n  b\n} from 'x'\nclass C {\n}\nf()";
    const lines = (await rewrite(source)).split("\n");
    expect(lines).toHaveLength(source.split("\n").length);
    expect(lines[4]).toContain("function f() {");
    expect(lines[9]).toContain("class C {");
  });

  test("the support goes by names the input does not use", async () => {
    const js = await toJavaScript("const $ = 1, $$ = 2; $ + $$");
    if ("error" in js) throw new Error(js.error.message);
    const { code, scopeName } = rewriteStatement(js, { isGlobal: () => false });
    expect(scopeName).toBe("$_");
    expect(code).toContain("$_.$ + $_.$$");
  });
});
