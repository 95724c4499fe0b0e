import { expect, test } from "vitest";
import { forEterm, isEterm } from "../../src/terminal/eterm.ts";

test("is known by TERM", () => {
  expect([isEterm({ TERM: "eterm-color" }), isEterm({ TERM: "xterm-256color" }), isEterm({})]).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  ["\x1b[Ga", "\ra"],
  ["\x1b[1Ga", "\ra"],
  ["\x1b[24Ga\x1b[K", "\r\x1b[23Ca\x1b[K"],
  ["a\x1b[Eb", "a\r\x1b[1Bb"],
  ["a\x1b[3Eb\x1b[2A", "a\r\x1b[3Bb\x1b[2A"],
])("%j is said as %j", (text, said) => {
  expect(forEterm(text)).toBe(said);
});
