import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyParser, type Key } from "../../src/terminal/keys.ts";

function parse(...chunks: (string | Uint8Array)[]): string[] {
  const parser = new KeyParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.flush()].map(shown);
}

function shown(key: Key): string {
  if (key.type === "chord") return `<${key.chord}>`;
  return key.type === "paste" ? `paste ${JSON.stringify(key.text)}` : key.text;
}

describe("KeyParser", () => {
  test("splits a chunk into its keys", () => {
    expect(parse("ab\r\x03c")).toEqual(["a", "b", "<enter>", "<ctrl+c>", "c"]);
  });

  test.each([
    ["\x1b[A", "<up>"],
    ["\x1bOB", "<down>"],
    ["\x1b[1;5D", "<ctrl+left>"],
    ["\x1b[1;5C", "<ctrl+right>"],
    ["\x1b[H", "<home>"],
    ["\x1b[4~", "<end>"],
    ["\x1b[3~", "<delete>"],
    ["\x1b[3;5~", "<ctrl+delete>"],
    ["\x1b[Z", "<shift+tab>"],
    ["\x1b[13;2u", "<shift+enter>"],
    ["\x1b[27;2;13~", "<shift+enter>"],
    ["\x1b[97;5u", "<ctrl+a>"],
    ["\x1b[97;2u", "A"],
    ["\x1bb", "<alt+b>"],
    ["\x1b\r", "<alt+enter>"],
    ["\x1b\x7f", "<alt+backspace>"],
    ["\x1b\x1b[D", "<alt+left>"],
    ["\x7f", "<backspace>"],
    ["\x08", "<backspace>"],
    ["\n", "<ctrl+j>"],
    ["\x1f", "<ctrl+_>"],
    ["\t", "<tab>"],
  ])("reads %j as %s", (bytes, expected) => {
    expect(parse(bytes)).toEqual([expected]);
  });

  test("reads a sequence that comes byte by byte", () => {
    expect(parse(..."x\x1b[1;5Cy")).toEqual(["x", "<ctrl+right>", "y"]);
  });

  test("takes an Escape for a key only when nothing follows", () => {
    const parser = new KeyParser();
    expect(parser.push("\x1b")).toEqual([]);
    expect(parser.pending).toBe("escape");
    expect(parser.flush()).toEqual([{ type: "chord", chord: "escape" }]);
    expect(parser.pending).toBeUndefined();
  });

  test("ignores what the terminal reports and nobody typed", () => {
    expect(parse("a\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[I\x1b[O\x1b[?62;4c\x1b[24;80Rb")).toEqual(["a", "b"]);
  });

  test("ignores the release of a key", () => {
    expect(parse("\x1b[97;1:3u")).toEqual([]);
  });

  test("takes a paste as one key, its newlines and escapes too", () => {
    expect(parse("x\x1b[200~a\rb\x1b[A\x1b[201~y")).toEqual(["x", 'paste "a\\rb\\u001b[A"', "y"]);
  });

  test("takes a paste whose marker is cut between chunks", () => {
    expect(parse("\x1b[20", "0~one\x1b[2", "01~\r")).toEqual(['paste "one"', "<enter>"]);
  });

  test("gives a paste up that never ends, and goes on with keys", () => {
    const parser = new KeyParser();
    expect(parser.push("\x1b[200~lost")).toEqual([]);
    expect(parser.pending).toBe("paste");
    expect(parser.flush()).toEqual([{ type: "paste", text: "lost" }]);
    expect(parser.push("a\x1b[201~b").map(shown)).toEqual(["a", "b"]);
  });

  test("gives up a paste of nothing that never ends", () => {
    const parser = new KeyParser();
    parser.push("\x1b[200~");
    parser.flush();
    expect(parser.push("a").map(shown)).toEqual(["a"]);
  });

  test("puts a character together that is cut between chunks", () => {
    const bytes = Array.from(Buffer.from("é日"), (byte) => Uint8Array.of(byte));
    expect(parse(...bytes)).toEqual(["é", "日"]);
  });

  test("keeps joined emoji, flags and accents whole", () => {
    expect(parse("👩‍👩‍👧🇩🇪e\u0301")).toEqual(["👩‍👩‍👧", "🇩🇪", "e\u0301"]);
  });

  test("gives the same keys however ASCII input is cut", () => {
    const piece = fc.constantFrom(
      "a",
      "Z",
      " ",
      "\r",
      "\x03",
      "\x1b[A",
      "\x1b[1;5D",
      "\x1bOP",
      "\x1bb",
      "\x1b[200~p\rq\x1b[201~",
      "\x1b[13;2u",
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(40)), (pieces, cuts) => {
        const input = pieces.join("");
        const chunks: string[] = [];
        let at = 0;
        for (const cut of cuts) chunks.push(input.slice(at, (at += cut)));
        chunks.push(input.slice(at));
        expect(parse(...chunks)).toEqual(parse(input));
      }),
    );
  });
});
