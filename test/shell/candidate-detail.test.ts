import { describe, expect, test } from "vitest";
import { detailOf, firstSentence, kindOf } from "../../src/shell/candidate-detail.ts";

describe("detailOf()", () => {
  test("a function's is its signature, a documented one's each way to call it and what it does", () => {
    expect(detailOf({ text: "f", value: (a: number, b = 1) => a + b })).toBe("f(a, b = 1)");
    expect(detailOf({ text: "f" }, { signature: "f(a)\nf(a, b)", doc: "Does it. Well." })).toEqual([
      { name: "f(a)", detail: "Does it" },
      { name: "f(a, b)" },
    ]);
  });

  test("a declared type goes first", () => {
    expect(detailOf({ text: "a", value: 1, type: "Age" })).toBe("Age");
  });
});

describe("kindOf()", () => {
  test("names the kind, and asks a proxy nothing", () => {
    const proxy = new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error("asked");
        },
      },
    );
    expect([null, 1, "a", [1, 2], new Map(), {}, proxy].map(kindOf)).toEqual([
      "null",
      "number",
      "string",
      "Array of 2",
      "Map",
      "Object",
      "Proxy",
    ]);
  });
});

describe("firstSentence()", () => {
  test("ends at the first full stop or paragraph", () => {
    expect(firstSentence("Does\nit (e.g. this). And more.")).toBe("Does it (e.g");
    expect(firstSentence("No stop\n\nNext.")).toBe("No stop");
  });
});
