import { describe, expect, test } from "vitest";
import { coloured, colourOf } from "../../src/shell/node-colour.ts";
import { labelled, tinted } from "../../src/terminal/tint.ts";

describe("tinted()", () => {
  const colour = String(colourOf("kate@localhost"));

  test("colours each line and adds no character", () => {
    expect(tinted("kate@localhost", "hi\n\nyou\n")).toBe(`\x1b[${colour}mhi\x1b[39m\n\n\x1b[${colour}myou\x1b[39m\n`);
  });

  test("leaves what has colours of its own, and lines that are not at their end", () => {
    for (const text of ["\x1b[31mred\x1b[0m\n", "Name: ", ""]) expect(tinted("kate@localhost", text)).toBe(text);
  });
});

describe("labelled()", () => {
  test("puts the node's name before each line, an empty one too", () => {
    expect(labelled("kate@localhost", "hi\n\nyou", false, false)).toBe(
      "kate@localhost │ hi\nkate@localhost │ \nkate@localhost │ you",
    );
  });

  test("puts none into a line that was begun", () => {
    expect(labelled("kate@localhost", "lo\nyou\n", false, true)).toBe("lo\nkate@localhost │ you\n");
  });

  test("has the node's colour, and leaves what has colours of its own", () => {
    const label = coloured("kate@localhost", "kate@localhost │ ");
    expect(labelled("kate@localhost", "hi\n", true, false)).toBe(`${label}${coloured("kate@localhost", "hi")}\n`);
    expect(labelled("kate@localhost", "\x1b[31mred\x1b[0m\n", true, false)).toBe(`${label}\x1b[31mred\x1b[0m\n`);
  });
});
