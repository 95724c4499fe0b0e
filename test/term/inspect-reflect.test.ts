import { describe, expect, test } from "vitest";
import { constructorOf, dataOf, getterOf, nameOfFunction, prototypesOf } from "../../src/term/inspect-reflect.ts";

const trapped = new Proxy(
  {},
  { getPrototypeOf: () => expect.unreachable(), getOwnPropertyDescriptor: () => expect.unreachable() },
);

describe("prototypesOf()", () => {
  test("lists them nearest first, up to a proxy", () => {
    class A {}
    class B extends A {}
    expect(prototypesOf(new B())).toEqual([B.prototype, A.prototype, Object.prototype]);
    expect(prototypesOf(Object.create(trapped) as object)).toEqual([]);
    expect(prototypesOf(trapped)).toEqual([]);
  });
});

describe("dataOf()", () => {
  test("finds own and inherited data, never runs an accessor, never traps", () => {
    expect(dataOf(Object.create({ a: 1 }) as object, "a")).toBe(1);
    expect(
      dataOf(
        {
          get a() {
            return expect.unreachable();
          },
        },
        "a",
      ),
    ).toBeUndefined();
    expect(dataOf(trapped, "a")).toBeUndefined();
  });

  test("does not look behind an accessor", () => {
    const value = Object.defineProperty(Object.create({ a: 1 }) as object, "a", { get: () => 2 });
    expect(dataOf(value, "a")).toBeUndefined();
  });
});

describe("constructorOf(), nameOfFunction()", () => {
  test("tell the class and its name as written", () => {
    class Point {}
    expect(constructorOf(prototypesOf(new Point()))).toBe(Point);
    expect(constructorOf([])).toBeUndefined();
    expect(nameOfFunction(Point)).toBe("Point");
    expect(
      nameOfFunction(
        class {
          static name = 1;
        },
      ),
    ).toBe("");
  });
});

describe("getterOf()", () => {
  test("asks the built-in, not what hides it", () => {
    const size = getterOf<number>(Map.prototype, "size");
    expect(size(Object.defineProperty(new Map([[1, 1]]), "size", { value: 9 }))).toBe(1);
    expect(() => size({})).toThrow(TypeError);
  });
});
