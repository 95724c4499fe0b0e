import { describe, expect, test } from "vitest";
import { describeObject } from "../../src/term/inspect-object.ts";
import { layOut } from "../../src/term/inspect-layout.ts";
import { prototypesOf } from "../../src/term/inspect-reflect.ts";
import { Printer } from "../../src/term/inspect.ts";

const print = (value: object): string => layOut(describeObject(new Printer({}), value, prototypesOf(value), 0), 80);

describe("describeObject()", () => {
  test.each<[object, string]>([
    [async () => 1, "[AsyncFunction]"],
    [function* gen() {}, "[GeneratorFunction: gen]"],
    [new WeakMap(), "[WeakMap]"],
    [new ArrayBuffer(2), "ArrayBuffer[0, 0]"],
    [Object("x") as object, 'String{ "x" }'],
    [Math, "Math{}"],
    [Object.assign([1], { extra: 2 }), "[1, extra: 2]"],
    [{ set a(_: number) {} }, "{ a: [Setter] }"],
    [{ [Symbol("k")]: 1 }, "{ [Symbol(k)]: 1 }"],
    [new Error("a", { cause: new TypeError("b") }), "Error: a { cause: TypeError: b }"],
    [new AggregateError([1], "all"), "AggregateError: all { errors: [1] }"],
  ])("prints %o", (value, text) => {
    expect(print(value)).toBe(text);
  });

  test("names an array's subclass", () => {
    class Tuple extends Array<number> {}
    expect(print(Tuple.of(1, 2))).toBe("Tuple[1, 2]");
  });

  test("is not led astray by properties that hide those of a built-in", () => {
    const expression = Object.defineProperty(/x/g, "flags", { get: () => expect.unreachable() });
    expect(print(Object.defineProperty(expression, "source", { value: "lie" }))).toBe("/x/g");
    expect(print(Object.defineProperty(new Uint8Array(1), "length", { value: 9 }))).toBe("Uint8Array[0]");
  });
});
