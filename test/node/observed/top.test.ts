import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { top } from "../../../src/node/observed/top.ts";

const byNumber = (a: number, b: number): number => a - b;

describe("top()", () => {
  test("gives what sorting and cutting gives", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 1, max: 10 }), (items, limit) => {
        expect(top(items, limit, byNumber)).toEqual(items.toSorted(byNumber).slice(0, limit));
      }),
    );
  });

  test("compares few of many items with more than the worst that is kept", () => {
    let comparisons = 0;
    const items = Array.from({ length: 100_000 }, (_, index) => index);
    top(items, 10, (a, b) => {
      comparisons++;
      return a - b;
    });
    expect(comparisons).toBeLessThan(101_000);
  });
});
