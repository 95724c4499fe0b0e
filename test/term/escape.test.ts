import { describe, expect, test } from "vitest";
import { cut, escapeControls, forLog, quote } from "../../src/term/escape.ts";
import { ESCAPE_SEQUENCES, isHarmless } from "../support/escape-sequences.ts";

describe("escapeControls()", () => {
  test("shows C0, DEL, C1, bidi controls and line separators as escapes", () => {
    expect(escapeControls("\x1b[2J\x07\x7f\x9b\u202e\u2028\r\n\t")).toBe(
      "\\x1b[2J\\x07\\x7f\\x9b\\u202e\\u2028\\r\\n\\t",
    );
  });

  test("lets line feeds and tabs through where lines are wanted, and nothing else", () => {
    expect(escapeControls("a\n\tb\r\x1b", { newlines: true })).toBe("a\n\tb\\r\\x1b");
  });

  test("leaves text of any script, emoji and backslashes as they are", () => {
    const text = "añ漢字 👩‍👩‍👧 C:\\x1b שלום";
    expect(escapeControls(text)).toBe(text);
  });

  test("shows a lone surrogate, which a terminal would get as U+FFFD", () => {
    expect(escapeControls("a\ud83db\ude00")).toBe("a\\ud83db\\ude00");
  });

  test("B17: leaves nothing of an escape sequence that a terminal would act on", () => {
    for (const sequence of ESCAPE_SEQUENCES) expect(isHarmless(escapeControls(sequence))).toBe(true);
  });
});

describe("quote()", () => {
  test("is JSON for what JSON escapes", () => {
    for (const text of ["\0", 'a"b\\c', "\b\f\n\r\t", "\x1b", "é"]) expect(quote(text)).toBe(JSON.stringify(text));
  });

  test("escapes DEL, C1 and bidi controls too", () => {
    expect(quote("\x7f\x9b\u202e")).toBe('"\\u007f\\u009b\\u202e"');
  });
});

describe("cut()", () => {
  test("does not part a surrogate pair", () => {
    expect(cut("ab😀", 3)).toBe("ab");
    expect(cut("ab😀", 4)).toBe("ab😀");
  });
});

describe("forLog()", () => {
  test("O5: is one line without controls", () => {
    expect(forLog("a\nb\x1b]0;t\x07")).toBe("a\\nb\\x1b]0;t\\x07");
  });

  test("O5: cuts to the limit in bytes and marks the cut", () => {
    expect(forLog("a".repeat(300))).toBe("a".repeat(252) + "…");
    expect(forLog("a".repeat(255))).toBe("a".repeat(255));
  });

  test("LOGGER-012: cuts between characters, never inside one or inside an escape", () => {
    for (let limit = 0; limit < 24; limit++) {
      const shown = forLog("é漢😀\x1b\u202e!é漢😀", limit);
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(limit);
      expect("é漢😀\\x1b\\u202e!é漢😀".startsWith(shown.replace("…", ""))).toBe(true);
      expect(shown).not.toMatch(/\\(?:x.?|u.{0,3})?…?$/u);
    }
  });
});
