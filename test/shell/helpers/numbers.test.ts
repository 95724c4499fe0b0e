import { describe, expect, test } from "vitest";
import { isWord, numbersIn } from "../../../src/shell/helpers/numbers.ts";

const FORM = /^(?:<(?<printed>\d+\.\d+)>|(?<bare>\d+\.\d+))$/u;

describe("numbersIn()", () => {
  test("reads them from text, in either form", () => {
    expect(numbersIn(["<1.2>"], FORM)).toEqual([1, 2]);
    expect(numbersIn([" 3.4 "], FORM)).toEqual([3, 4]);
  });

  test("takes them one by one", () => {
    expect(numbersIn([1, 2, 3], FORM)).toEqual([1, 2, 3]);
  });

  test.each([[["1"]], [["<1.2"]], [[1, "2"]], [[null]]])("finds none in %j", (parts) => {
    expect(numbersIn(parts, FORM)).toBeUndefined();
  });
});

describe("isWord()", () => {
  test("is so for unsigned integers of 32 bits", () => {
    expect([0, 0xffff_ffff].map(isWord)).toEqual([true, true]);
    expect([-1, 0.5, NaN, 2 ** 32].map(isWord)).toEqual([false, false, false, false]);
  });
});
