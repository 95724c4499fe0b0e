import { describe, expect, test } from "vitest";
import {
  type AnyFunction,
  capture,
  type Closure,
  closureOf,
  compileClosure,
  functionCodec,
} from "../../src/code/closure.ts";
import { createScope } from "../../src/code/environment.ts";
import { Session } from "../../src/shell/session.ts";

type Fn = (...args: unknown[]) => unknown;

function node(name: string) {
  const modules = Object.assign(Object.create(null) as Record<string, unknown>, {
    node: () => name,
    self: () => `pid on ${name}`,
  });
  const scope = createScope({
    lookup: modules,
    defineModule: (module, value) => (modules[module] = value),
    describeMissing: (module) => `module ${module} is not loaded on ${name}`,
  });
  const session = new Session({ scope });
  const codec = functionCodec(scope);
  return {
    modules,
    scope,
    codec,
    value: async (source: string) => (await (await session.prepare(source)).run()).value,
    /** A function as it arrives here: captures are filled in after it was made, functions among them sent along. */
    receive: (fn: unknown, from = codec): Fn =>
      arrive(fn as AnyFunction, from.encode.bind(from), codec.decode.bind(codec)),
  };
}

function arrive(
  fn: AnyFunction,
  encode: (fn: AnyFunction) => Closure,
  decode: (source: string, captures: Record<string, unknown>) => unknown,
): Fn {
  const seen = new Map<unknown, Fn>();
  const carry = (value: unknown): unknown => {
    if (typeof value !== "function") return structuredClone(value);
    const known = seen.get(value);
    if (known !== undefined) return known;
    const { source, captures } = encode(value as AnyFunction);
    const target = Object.create(null) as Record<string, unknown>;
    const made = decode(source, target) as Fn;
    seen.set(value, made);
    for (const [name, captured] of Object.entries(captures)) target[name] = carry(captured);
    return made;
  };
  return carry(fn) as Fn;
}

const alex = node("alex");
const kate = node("kate");
const send = async (source: string): Promise<Fn> => kate.receive(await alex.value(source), alex.codec);

describe("functions typed at a prompt", () => {
  test("run there, with the target's modules and library, and the sender's variables", async () => {
    await alex.value("const Kate = { sayName: (n) => 'alex has ' + n }");
    await kate.value("const Kate = { sayName: (n) => 'kate has ' + n }");
    await alex.value("const name = 'moebi'");
    const fn = await send("() => [Kate.sayName(name), node(), self()]");
    expect(fn()).toEqual(["kate has moebi", "kate", "pid on kate"]);
    expect(fn).toBeInstanceOf(Function);
  });

  test("are sent as typed, types taken off", async () => {
    const fn = (await alex.value("const typed = (a: number) => a + name")) as AnyFunction;
    expect(closureOf(fn).source).toBe("({ typed: (a) => a + name }).typed");
    expect(closureOf(fn).captures).toEqual({ name: "moebi" });
    expect(closureOf((await alex.value("() => Math.max(1)")) as AnyFunction)).toEqual({
      source: "() => Math.max(1)",
      captures: {},
    });
  });

  test("captured values are what they were when sent", async () => {
    await alex.value("let count = 1; const read = () => count");
    const first = await send("read");
    await alex.value("count = 2");
    const second = await send("read");
    expect([first(), second(), first()]).toEqual([1, 2, 1]);
    const bump = await send("() => ++count");
    expect([bump(), bump(), await alex.value("count")]).toEqual([3, 4, 2]);
  });

  test("capture the variables of the functions and blocks around them", async () => {
    await alex.value("const make = (a, { B }) => { const c = 3; for (const d of [4]) { return () => [a, B, c, d] } }");
    expect((await send("make(1, { B: { two: 2 } })"))()).toEqual([1, { two: 2 }, 3, 4]);
    expect((await send("{ const inner = 5; () => inner }"))()).toBe(5);
  });

  test("a capitalised name that holds a primitive or a list is captured, a module is not", async () => {
    await alex.value("const MAX = 5; const LIST = [1]; const Mod = { x: 1 }");
    const { captures } = closureOf((await alex.value("() => [MAX, LIST, Mod, Missing]")) as AnyFunction);
    expect(captures).toEqual({ MAX: 5, LIST: [1] });
  });

  test("a captured name goes before a global and a name of the library", async () => {
    const fn = await send("((node, Math, structuredClone) => () => [node, Math, structuredClone])(1, 2, 3)");
    expect(fn()).toEqual([1, 2, 3]);
  });

  test("functions they use go along, around in a circle too", async () => {
    await alex.value(
      "const even = (n) => n === 0 ? true : odd(n - 1); const odd = (n) => n === 0 ? false : even(n - 1)",
    );
    expect((await send("even"))(10)).toBe(true);
    await alex.value("function fact(n) { return n < 2 ? 1 : n * fact(n - 1) }");
    expect((await send("fact"))(5)).toBe(120);
    expect(
      (await send("() => { function inner(n) { return n ? inner(n - 1) : fact(3) } return inner }"))(),
    ).toBeInstanceOf(Function);
    expect((await send("(() => { function inner(n) { return n ? inner(n - 1) : fact(3) } return inner })()"))(3)).toBe(
      6,
    );
  });

  test("keep name, length, and being async or a generator", async () => {
    for (const [source, name, length] of [
      ["const named = (a, b) => a", "named", 2],
      ["(a) => a", "", 1],
      ["(function own(a) {})", "own", 1],
      ["({ method(a, b = 1) {} }).method", "method", 1],
      ["({ 'odd name'(a) {} })['odd name']", "odd name", 1],
    ] as const) {
      const fn = await send(source);
      expect([source, fn.name, fn.length]).toEqual([source, name, length]);
    }
    expect(await ((await send("async (x) => (await x) + 1"))(Promise.resolve(1)) as Promise<number>)).toBe(2);
    expect([...((await send("(function* () { yield 1; yield* [2] })"))() as Iterable<number>)]).toEqual([1, 2]);
    expect(await ((await send("({ async m() { return await 1 } }).m"))() as Promise<number>)).toBe(1);
  });

  test("methods go by themselves, and their name does not hide a variable", async () => {
    await alex.value("const flush = () => 'flushed'");
    expect((await send("({ flush() { return flush() } }).flush"))()).toBe("flushed");
    expect((await send("(class { static s() { return flush() } }).s"))()).toBe("flushed");
    expect((await send("new (class { m() { return flush() } })().m"))()).toBe("flushed");
  });

  test("travel on, with what they captured", async () => {
    const there = await send("((secret) => () => () => secret + name)('s')");
    const back = alex.receive(there, kate.codec);
    expect((back() as Fn)()).toBe("smoebi");
    const inner = alex.receive(there(), kate.codec);
    expect(inner()).toBe("smoebi");
  });

  test("a module that is missing at the target is named, with the node", async () => {
    const fn = await send("() => Nowhere.f()");
    expect(() => fn()).toThrow("Nowhere is not defined\n  module Nowhere is not loaded on kate");
  });

  test("the next call finds the newest module", async () => {
    await kate.value("const Hot = { v: () => 1 }");
    const fn = await send("() => Hot.v()");
    expect(fn()).toBe(1);
    await kate.value("const Hot = { v: () => 2 }");
    expect(fn()).toBe(2);
  });

  test.each([
    ["this", "(() => () => this)()"],
    ["this", "new (class { f = () => this.x })().f"],
    ["arguments", "(function () { return () => arguments })()"],
    ["super", "({ m() { return super.toString() } }).m"],
    ["new.target", "(function () { return () => new.target })()"],
    ["#p", "new (class { #p = 1; f() { return () => { const o = this; return o.#p } } })().f"],
  ])("are refused if they lean on %s around them", async (what, source) => {
    const fn = (await alex.value(source)) as AnyFunction;
    expect(() => closureOf(fn)).toThrow(
      expect.objectContaining({ code: "not_sendable", message: expect.stringContaining(`uses "${what}"`) as string }),
    );
  });

  test("what is their own is no hindrance", async () => {
    for (const source of [
      "(function () { return [this, arguments.length, new.target] })",
      "() => class { #p = 1; m() { return this.#p } static s = this.name }",
      "() => ({ m() { return super.toString } })",
      "(o) => o.this + o.arguments",
    ]) {
      expect(await send(source)).toBeInstanceOf(Function);
    }
  });

  test("a variable without a value yet, or that does not exist, is named", async () => {
    const early = "let kept; try { { kept = () => unborn; throw 1; const unborn = 1 } } catch {}; kept";
    const unborn = (await alex.value(early)) as AnyFunction;
    expect(() => closureOf(unborn)).toThrow('uses "unborn", which has no value yet');
    const fn = (await alex.value("const early = () => later")) as AnyFunction;
    expect(() => closureOf(fn)).toThrow('the function "early" uses "later", which is not defined');
  });
});

describe("functions of a compiled program", () => {
  const codec = kate.codec;

  test("go as their text, with the library's, modules' and global names of the target", () => {
    const node = () => "here";
    const fn = () => [node(), Math.max(1, 2)];
    expect(kate.receive(fn)()).toEqual(["kate", 2]);
  });

  test("a variable can't be read, and says so", () => {
    const name = "moebi";
    const fn = () => name;
    expect(() => codec.encode(fn)).toThrow(
      expect.objectContaining({
        code: "not_sendable",
        message:
          'the function captures "name", which can\'t be read from here; pass it with capture({ name }, fn) or call by module, function and arguments',
      }),
    );
    expect(kate.receive(capture({ name }, fn))()).toBe("moebi");
    expect(capture({ name }, fn)).toBe(fn);
  });

  test("methods and getters become functions", () => {
    const holder = {
      add(a: number, b: number) {
        return a + b;
      },
      get five() {
        return 5;
      },
      *["computed"]() {
        yield 1;
      },
    };
    expect(kate.receive(holder.add)(1, 2)).toBe(3);
    expect(kate.receive(Object.getOwnPropertyDescriptor(holder, "five")?.get)()).toBe(5);
    expect([...(kate.receive(holder.computed)() as Iterable<number>)]).toEqual([1]);
  });

  test.each([
    ["a bound function", (() => 1).bind(null)],
    ["a built-in function", Math.max],
    ["a class", class Foo {}],
  ])("%s is refused", (_what, fn) => {
    expect(() => codec.encode(fn)).toThrow(expect.objectContaining({ code: "not_sendable" }));
  });

  test("capture() refuses what is no object or function", () => {
    expect(() => capture(null as never, () => 1)).toThrow(expect.objectContaining({ code: "badarg" }));
    expect(() => capture({}, 5 as never)).toThrow(expect.objectContaining({ code: "badarg" }));
  });
});

describe("compileClosure()", () => {
  test("runs nothing before the first call", () => {
    const ran: string[] = [];
    const scope = { note: (text: string) => ran.push(text) };
    expect(() => compileClosure("(note('now'), () => 1)", {}, scope)).toThrow(
      expect.objectContaining({ code: "syntax" }),
    );
    expect(() => compileClosure("({ [note('key')]: () => 1 }).x", {}, scope)).toThrow();
    expect(() => compileClosure("() => 1)(note('end')", {}, scope)).toThrow();
    expect(() => compileClosure("not code at all", {}, scope)).toThrow(expect.objectContaining({ code: "syntax" }));
    compileClosure("(a = note('default')) => a", {}, scope);
    expect(ran).toEqual([]);
  });

  test("reads the captures at the first call", () => {
    const captures = Object.create(null) as Record<string, unknown>;
    const fn = compileClosure("() => x", captures, kate.scope) as Fn;
    captures["x"] = 5;
    expect(fn()).toBe(5);
    captures["x"] = 6;
    expect(fn()).toBe(5);
  });

  test("two of one source share nothing", () => {
    const make = (n: number) => compileClosure("() => n++", { n }, kate.scope) as Fn;
    const [a, b] = [make(1), make(10)];
    expect([a(), a(), b(), a()]).toEqual([1, 2, 10, 3]);
  });

  test("a captured module-like object defines nothing on the node", () => {
    const fn = compileClosure("() => Local.x", { Local: { x: 1 } }, kate.scope) as Fn;
    expect(fn()).toBe(1);
    expect(kate.modules["Local"]).toBeUndefined();
  });

  test("names kept by a compiler do no harm", () => {
    const source = '() => { const f = /* @__PURE__ */ __name(() => 1, "f"); return f.name }';
    const fn = compileClosure(source, {}, kate.scope) as Fn;
    expect(fn()).toBe("f");
    expect(closureOf(fn).captures).toEqual({});
  });

  test("import() works in what arrived", async () => {
    const fn = compileClosure("async () => (await import('node:path')).sep", {}, kate.scope) as Fn;
    expect(await (fn() as Promise<string>)).toBe("/");
  });
});
