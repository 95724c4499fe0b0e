import { expect, test } from "vitest";
import { coloured, colourOf } from "../../src/shell/node-colour.ts";

test("a node keeps its colour, and a few nodes have several", () => {
  expect(colourOf("kate@localhost")).toBe(colourOf("kate@localhost"));
  expect(
    new Set(["kate", "alex", "moebi", "foo", "bar"].map((name) => colourOf(`${name}@localhost`))).size,
  ).toBeGreaterThan(2);
});

test("coloured() ends the colour, and nothing else that is on", () => {
  expect(coloured("kate@localhost", "kate")).toBe(`\x1b[${String(colourOf("kate@localhost"))}mkate\x1b[39m`);
});
