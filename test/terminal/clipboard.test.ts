import { describe, expect, test } from "vitest";
import { clipboardNote, clipboardSequence } from "../../src/terminal/clipboard.ts";

describe("clipboardSequence()", () => {
  test("is OSC 52, which tmux understands too", () => {
    for (const env of [{}, { TMUX: "/tmp/tmux", STY: "1" }])
      expect(clipboardSequence("hé", env)).toBe("\u001b]52;c;aMOp\u0007");
  });

  test("is wrapped in pieces for GNU screen, which pass through it", () => {
    const sent = clipboardSequence("x".repeat(300), { STY: "1.pts" });
    const pieces = [...sent.matchAll(/\u001bP(?<piece>[^]*?)\u001b\\/gu)].map(({ groups }) => groups?.["piece"] ?? "");
    expect(pieces.length).toBe(2);
    expect(pieces.every((piece) => piece.length <= 240)).toBe(true);
    expect(pieces.join("")).toBe(clipboardSequence("x".repeat(300), {}));
  });
});

describe("clipboardNote()", () => {
  test("says what may stand in the way", () => {
    expect(clipboardNote("x", {})).toBeUndefined();
    expect(clipboardNote("x", { TMUX: "/tmp/tmux" })).toMatch(/^tmux passes it on after/u);
    expect(clipboardNote("é".repeat(40_000), {})).toMatch(/^many terminals take no more/u);
    expect(clipboardNote("x".repeat(80_000), { TMUX: "1" })).toMatch(/75 kB; tmux/u);
  });
});
