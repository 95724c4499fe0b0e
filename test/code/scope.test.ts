import { describe, expect, test } from "vitest";
import { isFunctionNode, parseProgram } from "../../src/code/ast.ts";
import { analyse, freeNames } from "../../src/code/scope.ts";

const free = (source: string) => [...freeNames(parseProgram(source))].sort().join(" ");

describe("freeNames()", () => {
  test.each([
    ["a + b", "a b"],
    ["const a = 1; a + b", "b"],
    ["a; var a", ""],
    ["f(); function f() {}", ""],
    ["{ let a } a", "a"],
    ["{ var a } a", ""],
    ["{ function f() {} } f", "f"],
    ["({ a, b: c, [d]: e })", "a c d e"],
    ["a.b.c; a[d]", "a d"],
    ["const { a, b: [c = d], ...e } = f; a; c; e", "d f"],
    ["({ a, b: c.d, e = f } = g)", "a c e f g"],
    ["[a, ...b] = c", "a b c"],
    ["(a, { b }, [c], d = e, ...f) => a + b + c + d + f", "e"],
    ["(a = () => x) => { var x }", "x"],
    ["function f() { return arguments }", ""],
    ["() => arguments", "arguments"],
    ["(function g() { g })", ""],
    ["(function g() {}); g", "g"],
    [
      "class A extends B { [c] = d; static e = A; #f = g; h() { return this.#f + i } static { var j; j } }",
      "B c d g i",
    ],
    ["(class A { x = A }); A", "A"],
    ["try { a } catch ({ b, c = d }) { b + c }", "a d"],
    ["try {} catch { a }", "a"],
    ["for (const a of b) a; a", "a b"],
    ["for (let i = 0; i < n; i++) i", "n"],
    ["for (a in b) c", "a b c"],
    ["for (var k of x); k", "x"],
    ["switch (a) { case b: let c; c }", "a b"],
    ["label: for (;;) { break label }", ""],
    ["import a, { b as c } from 'x'; import * as d from 'y'; a; b; c; d", "b"],
    ["let a; export { a }; export const b = c", "c"],
    ["a`${b}`", "a b"],
    ["new A(b, ...c)", "A b c"],
    ["import(a); import.meta", "a"],
    ["typeof a", "a"],
    ["a?.b?.[c]", "a c"],
    ["async function f() { for await (const a of b) await c }", "b c"],
    ["function f() { new.target }", ""],
    ["x = y => y", "x"],
    ["a ||= b; c++", "a b c"],
    ["({ get a() { return b }, set a(c) { d = c }, async *e() { yield f } })", "b d f"],
    ["try { using } finally { of }", "of using"],
  ])("%s -> %s", (source, expected) => {
    expect(free(source)).toBe(expected);
  });
});

describe("analyse()", () => {
  test("tells for each function what it uses of the functions and blocks around it", () => {
    const program = parseProgram(`
      const top = 1;
      function outer(p) { let l; { const b = 1; return () => p + l + b + top + (() => q => q + p)() } }
    `);
    const { captured } = analyse(program);
    const sets = [...captured].filter(([node]) => isFunctionNode(node)).map(([, names]) => [...names].sort().join(""));
    expect(sets.sort()).toEqual(["blp", "p", "p"]);
  });
});
