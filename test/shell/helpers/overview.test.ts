import { describe, expect, test } from "vitest";
import { helperNames } from "../../../src/shell/helpers/index.ts";
import { GROUPS, overview } from "../../../src/shell/helpers/overview.ts";

const calls = GROUPS.flatMap(([, rows]) => rows.flatMap(([call]) => call.split(/(?<=\)), /u)));

describe("overview()", () => {
  test("names each helper", () => {
    const names = new Set(calls.map((call) => /^(?:await )?(\w+)\(/u.exec(call)?.[1]));
    expect([...helperNames(), "v", "pry", "dbg"].filter((name) => !names.has(name))).toEqual([]);
  });

  test("gives each a line of its own or less at 80 columns, under what it is for", () => {
    const lines = overview([], { columns: 80 });
    const rows = GROUPS.reduce((sum, [, { length }]) => sum + length, 0);
    expect(lines.filter((line) => line.startsWith("  "))).toHaveLength(rows);
    expect(lines.filter((line) => GROUPS.some(([purpose]) => purpose === line))).toEqual(GROUPS.map(([name]) => name));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("gives how they are called alone where there is little room", () => {
    const lines = overview([["greet(name: string): string", "Greets"]], { columns: 40 });
    const text = lines.join("\n");
    expect(calls.filter((call) => !text.includes(call))).toEqual([]);
    expect(lines.slice(lines.indexOf("Your own"), lines.indexOf("Your own") + 2)).toEqual([
      "Your own",
      "  greet(name: string): string",
    ]);
    expect(text).not.toContain("Greets");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  test("ends with the user's own, in the order of their names", () => {
    const lines = overview(
      [
        ["wave()", "Waves"],
        ["greet()", "Greets"],
      ],
      { columns: 80 },
    );
    const at = lines.indexOf("Your own");
    expect(lines.slice(at, at + 4).map((line) => line.trim().split(/ {2,}/u))).toEqual([
      ["Your own"],
      ["greet()", "Greets"],
      ["wave()", "Waves"],
      [""],
    ]);
  });
});
