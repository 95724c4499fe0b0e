import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bufferOf } from "../../src/terminal/buffer.ts";
import { remembering, START, tokenizeLine, tokensOf } from "../../src/shell/tokens.ts";

/** The tokens of a text as `kind:text`, without brackets. */
function read(source: string): string[] {
  const buffer = bufferOf(source);
  return tokensOf(buffer)
    .filter(({ kind }) => kind !== "bracket")
    .map(({ kind, start, end }) => `${kind}:${buffer.text.slice(start, end).join("")}`);
}

describe("tokensOf()", () => {
  test.each([
    ["const x = 1", ["keyword:const", "number:1"]],
    ["x.default.of", []],
    ["x?.default", []],
    ["[...new Set()]", ["keyword:new", "type:Set"]],
    ["true || null", ["constant:true", "constant:null"]],
    ["0xff + 1_000n + .5e3 + 1.5", ["number:0xff", "number:1_000n", "number:.5e3", "number:1.5"]],
    ['f("a\\"b", \'c\')', ['string:"a\\"b"', "string:'c'"]],
    ['"never closed', ['string:"never closed']],
    ['"never closed\n1', ['string:"never closed', "number:1"]],
    ['"goes on\\\nhere" 1', ['string:"goes on\\', 'string:here"', "number:1"]],
    ["a // b", ["comment:// b"]],
    ["a /* b\nc */ 1", ["comment:/*", "comment: b", "comment:c */", "number:1"]],
    ['/a[/]"b/.test(x)', ['string:/a[/]"b/']],
    ["a / b / 1", ["number:1"]],
    ["return /a/", ["keyword:return", "string:/a/"]],
    ["f(x) / 2", ["number:2"]],
    ["`a${1}b`", ["string:`", "string:a", "string:$", "number:1", "string:b", "string:`"]],
    ["`a\nb` + 1", ["string:`", "string:a", "string:b", "string:`", "number:1"]],
    ["`${{ a: `b` }}` 1", ["string:`", "string:$", "string:`", "string:b", "string:`", "string:`", "number:1"]],
    ["Node.connect(Registry)", ["type:Node", "type:Registry"]],
    ["日本 = '語' // é", ["string:'語'", "comment:// é"]],
    ["#moebi:break", ["comment:#moebi:break"]],
  ])("reads %j", (source, expected) => {
    expect(read(source)).toEqual(expected);
  });

  test("takes any text, and leaves no token outside it or over another", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."a1`${}()[]'\"\\/*\n .日"), maxLength: 60 }), (source) => {
        const buffer = bufferOf(source);
        let at = 0;
        for (const { start, end } of tokensOf(buffer)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(buffer.text.length);
      }),
    );
  });
});

describe("remembering()", () => {
  test("reads a line again only if it, or what it begins in, has changed", () => {
    const lines: string[] = [];
    const tokenize = remembering((line, state) => {
      lines.push(line);
      return tokenizeLine(line, state);
    });
    tokensOf(bufferOf("a\nb\nc"), tokenize);
    expect(lines.splice(0)).toEqual(["a", "b", "c"]);
    tokensOf(bufferOf("a\nbb\nc"), tokenize);
    expect(lines.splice(0)).toEqual(["bb"]);
    tokensOf(bufferOf("`\nbb\nc"), tokenize);
    expect(lines.splice(0)).toEqual(["`", "bb", "c"]);
  });

  test("forgets when it knows much", () => {
    let read = 0;
    const tokenize = remembering((line, state) => {
      read++;
      return { tokens: [], state: line + state };
    }, 2);
    for (const line of ["a", "b", "c", "a"]) tokenize(line, START);
    expect(read).toBe(4);
  });
});
