import { describe, expect, test } from "vitest";
import { fitted } from "../../src/shell/fitted.ts";

const on = (columns: number | undefined, rows: number | undefined, pager = true) => {
  const asked: string[] = [];
  const geometry = (of: "rows" | "columns") => {
    asked.push(of);
    return Promise.resolve(of === "rows" ? rows : columns);
  };
  return { asked, show: (value: unknown) => fitted(value, { inspect: {}, pager, geometry }) };
};

describe("fitted()", () => {
  test("breaks lines at the width of a narrow terminal, and at 80 columns of a wide one", async () => {
    const value = { first: "x".repeat(20), second: "y".repeat(20) };
    const whole = `{ first: "${value.first}", second: "${value.second}" }`;
    expect(await on(120, 50).show(value)).toBe(whole);
    expect(await on(40, 50).show(value)).toBe(`{\n  first: "${value.first}",\n  second: "${value.second}"\n}`);
    expect(await on(undefined, undefined).show(value)).toBe(whole);
  });

  test("asks nobody about what fits anywhere", async () => {
    const { asked, show } = on(80, 24);
    expect(await show([1, 2, 3])).toBe("[1, 2, 3]");
    expect(asked).toEqual([]);
  });

  test("folds what is longer than the screen, lines or a single line, unless that is switched off", async () => {
    const list = Array.from({ length: 50 }, (_, index) => ({ index }));
    expect(await on(80, 16).show(list)).toMatch(/\{ index: 8 \},\n… 42 more lines: more\(\) shows all of it$/u);
    expect(await on(80, 16).show("x".repeat(1000))).toMatch(/x\n… \d+ more characters: more\(\) shows all of it$/u);
    expect(await on(80, 16, false).show(list)).not.toContain("more lines");
    expect(await on(undefined, undefined).show(list)).not.toContain("more lines");
  });
});
