import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Tag } from "../../src/term/codec-tags.ts";
import { hasCode } from "../../src/term/error.ts";
import { badFrame, Reader } from "../../src/term/reader.ts";

const refuses = (bytes: readonly number[], read: (reader: Reader) => unknown): void => {
  expect(() => read(new Reader(Uint8Array.from(bytes)))).toThrow(expect.objectContaining({ code: "bad_frame" }));
};

test("badFrame() is an error with the code that ends a link", () => {
  expect(hasCode(badFrame("why"), "bad_frame")).toBe(true);
});

describe("a place in bytes", () => {
  test("goes forward to its end, which may lie before the end of the bytes", () => {
    const reader = new Reader(Uint8Array.of(9, 1, 2, 9), 1, 3);
    expect([reader.u8(), reader.u8()]).toEqual([1, 2]);
    expect(reader.remaining).toBe(0);
    expect(() => reader.u8()).toThrow(expect.objectContaining({ code: "bad_frame" }));
  });

  test("V1: does not go beyond it for any length, and does not move", () => {
    const reader = new Reader(new Uint8Array(10));
    for (const length of [11, 0xffff_ffff, Number.MAX_SAFE_INTEGER, Infinity]) {
      expect(() => reader.skip(length)).toThrow(expect.objectContaining({ code: "bad_frame" }));
      expect(() => reader.bytes(length)).toThrow(expect.objectContaining({ code: "bad_frame" }));
      expect(reader.pos).toBe(0);
    }
  });

  test("reads a part of a larger buffer", () => {
    const whole = Uint8Array.of(0, 0, 1, 0, 0, 0);
    expect(new Reader(whole.subarray(2)).u32()).toBe(1);
    const reader = new Reader(new Uint8Array(0));
    reader.reset(whole.subarray(2));
    expect(reader.u32()).toBe(1);
  });

  test("gives views, not copies", () => {
    const whole = Uint8Array.of(1, 2, 3);
    expect(new Reader(whole).bytes(2).buffer).toBe(whole.buffer);
  });
});

describe("numbers", () => {
  test("V1: that are cut off are refused", () => {
    refuses([1, 2, 3], (reader) => reader.u32());
    refuses([1, 2, 3, 4, 5, 6, 7], (reader) => reader.f64());
    refuses([0x80], (reader) => reader.varint());
  });

  test("beyond 2^53 - 1 are refused", () => {
    refuses(new Array<number>(8).fill(0xff), (reader) => reader.varint());
    refuses([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f], (reader) => reader.varint());
    expect(new Reader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)).varint()).toBe(
      Number.MAX_SAFE_INTEGER,
    );
  });
});

describe("string()", () => {
  test("V1: refuses a length beyond the bytes that are there", () => {
    refuses([Tag.STR + 5, 0x61], (reader) => reader.string());
    refuses([Tag.STR8, 200, 0x61], (reader) => reader.string());
    refuses([Tag.STR32, 0xff, 0xff, 0xff, 0xff, 0x61], (reader) => reader.string());
    refuses([Tag.STR16, 0xfe, 0xff, 0xff, 0xff, 0x61], (reader) => reader.string());
  });

  test("refuses what is no string, no ASCII, no UTF-8, or half a character", () => {
    refuses([Tag.NULL], (reader) => reader.string());
    refuses([Tag.STR + 1, 0x80], (reader) => reader.string());
    refuses([Tag.STR8, 2, 0xff, 0xfe], (reader) => reader.string());
    refuses([Tag.STR16, 3, 0, 0, 0, 0x61, 0, 0x62], (reader) => reader.string());
  });

  test("takes a U+FFFD that was really written", () => {
    expect(new Reader(Uint8Array.of(Tag.STR8, 3, 0xef, 0xbf, 0xbd)).string()).toBe("\ufffd");
  });

  test("gives each short text itself, whatever was read before", () => {
    const short = fc.string({ unit: fc.constantFrom("a", "b", "@", "\0", "\x7f"), maxLength: 31 });
    fc.assert(
      fc.property(fc.array(short, { maxLength: 200 }), (texts) => {
        for (const text of texts) {
          const bytes = Uint8Array.of(Tag.STR + text.length, ...Buffer.from(text, "latin1"));
          expect(new Reader(bytes).string()).toBe(text);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("gives equal short texts equal hashes, and a long one none", () => {
    const hashOf = (bytes: readonly number[]): number => {
      const reader = new Reader(Uint8Array.from(bytes));
      reader.string();
      return reader.hash;
    };
    expect(hashOf([Tag.STR + 2, 0x61, 0x62])).toBe(hashOf([Tag.STR + 2, 0x61, 0x62]));
    expect(hashOf([Tag.STR8, 2, 0x61, 0x62])).toBe(-1);
  });
});
