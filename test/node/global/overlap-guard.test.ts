import { describe, expect, test } from "vitest";
import { OverlapGuard } from "../../../src/node/global/overlap-guard.ts";

describe("OverlapGuard", () => {
  test("leaves the silent one of two that lost each other", () => {
    const guard = new OverlapGuard();
    const key = guard.lost("b@h", "a@h");
    expect(guard.decide(key as string)).toBe("a@h");
    expect(guard.decide(key as string)).toBeUndefined();
  });

  test("leaves the later one if both speak, whoever was first", () => {
    for (const [first, second] of [
      ["a@h", "b@h"],
      ["b@h", "a@h"],
    ] as const) {
      const guard = new OverlapGuard();
      const key = guard.lost(first, second);
      expect(guard.lost(second, first)).toBeUndefined();
      expect(guard.decide(key as string)).toBe("b@h");
    }
  });

  test("leaves nobody if they have found each other again, or one is gone", () => {
    const guard = new OverlapGuard();
    const found = guard.lost("a@h", "b@h");
    guard.restored("b@h", "a@h");
    expect(guard.decide(found as string)).toBeUndefined();
    const gone = guard.lost("a@h", "c@h");
    guard.gone("c@h");
    expect(guard.decide(gone as string)).toBeUndefined();
  });
});
