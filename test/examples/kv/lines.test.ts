import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linesOf } from "../../../src/examples/kv/lines.ts";

async function* chunks(texts: readonly string[]): AsyncGenerator<Uint8Array, void> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const given: string[] = [];
  for await (const line of lines) given.push(line);
  return given;
}

async function linesIn(texts: readonly string[], limit = 1000): Promise<string[]> {
  return all(linesOf(chunks(texts), limit));
}

describe("linesOf()", () => {
  test("gives whole lines, with either end, and not what was left half-way", async () => {
    expect(await linesIn(["GET a\r", "\nGET ", "b\n\nGE"])).toEqual(["GET a", "GET b", ""]);
  });

  test("gives the same however the bytes are cut", async () => {
    const bytes = fc.array(fc.constantFrom("a", "é", "\n", "\r\n", "€"), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(fc.nat(40), { maxLength: 6 }), async (parts, cuts) => {
        const whole = Buffer.from(parts.join(""));
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((end, i) => whole.subarray(at[i], end));
        const given = await all(
          linesOf(
            (async function* () {
              for (const piece of pieces) yield await Promise.resolve(piece);
            })(),
            1000,
          ),
        );
        expect(given).toEqual(parts.join("").split(/\r?\n/).slice(0, -1));
      }),
    );
  });

  test.each([[["abcdef\n"]], [["abc", "def"]], [["ab\nabc", "de\nf"]]])(
    "%j has a line too long for 4 bytes",
    async (texts) => {
      await expect(linesIn(texts, 4)).rejects.toMatchObject({ code: "line_too_long" });
    },
  );

  test("a line as long as it may be is none too many", async () => {
    expect(await linesIn(["abcd\nab", "cd\n"], 4)).toEqual(["abcd", "abcd"]);
  });
});
