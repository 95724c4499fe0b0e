import { describe, expect, test } from "vitest";
import { changeRendition } from "../../src/io/rendition.ts";

function after(...sequences: string[]): string[] {
  const active = new Set<string>();
  for (const parameters of sequences) changeRendition(active, parameters);
  return [...active];
}

describe("changeRendition()", () => {
  test("turns attributes on and off by their own codes", () => {
    expect(after("1;4;31")).toEqual(["intensity", "underline", "foreground"]);
    expect(after("1;4;31", "22;24;39")).toEqual([]);
    expect(after("95;103", "39")).toEqual(["background"]);
  });

  test("clears all with 0 and with no parameter", () => {
    expect(after("1;31", "0")).toEqual([]);
    expect(after("1;31", "")).toEqual([]);
    expect(after("0;1;")).toEqual([]);
  });

  test("takes the codes of an extended colour as its own, in both notations", () => {
    expect(after("38;5;0")).toEqual(["foreground"]);
    expect(after("48;2;0;0;0;1")).toEqual(["background", "intensity"]);
    expect(after("38:2::0:0:0")).toEqual(["foreground"]);
  });

  test("takes underline style 0 as off", () => {
    expect(after("4:3")).toEqual(["underline"]);
    expect(after("4:3", "4:0")).toEqual([]);
  });

  test("ignores codes that mean nothing", () => {
    expect(after("999;200")).toEqual([]);
  });
});
