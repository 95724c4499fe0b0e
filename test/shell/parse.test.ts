import { describe, expect, test } from "vitest";
import { parse } from "../../src/shell/parse.ts";

const incomplete = [
  "foo(",
  "[1, 2,",
  "const x =",
  "const x: ",
  "const Hello = {",
  "const Hello = {\n  world() {",
  "class A {",
  "class A { x: number",
  "if (x) {",
  "if (x) {} else",
  "if (x)",
  "for (const x of",
  "while (true)",
  "try {",
  "try {}",
  "`abc",
  "`abc ${x",
  "/* a comment",
  "'a \\",
  "1 +",
  "a ?",
  "a ? b :",
  "a.",
  "a &&",
  "() =>",
  "(a: number) =>",
  "const f = async <T,>(x: T): Promise<T> =>",
  "x as",
  "x satisfies",
  "function foo()",
  "function foo(a: string): { a: number }",
  "function foo(a: string): void;\nfunction foo(a: number): void;",
  "function foo() {",
  "async function",
  "interface A {",
  "type A =",
  "enum A { B,",
  "namespace Kate {",
  "let m: Map<string,",
  "import { a",
  "import x",
  "export",
  "@decorated",
  "switch (x) { case 1:",
  "new",
  "await",
  'receive({ ping: (client) => send(client, "pong")',
  ".map((x) =>",
];

const wrong = [
  "foo bar",
  "1 +* 2",
  ")",
  "}",
  "let let = 1",
  "const = 5",
  '"abc',
  "/abc",
  "var 1x",
  "let y: number = )",
  "return 5",
  "const a = 1; const a = 2",
  "foo(]",
  "const x: number",
];

const valid = [
  "",
  "   \n",
  "// only a comment",
  "/* only a comment */",
  "1 + 1",
  "const x = 1",
  "const x: number = 1",
  "let y!: string",
  "x!",
  "x as string",
  "interface A { b: string }",
  "type A = { b: string }",
  "enum A { B, C = 'x' }",
  "namespace Kate { export function sayName() {} }",
  "class P { constructor(private readonly name: string) {} }",
  "abstract class A { abstract foo(): void }",
  "function f(a: string): void\nfunction f(a: any) {}",
  "declare function f(): void",
  "import { a } from 'x'",
  "import type { A } from 'x'",
  "await x",
  "for await (const x of y) z(x)",
  "const f = <T,>(x: T) => x",
  "function foo() {}",
  "@decorated class A {}",
  "label: for (;;) break label",
  "const { a, b: [c] = [] }: any = {}",
  "`a ${ `b` }`",
  "/a[/]b/.test(c)",
  ".length",
  "?.foo",
  "|| 5",
  '"\\0"',
];

describe("parse()", () => {
  test.each(incomplete)("IEX-003: waits for the rest of %j", async (source) => {
    expect(await parse(source)).toEqual({ kind: "incomplete" });
  });

  test.each(wrong)("finds %j wrong, whatever follows", async (source) => {
    expect(await parse(source)).toMatchObject({ kind: "wrong" });
  });

  test.each(valid)("takes %j", async (source) => {
    expect(await parse(source)).toEqual({ kind: "complete" });
  });

  test("IEX-012: says where and why, in JavaScript and in TypeScript", async () => {
    expect(await parse("const a = 1\nfoo(]")).toEqual({
      kind: "wrong",
      problem: { message: 'Unexpected "]"', line: 2, column: 5, incomplete: false },
    });
    expect(await parse('const é: string = "é" as )')).toMatchObject({ problem: { line: 1, column: 26 } });
  });
});
