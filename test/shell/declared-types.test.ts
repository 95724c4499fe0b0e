import { describe, expect, test } from "vitest";
import { DeclaredTypes } from "../../src/shell/declared-types.ts";

const types = new DeclaredTypes();
types.add(`interface Named { readonly name: string }
interface Person extends Named {
  age?: number; // in years
  friends: Person[]
  greet(to: Person, n = 1): string;
  at: { x: number, y: number }
    | undefined
}
type Box<T> = { value: T; next?: Box<T> }
class Dog { #secret = 1; legs = 4; constructor(readonly owner: Person, n: number) { if (n < 3) this.legs = n } bark(): void {} }`);

describe("DeclaredTypes", () => {
  test("knows the members of interfaces, with those they extend", () => {
    expect(Object.fromEntries(types.membersOf("Person"))).toEqual({
      name: "string",
      age: "number",
      friends: "Person[]",
      greet: "(to: Person, n = 1): string",
      at: expect.stringContaining("{ x: number, y: number }") as string,
    });
  });

  test("puts arguments in for parameters", () => {
    expect(Object.fromEntries(types.membersOf("Box<Person>"))).toEqual({ value: "Person", next: "Box<Person>" });
  });

  test("knows a class by its fields, its methods, and what its constructor makes fields of", () => {
    expect([...types.membersOf("Dog | undefined").keys()]).toEqual(["legs", "owner", "bark"]);
  });

  test("takes types apart that have no name", () => {
    expect([...types.membersOf("{ a: string, b: number } & Named").keys()]).toEqual(["a", "b", "name"]);
    expect([...types.membersOf("Partial<Named>").keys()]).toEqual(["name"]);
    expect(types.membersOf("Nothing").size).toBe(0);
  });

  test("a type declared again replaces the one before it", () => {
    const own = new DeclaredTypes();
    own.add("type A = { a: string }");
    own.add("type A = { b: string }");
    expect([...own.membersOf("A").keys()]).toEqual(["b"]);
  });

  test("a type that refers to itself ends", () => {
    const own = new DeclaredTypes();
    own.add("type A = B\ntype B = A");
    expect(own.membersOf("A").size).toBe(0);
  });
});
