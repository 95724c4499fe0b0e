import { describe, expect, test } from "vitest";
import { ansiOf, cellsOf, fitted, PLAIN } from "../../scripts/theatre/cells.ts";
import { compose, footerText, layout, originOf, type Shown } from "../../scripts/theatre/stage.ts";

const pane = (name: string): Shown => ({ name, row: (row) => cellsOf(`${name} ${String(row)}`) });
const textOf = (rows: ReturnType<typeof compose>): string[] => rows.map((row) => row.map(({ text }) => text).join(""));

describe("compose()", () => {
  test("puts panes side by side, every row as wide as the terminal", () => {
    const size = { columns: 113, rows: 6 };
    const rows = textOf(compose(size, ["a", "b", "c"].map(pane), 0, "keys"));
    expect(rows).toHaveLength(6);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([113]));
    expect(rows[0]).toMatch(/^ a {35}│ b {35}│ c {35}$/);
    expect(rows[1]).toMatch(/^a 0 {34}│b 0 {34}│c 0 {34}$/);
    expect(rows[5]).toMatch(/^ keys +$/);
  });

  test("puts them below each other where there is no room beside", () => {
    const size = { columns: 40, rows: 10 };
    expect(layout(size, 3)).toEqual({ beside: false, pane: { columns: 40, rows: 2 } });
    const rows = textOf(compose(size, ["a", "b", "c"].map(pane), 1, "keys")).map((row) => row.trim());
    expect(rows).toEqual(["a", "a 0", "a 1", "b", "b 0", "b 1", "c", "c 0", "c 1", "keys"]);
    expect(originOf(size, 3, 2)).toEqual({ x: 0, y: 7 });
  });
});

describe("fitted()", () => {
  test("cuts no wide character in two", () => {
    const wide = { text: "語", width: 2, style: PLAIN };
    expect(fitted([...cellsOf("ab"), wide, wide], 5).map(({ text }) => text)).toEqual(["a", "b", "語", " "]);
  });
});

describe("ansiOf()", () => {
  test("says what changes only, and ends plain", () => {
    const red = { ...PLAIN, foreground: 1, bold: true };
    expect(ansiOf([...cellsOf("ab"), ...cellsOf("cd", red), ...cellsOf("e")])).toBe("ab\x1b[0;1;31mcd\x1b[0me");
    expect(ansiOf(cellsOf("x", { ...PLAIN, background: 200, foreground: "#0a0b0c" }))).toBe(
      "\x1b[0;38;2;10;11;12;48;5;200mx\x1b[0m",
    );
  });
});

describe("footerText()", () => {
  const keys = ["Ctrl+] leave", "Ctrl+O next pane"];

  test("says what there is room for, how to leave first", () => {
    expect(footerText("They are yours.", keys, 80)).toBe("They are yours.   Ctrl+] leave · Ctrl+O next pane");
    expect(footerText("They are yours.", keys, 40)).toBe("They are yours.   Ctrl+] leave");
    expect(footerText("They are yours.", keys, 27)).toBe("They are y…   Ctrl+] leave");
    expect(footerText("They are yours.", keys, 14)).toBe("Ctrl+] leave");
  });
});
