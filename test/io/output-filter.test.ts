import { describe, expect, test } from "vitest";
import { OutputFilter } from "../../src/io/output-filter.ts";
import { ESCAPE_SEQUENCES, isHarmless } from "../support/escape-sequences.ts";

const RESET = "\x1b[0m";

function filtered(...chunks: string[]): string {
  const filter = new OutputFilter();
  return chunks.map((chunk) => filter.write(chunk)).join("") + filter.end();
}

describe("OutputFilter", () => {
  test("O1: passes text, line feeds, tabs and colours", () => {
    expect(filtered("plain\ttext\nñ漢😀")).toBe("plain\ttext\nñ漢😀");
    expect(filtered(`\x1b[1;31mred\x1b[0m`)).toBe(`\x1b[1;31mred\x1b[0m`);
    expect(filtered("\x1b[38;2;1;2;3mx\x1b[39m")).toBe("\x1b[38;2;1;2;3mx\x1b[39m");
    expect(filtered("\x1b[4:3mx\x1b[4:0m")).toBe("\x1b[4:3mx\x1b[4:0m");
  });

  test("O1: shows every other sequence as text", () => {
    expect(filtered("\x1b[2Jx")).toBe("\\x1b[2Jx");
    expect(filtered("\x1b]0;title\x07")).toBe("\\x1b]0;title\\x07");
    expect(filtered("\x9b31m")).toBe("\\x9b31m");
    expect(filtered("\u202eevil")).toBe("\\u202eevil");
  });

  test("O2: lets no private or modified form of m through as a colour", () => {
    for (const sequence of ["\x1b[?4m", "\x1b[>4;1m", "\x1b[1 m", "\x1b[1\x18m"]) {
      expect(filtered(sequence)).toBe(sequence.replace("\x1b", "\\x1b").replace("\x18", "\\x18"));
    }
  });

  test("B17: leaves text and colours only, wherever a sequence is split", () => {
    expect(ESCAPE_SEQUENCES.length).toBeGreaterThanOrEqual(60);
    for (const sequence of ESCAPE_SEQUENCES) {
      const text = `a${sequence}b`;
      const whole = filtered(text);
      expect(isHarmless(whole)).toBe(true);
      for (let at = 0; at <= text.length; at++) expect(filtered(text.slice(0, at), text.slice(at))).toBe(whole);
      expect(filtered(...text.split(""))).toBe(whole);
    }
  });

  test("B17: is harmless after every single write, not only at the end", () => {
    for (const sequence of ESCAPE_SEQUENCES) {
      const filter = new OutputFilter();
      for (const char of `\x1b[31m${sequence}`) expect(isHarmless(filter.write(char))).toBe(true);
    }
  });

  test("resets colours that a write leaves on, before its final line feed", () => {
    const filter = new OutputFilter();
    expect(filter.write("\x1b[31mred")).toBe(`\x1b[31mred${RESET}`);
    expect(filter.write("plain")).toBe("plain");
    expect(filter.write("\x1b[44mblue\n")).toBe(`\x1b[44mblue${RESET}\n`);
  });

  test("adds no reset where the writer undid what it set", () => {
    for (const text of [
      "\x1b[1mx\x1b[22m",
      "\x1b[38;5;196mx\x1b[39m",
      "\x1b[7;4mx\x1b[m",
      "\x1b[31;44mx\x1b[49;39m",
      "\x1b[58;5;1mx\x1b[59m",
    ]) {
      expect(filtered(text)).toBe(text);
    }
  });

  test("resets when only part of what was set is undone", () => {
    expect(filtered("\x1b[1;31mx\x1b[39m")).toBe(`\x1b[1;31mx\x1b[39m${RESET}`);
    // The 1 belongs to the colour's number.
    expect(filtered("\x1b[38;5;1mx\x1b[22m")).toBe(`\x1b[38;5;1mx\x1b[22m${RESET}`);
  });

  test("turns CR LF into a line feed, also when split, and shows a lone CR", () => {
    expect(filtered("a\r\nb")).toBe("a\nb");
    expect(filtered("a\r", "\nb")).toBe("a\nb");
    expect(filtered("a\r", "b\r")).toBe("a\\rb\\r");
    expect(filtered("\r\r\n")).toBe("\\r\n");
  });

  test("keeps a surrogate pair together that two writes part", () => {
    expect(filtered("x\ud83d", "\ude00y")).toBe("x😀y");
    expect(filtered("x\ud83d")).toBe("x\\ud83d");
  });

  test("shows what was never ended at the end, and is fresh afterwards", () => {
    const filter = new OutputFilter();
    expect(filter.write("a\x1b[3")).toBe("a");
    expect(filter.end()).toBe("\\x1b[3");
    expect(filter.write("1m")).toBe("1m");
  });

  test("holds back a bounded part of a sequence that never ends", () => {
    const filter = new OutputFilter();
    let shown = filter.write("\x1b[");
    for (let i = 0; i < 1000; i++) shown += filter.write("1");
    expect(shown.length).toBeGreaterThan(1000 - 64);
    expect(shown + filter.end()).toBe(`\\x1b[${"1".repeat(1000)}`);
  });

  test("B19: shows every form of a long adversarial text in full", () => {
    for (const part of ["\x1b[", "\x1b[1;", "\x1b", "\r", "\x1b]0;", "\x9b", "\ud83d", "1:"]) {
      const text = part.repeat(65_536 / part.length);
      const shown = filtered(text);
      expect(isHarmless(shown)).toBe(true);
      expect(shown.length).toBeGreaterThanOrEqual(text.length);
    }
  });
});
