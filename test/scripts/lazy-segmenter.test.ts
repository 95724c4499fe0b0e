import { describe, expect, test } from "vitest";
import { LazySegmenter } from "../../scripts/lazy-segmenter.ts";

const texts = ["", "abc", "alex@localhost · 2 peers", "a\nb\r\nc", "\u00ad\t", "e\u0301", "👩‍👧 한국", "↔\ufe0f", "─│"];

describe("LazySegmenter", () => {
  test.each(texts)("finds in %j the graphemes that Intl.Segmenter finds", (text) => {
    const real = new Intl.Segmenter().segment(text);
    const lazy = new LazySegmenter().segment(text);
    expect([...lazy]).toEqual([...real]);
    for (let index = 0; index <= text.length; index++) expect(lazy.containing(index)).toEqual(real.containing(index));
  });

  test("finds each character that it takes for unjoined to stand alone beside every other", () => {
    const unjoined = Array.from({ length: 0x2600 }, (_, code) => String.fromCharCode(code)).filter((character) =>
      Array.isArray(new LazySegmenter().segment(character)),
    );
    const text = unjoined.flatMap((character) => ["a", character, "↔", character, "\n", character, "©"]).join("");
    expect(unjoined.length).toBeGreaterThan(0x300);
    expect([...new LazySegmenter().segment(text)]).toEqual([...new Intl.Segmenter().segment(text)]);
  });

  test("splits words as Intl.Segmenter does", () => {
    const options = { granularity: "word" } as const;
    const words = [...new LazySegmenter("en", options).segment("one two")];
    expect(words).toEqual([...new Intl.Segmenter("en", options).segment("one two")]);
  });
});
