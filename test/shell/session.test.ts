import { describe, expect, test } from "vitest";
import { Session } from "../../src/shell/session.ts";
import { inspect } from "../../src/term/inspect.ts";
import { failure, open } from "../support/sessions.ts";

test("a function without a name is told by the statement it was typed in", async () => {
  const { value } = open();
  expect(inspect(await value("x => x"))).toBe("[Function in moebi(1)]");
  expect(inspect(await value("[\n  async () => 1]"))).toBe("[[AsyncFunction in moebi(2):2]]");
  expect(inspect(await value("const named = () => 1"))).toBe("[Function: named]");
});

describe("values", () => {
  test.each<[source: string, value: unknown]>([
    ["1 + 1", 2],
    ["'use strict'", "use strict"],
    ["({ a: 1 }).a", 1],
    ["{ a: 1, b: 2 }", { a: 1, b: 2 }],
    ["{}", {}],
    ["{ a: Promise.resolve(1) as unknown }.a", 1],
    ["{ const q = 3; q }", 3],
    ["let three = 3; three\n{ three }", 3],
    ["const x = 5", 5],
    ["let x = 1, y = 2; x + y", 3],
    ["const { a, b: [c, d = 4] } = { a: 1, b: [3] }; [a, c, d]", [1, 3, 4]],
    ["const { a, ...rest } = { a: 1, b: 2 }; rest", { b: 2 }],
    ["const { ['x' + 1]: q = 7 } = {}; q", 7],
    ["let a = 1; ({ a = 2 } = {}); a", 2],
    ["let a = 1, b = 2; [a, b] = [b, a]; [a, b]", [2, 1]],
    ["let a = 1\na++\na", 2],
    ["let a = 1; a += 2; a ||= 9; a", 3],
    ["const o = { p: 1 }; const { p } = o; ({ p })", { p: 1 }],
    ["function f() { return g() }\nfunction g() { return 3 }\nf()", 3],
    ["const r = f()\nfunction f() { return 3 }\nr", 3],
    ["while (true) { if (1) break; else continue }\n8", 8],
    ["if (false) 1\nelse throw_ = 2", 2],
    ["const f = () => 1\n;[1, 2].map((n) => n + f())", [2, 3]],
    ["let n = 0\nconst f = () => n\nn = 4\nf()", 4],
    ["let s = 0\nfor (let i = 0; i < 3; i++) s += i\ns", 3],
    ["for (var i = 0; i < 3; i++) {}\ni", 3],
    ["for (var { k } of [{ k: 1 }, { k: 2 }]);\nk", 2],
    ["var z; z", undefined],
    ["let z; z", undefined],
    ["if (true) 5; else 6", 5],
    ["if (false) { 5 } else { 6 }", 6],
    ["{ const a = 1; a + 1 }", 2],
    ["try { JSON.parse('{') } catch { 'caught' }", "caught"],
    ["try { 1 } finally { 2 }", 1],
    ["typeof nothing", "undefined"],
    ["typeof Math", "object"],
    ["const t = (s: TemplateStringsArray, ...v: number[]) => s.join('_') + v; t`a${1}b`", "a_b1"],
    ["class A { static n = 1; m() { return A.n } }; new A().m()", 1],
    ["class A { static made = A.make(); static make() { return new A() } }; A.made instanceof A", true],
    ["class A { #p = 1; get p() { return this.#p } }; new A().p", 1],
    ["class A {}; class B extends A { constructor() { super() } }; new B() instanceof A", true],
    ["const C = class {}; C.name", "C"],
    ["const h = () => {}; h.name", "h"],
    ["const o = { k: () => {}, m() {} }; [o.k.name, o.m.name]", ["k", "m"]],
    ["const { f = () => {} } = {} as any; f.name", "f"],
    ["outer: for (const a of [1]) { for (;;) continue outer }\n7", 7],
    ["const arguments_ = function () { return arguments.length }; arguments_(1, 2)", 2],
    ["const fact = function self(n) { return n < 2 ? 1 : n * self(n - 1) }; fact(4)", 24],
    ["[] instanceof Array", true],
    ["await 3", 3],
    ["Promise.resolve(4)", 4],
    ["const p = Promise.resolve(4); p + 1", 5],
    ["let p; p = Promise.resolve(4); p + 1", 5],
    ["const { a } = Promise.resolve({ a: 1 }) as any; a", 1],
    ["let s = 0; for await (const x of [Promise.resolve(1), 2]) s += x; s", 3],
    ["function* g() { yield* [1, 2] }; [...g()]", [1, 2]],
    ["const $ = 1, $$ = 2; $ + $$", 3],
    ["const n: number = 5 as any; n!", 5],
    ["enum Color { Red, Green = 'g' }; [Color.Red, Color[0], Color.Green]", [0, "Red", "g"]],
    ["namespace Kate { export const age = 30; export function f() { return age } }; Kate.f()", 30],
    ["namespace N { export const a = 1 }\nnamespace N { export const b = 2 }\nN.a + N.b", 3],
    ["class P { constructor(private readonly n: number) {} get() { return this.n } }; new P(3).get()", 3],
    ["const dec = (v: any, c: any) => { v.decorated = c.kind }\n@dec class D {}\n(D as any).decorated", "class"],
    ["abstract class S { abstract f(): number }; class T extends S { f() { return 1 } }; new T().f()", 1],
    ["import { basename } from 'node:path'; basename('/a/b')", "b"],
    ["import path, { join as j } from 'node:path'; path.join === j", true],
    ["import * as os from 'node:os'; typeof os.cpus", "function"],
    ["import { inspect as shown } from 'moebi'; shown([1])", "[1]"],
    ["(await import('node:path')).sep", "/"],
    ["export const e = 3; e", 3],
    ["export default function named() {}; typeof named", "function"],
    ["undefined", undefined],
    ["switch (1) { case 1: var sw = 2 }; sw", 2],
    ["const f = async () => { const g = () => 1; return g() }; f()", 1],
    ["new (class { x = () => this })().x().constructor.name", ""],
    ["const a = [1]\n// a comment", [1]],
    ["const u = 1, v2 = u + 1; v2", 2],
    ["globalThis === global", true],
    ["/a/.test('a')", true],
    ["let i2 = 0; do i2++; while (i2 < 3)\ni2", 3],
    ["const nested = { f() { function inner() { return 5 } return inner() } }; nested.f()", 5],
    ["(1, 2)", 2],
    ["const c2 = (1, 2)", 2],
    ["1, 2", 2],
    ["this", undefined],
  ])("%j", async (source, expected) => {
    const { value } = open();
    expect(await value(source)).toEqual(expected);
  });

  test("promises inside an array are left alone", async () => {
    const { value } = open();
    expect((await value("[Promise.resolve(1)]")) as unknown[]).toEqual([expect.any(Promise)]);
  });

  test("shown are values and variables; definitions, loops and imports are not", async () => {
    const { run } = open();
    const shown = async (source: string) => (await run(source)).shown;
    for (const source of ["1", "undefined", "const x = 1", "const f = () => 1", "x", "if (1) 2"]) {
      expect([source, await shown(source)]).toEqual([source, true]);
    }
    for (const source of [
      "const Hello = { world() {} }",
      "class A {}",
      "@((_, context) => undefined) class B { @((method) => method) m() {} }",
      "function f2() {}",
      "namespace N { export const a = 1 }",
      "enum E { A }",
      "for (;;) break",
      "import 'node:path'",
      "let y",
      "",
      "// nothing",
      "interface I {}",
    ]) {
      expect([source, await shown(source)]).toEqual([source, false]);
    }
  });

  test("what can run at once has run when run() returns", async () => {
    const seen: number[] = [];
    const { session } = open({ note: (n: number) => seen.push(n) });
    const prepared = await session.prepare("note(1); const a = 2; note(a); await null; note(3)");
    const running = prepared.run();
    expect(seen).toEqual([1, 2]);
    await running;
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe("variables", () => {
  test("last from input to input and may be declared again", async () => {
    const { value } = open();
    await value("const x = 1");
    expect(await value("x")).toBe(1);
    await value("const x = x + 1");
    expect(await value("x")).toBe(2);
    await value("function x() { return 'f' }");
    expect(await value("x()")).toBe("f");
  });

  test("a constant can't be assigned to, in any way", async () => {
    const { value } = open();
    await value("const x = 1");
    for (const source of [
      "x = 2",
      "x++",
      "[x] = [3]",
      "({ x } = { x: 4 })",
      "for (x of [5]);",
      "(() => { x = 6 })()",
    ]) {
      const error = await failure(value(source));
      expect([source, error.name, error.message]).toEqual([source, "TypeError", "Assignment to constant variable."]);
    }
    expect(await value("x")).toBe(1);
    await value("let x = 1");
    expect(await value("x = 2")).toBe(2);
  });

  test("a failed initialiser keeps what was there, and leaves the name usable", async () => {
    const { value } = open();
    await failure(value("const x = nothing()"));
    expect(await value("typeof x")).toBe("undefined");
    await value("const x = 1");
    await failure(value("const x = Promise.reject(new Error('no'))"));
    expect(await value("x")).toBe(1);
    await value("class A { static n = 1 }");
    await failure(value("class A { static n = nothing() }"));
    expect(await value("A.n")).toBe(1);
  });

  test("an assignment to a name nobody declared makes a variable", async () => {
    const { value, session } = open();
    expect(await value("y = 3")).toBe(3);
    expect(session.variables().get("y")).toBe(3);
    expect("y" in globalThis).toBe(false);
  });

  test("stand in front of globals and the library, in this session alone", async () => {
    const { value, scope } = open({ self: () => "library" });
    await value("const console = 1; const self = () => 2");
    expect(await value("[console, self()]")).toEqual([1, 2]);
    const other = new Session({ scope });
    expect((await (await other.prepare("typeof console + self()")).run()).value).toBe("objectlibrary");
  });

  test("nothing is left on the global object", async () => {
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    const { value } = open();
    await value("var a = 1; function b() {}; class C {}; d = 1; let Module = {}");
    expect(Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name))).toEqual([]);
  });

  test("are kept and hold after a failure in the middle of an input", async () => {
    const { value } = open();
    await failure(value("const a = 1; throw new Error('x'); const b = 2"));
    expect(await value("a")).toBe(1);
    expect(await value("typeof b")).toBe("undefined");
  });
});

describe("modules", () => {
  test.each([
    "const Kate = { sayName() { return 'Kate' } }",
    "let Kate = { sayName: () => 'Kate' }",
    "class Kate { static sayName() { return 'Kate' } }",
    "namespace Kate { export function sayName() { return 'Kate' } }",
    "const { Kate } = { Kate: { sayName: () => 'Kate' } }",
    "Kate = { sayName: () => 'Kate' }",
  ])("%s belongs to the node", async (source) => {
    const { value, modules, scope, session } = open();
    await value(source);
    expect((modules["Kate"] as { sayName(): string }).sayName()).toBe("Kate");
    expect(session.variables().size).toBe(0);
    const other = new Session({ scope });
    expect((await (await other.prepare("Kate.sayName()")).run()).value).toBe("Kate");
  });

  test("the next call runs the code of the newest definition", async () => {
    const { value } = open();
    await value("const Kate = { name: () => 'old', twice() { return Kate.name() + Kate.name() } }");
    await value("const call = () => Kate.twice(); const held = Kate.twice");
    await value("const Kate = { name: () => 'new', twice() { return Kate.name() } }");
    expect(await value("call()")).toBe("new");
    expect(await value("held()")).toBe("newnew");
    await value("class Kate { static name2() { return 'class' } static twice() { return Kate.name2() } }");
    expect(await value("call()")).toBe("class");
    await value("const method = Kate.twice; class Kate { static name2() { return 'newer' } }");
    expect(await value("method()")).toBe("newer");
  });

  test("a namespace typed again begins anew", async () => {
    const { value } = open();
    await value("namespace Kate { export const a = 1 }");
    await value("namespace Kate { export const b = 2 }");
    expect(await value("Object.keys(Kate)")).toEqual(["b"]);
    await value("enum E { A, B }");
    await value("enum E { C }");
    expect(await value("Object.keys(E)")).toEqual(["0", "C"]);
  });

  test("a capitalised primitive, array or instance is a variable", async () => {
    const { value, modules, session } = open();
    await value("const MAX = 5; const LIST = [1]; const Table = new Map()");
    expect(Object.keys(modules)).toEqual([]);
    expect([...session.variables().keys()]).toEqual(["MAX", "LIST", "Table"]);
  });

  test("a definition takes the place of a variable of that name, and the other way round", async () => {
    const { value } = open();
    await value("const A = 1");
    await value("const A = { b: 2 }");
    expect(await value("A.b")).toBe(2);
    await value("const A = 3");
    expect(await value("A")).toBe(3);
  });
});

describe("errors", () => {
  test("a module that is missing is named, with the node", async () => {
    const { value } = open();
    const error = await failure(value("Hello.world()"));
    expect(error).toBeInstanceOf(ReferenceError);
    expect(error.message).toBe("Hello is not defined\n  module Hello is not loaded on bar@localhost");
  });

  test("IEX-016: a function that is missing is named with its module and number of arguments", async () => {
    const { value } = open();
    await value("const Kate = { sayName() {} }");
    const error = await failure(value("Kate.shout('a', 2)"));
    expect(error.message).toBe(
      "Kate.shout is not a function\n  there is no function Kate.shout/2 in module Kate, which has sayName/0",
    );
    expect(error.stack).toContain("Kate.shout/2");
    expect((await failure(value("shout(1)"))).message).toBe("shout is not defined");
    expect((await failure(value("'a'.toFx(1)"))).message).toBe('"a".toFx is not a function');
    await value("const five = 5");
    expect((await failure(value("five()"))).message).toMatch(/^five is not a function/);
    expect((await failure(value("five.a.b"))).message).toBe("Cannot read properties of undefined (reading 'b')");
  });

  test("IEX-012: a syntax error shows line, column and cause", async () => {
    const { session } = open();
    const error = await failure(session.prepare("const a = 1\nfoo bar"));
    expect(error).toBeInstanceOf(SyntaxError);
    expect(error).toMatchObject({ code: "syntax", problem: { line: 2, column: 5 } });
    expect(error.message).toBe(
      ['moebi(1):2:5: Expected ";" but found "bar"', "    |", "  2 | foo bar", "    |     ^"].join("\n"),
    );
    expect((await failure(session.prepare(".length )"))).message).toContain("moebi(1):1:9");
  });

  test.each([
    ["throw new Error('here')", "1:7"],
    ["const a = 1\n\n  throw new Error('here')", "3:9"],
    ["interface A {\n  b: string\n}\n\nconst c: A = { b: '' }\n\nthrow new Error('here')", "7:"],
    ["const f = (n: number) => {\n  const t = `a\n\n${n}`\n\n  throw new Error(t)\n}\nf(1)", "6:"],
    ["function f() {\n  throw new Error('here')\n}\nf()", "2:9"],
    ["class A {\n\n  static f(n: number): never {\n    throw new Error('here')\n  }\n}\nA.f(1)", "4:"],
  ])("the frame of %j says %s", async (source, place) => {
    const { value } = open();
    const { stack } = await failure(value(source));
    expect(stack).toMatch(new RegExp(`moebi\\(1\\):${place}`));
  });

  test("a thrown value that is no error arrives as it is", async () => {
    const { value } = open();
    await expect(value("throw 'ball'")).rejects.toBe("ball");
  });
});
