import { describe, expect, test } from "vitest";
import { fold } from "../../src/shell/fold.ts";

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${String(index)}`).join("\n");

describe("fold()", () => {
  test("leaves what fits as it is", () => {
    expect(fold(lines(10), { rows: 24, columns: 80 })).toEqual({ shown: lines(10), left: 0, unit: "line" });
  });

  test("cuts what does not, and counts the lines that are left out", () => {
    expect(fold(lines(100), { rows: 16, columns: 80 })).toEqual({ shown: lines(10), left: 90, unit: "line" });
    expect(fold(lines(100), { rows: 3, columns: 80 }).left).toBe(96);
  });

  test("counts the rows that long lines take", () => {
    expect(fold(Array.from({ length: 10 }, () => "x".repeat(100)).join("\n"), { rows: 16, columns: 50 }).left).toBe(5);
  });

  test("cuts a single line that is longer than the screen, and counts its characters", () => {
    const text = `\u001b[32m${"x".repeat(1000)}\u001b[39m`;
    const shown = `\u001b[32m${"x".repeat(500)}\u001b[0m`;
    expect(fold(text, { rows: 16, columns: 50 })).toEqual({ shown, left: 500, unit: "character" });
    const faces = fold("😀".repeat(300), { rows: 10, columns: 51 });
    expect([faces.shown, faces.left]).toEqual(["😀".repeat(102), 396]);
  });

  test("turns colours off where it cuts", () => {
    expect(fold(`\u001b[31m${lines(20)}`, { rows: 10, columns: 80 }).shown.endsWith("\u001b[0m")).toBe(true);
  });
});
