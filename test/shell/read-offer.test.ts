import { describe, expect, test } from "vitest";
import { readCompletion, readOffer } from "../../src/shell/read-offer.ts";

describe("readOffer()", () => {
  test("takes what an offer is, and leaves what it does not know", () => {
    const candidates = [{ text: "a", kind: "function", signature: "a()", doc: 1, more: 2 }, { kind: "text" }, null];
    expect(readOffer({ start: 1, candidates, more: 3 })).toEqual({
      start: 1,
      candidates: [{ text: "a", kind: "function", signature: "a()" }],
    });
  });

  test.each([undefined, null, "a", { start: "1", candidates: [] }, { start: 1 }])(
    "refuses %j with remote",
    (answer) => {
      expect(() => readOffer(answer)).toThrow(expect.objectContaining({ code: "remote" }) as Error);
    },
  );
});

describe("readCompletion()", () => {
  test("takes what a completion is, and leaves what it does not know", () => {
    const candidates = [{ name: "a", detail: 1 }, { name: "b", detail: "(n)" }, { detail: "x" }, undefined];
    expect(readCompletion({ insert: "x", candidates, more: 1 })).toEqual({
      insert: "x",
      candidates: [{ name: "a" }, { name: "b", detail: "(n)" }],
    });
  });

  test.each([undefined, "a", { insert: 1, candidates: [] }, { insert: "" }])("refuses %j with remote", (answer) => {
    expect(() => readCompletion(answer)).toThrow(expect.objectContaining({ code: "remote" }) as Error);
  });
});
