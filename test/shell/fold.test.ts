import { describe, expect, test } from "vitest";
import { fold } from "../../src/shell/fold.ts";

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${String(index)}`).join("\n");

describe("fold()", () => {
  test("leaves what fits as it is", () => {
    expect(fold(lines(10), { rows: 24, columns: 80 })).toEqual({ shown: lines(10), left: 0 });
  });

  test("cuts what does not, and counts the lines that are left out", () => {
    expect(fold(lines(100), { rows: 16, columns: 80 })).toEqual({ shown: lines(10), left: 90 });
    expect(fold(lines(100), { rows: 3, columns: 80 }).left).toBe(96);
  });

  test("counts the rows that long lines take", () => {
    expect(fold(Array.from({ length: 10 }, () => "x".repeat(100)).join("\n"), { rows: 16, columns: 50 }).left).toBe(5);
  });

  test("turns colours off where it cuts", () => {
    expect(fold(`\u001b[31m${lines(20)}`, { rows: 10, columns: 80 }).shown.endsWith("\u001b[0m")).toBe(true);
  });
});
