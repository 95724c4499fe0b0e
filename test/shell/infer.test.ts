import { describe, expect, test } from "vitest";
import { cursorIn } from "../../src/shell/cursor.ts";
import { DeclaredTypes } from "../../src/shell/declared-types.ts";
import { infer, inferBefore } from "../../src/shell/infer.ts";

const types = new DeclaredTypes();
types.add("interface Person { name: string; friends: Person[] }");
const names = { types, layers: () => [{ people: [{ first: 1 }], kate: { sub: { deep: 1 } } }] };
const known = (path: string, before: string) => infer(path, before, cursorIn(before).masked, names);
const loop = (): unknown => loop();
const make = () => ({ size: 1, fetch() {} });
const [find, later] = [() => undefined, () => undefined];
const signatures = new Map<unknown, string>([
  [find, "find(who: string): Person"],
  [later, "later(who: string): Promise<Person>"],
  [String.prototype.split, "split(separator: string): string[]"],
  [Array.prototype.filter, "filter<S extends T>(predicate: (value: T) => value is S): S[]"],
  [Map.prototype.get, "get(key: K): V | undefined"],
]);
const called = {
  types,
  layers: () => [{ loop, make, find, later, people: [{ first: 1 }], map: new Map([[1, { name: "", friends: [] }]]) }],
  signatureOf: (fn: object) => signatures.get(fn),
};
const person = ["name", "friends"];

describe("infer()", () => {
  test.each([
    ["p", "const f = (p: Person) => p."],
    ["p", "function f(a: string, p?: Person): string { return p."],
    ["p.friends[0]", "const f = (p: Person) => p.friends[0]."],
    ["fs[1]", "({ name, friends: fs }: Person) => fs[1]."],
    ["q", "(p: Person) => p.friends.map((q) => q."],
    ["q", "(p: Person) => { for (const q of p.friends) q."],
    ["q", "(p: Person) => { const q = p.friends[0]; q."],
  ])("knows the type of %s in %j", (path, before) => {
    expect([...(known(path, before)?.members?.keys() ?? [])]).toEqual(person);
  });

  test("what was taken out of a live value is live", () => {
    expect(known("sub", "const { sub } = kate; sub.")?.value).toEqual({ deep: 1 });
    expect(known("one", "people.forEach(one => one.")?.value).toEqual({ first: 1 });
    expect(known("kate.sub", "kate.sub.")?.value).toEqual({ deep: 1 });
  });

  test("text, numbers and lists have the members of their kind", () => {
    expect(known("name", "({ name }: Person) => name.")?.value).toBe(String.prototype);
    expect(known("a", "const a = [1]; a.")?.value).toBe(Array.prototype);
    expect(known("e", "try {} catch (e) { e.")?.value).toBe(Error.prototype);
  });

  test.each([
    ['find("x").', person],
    ['find("x").friends[0].', person],
    ['find("x").friends.map((f) => f.', person],
    ['const p = find("x"); p.', person],
    ['const p = later("x"); p.', person],
    ['(await later("x")).', person],
    ['[{ one: 1, two: "x" }].map((q) => q.', ["one", "two"]],
    ["const o = { one: 1, go(a) {} }; o.", ["one", "go"]],
    ["make().", ["size", "fetch"]],
    ["map.get(1).", ["name", "friends"]],
    ["new Map<string, Person>().get(1).", person],
    ["people.filter(Boolean)[0].", ["first"]],
  ])("knows what is before the last dot of %j", (before, members) => {
    const { masked } = cursorIn(before);
    const known = inferBefore(before.length - 1, before, masked, called);
    const own = known?.members?.keys() ?? Object.keys((known?.value ?? {}) as object);
    expect([...own]).toEqual(members);
  });

  test("a call is never made, and a function that gives itself ends", () => {
    const before = "loop().";
    expect(inferBefore(6, before, cursorIn(before).masked, called)).toBeUndefined();
  });

  test.each([
    ['"abc".', String.prototype],
    ['"a b".split(" ").', Array.prototype],
    ["[1, 2].", Array.prototype],
    ["(1).", Number.prototype],
    ['const s = "abc"; s.', String.prototype],
  ])("knows the kind of %j", (before, kind) => {
    expect(inferBefore(before.length - 1, before, cursorIn(before).masked, called)?.value).toBe(kind);
  });

  test("this has what the class that is being typed has so far", () => {
    const before = "class A { count = 0; add(by: number) { this.";
    expect([...(known("this", before)?.members?.keys() ?? [])]).toEqual(["count", "add"]);
  });
});
