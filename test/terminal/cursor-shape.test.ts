import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";
import { DEFAULT_SHAPE, shapeOf } from "../../src/terminal/cursor-shape.ts";
import { createEditor, step } from "../../src/terminal/editor.ts";

describe("shapeOf()", () => {
  const vi = createEditor("statement", [], [], { ...DEFAULT_SETTINGS, editing: "vi" });
  const normal = step(vi, { type: "chord", chord: "escape" }, 0).state;

  test("is the terminal's own where nothing is edited, and with Emacs's keys", () => {
    expect([shapeOf(undefined), shapeOf(createEditor("statement"))]).toEqual([DEFAULT_SHAPE, DEFAULT_SHAPE]);
  });

  test("tells the mode of vi: a bar to insert, a block for commands, a line to replace", () => {
    const replacing = step(normal, { type: "text", text: "R" }, 0).state;
    expect([vi, normal, replacing].map(shapeOf)).toEqual([6, 2, 4]);
  });
});
