import { describe, expect, test } from "vitest";
import { cursorIn } from "../../src/shell/cursor.ts";
import { DeclaredTypes } from "../../src/shell/declared-types.ts";
import { infer } from "../../src/shell/infer.ts";

const types = new DeclaredTypes();
types.add("interface Person { name: string; friends: Person[] }");
const names = { types, layers: () => [{ people: [{ first: 1 }], kate: { sub: { deep: 1 } } }] };
const known = (path: string, before: string) => infer(path, before, cursorIn(before).masked, names);
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

  test("this has what the class that is being typed has so far", () => {
    const before = "class A { count = 0; add(by: number) { this.";
    expect([...(known("this", before)?.members?.keys() ?? [])]).toEqual(["count", "add"]);
  });
});
