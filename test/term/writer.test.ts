import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Tag } from "../../src/term/codec-tags.ts";
import { hasCode } from "../../src/term/error.ts";
import { Reader } from "../../src/term/reader.ts";
import { Writer } from "../../src/term/writer.ts";

function written(write: (writer: Writer) => void, capacity?: number): Buffer {
  const writer = new Writer(capacity);
  write(writer);
  return Buffer.from(writer.view());
}

describe("numbers", () => {
  test("are little-endian", () => {
    expect([...written((w) => w.u8(0xab))]).toEqual([0xab]);
    expect([...written((w) => w.u32(0x0102_0304))]).toEqual([4, 3, 2, 1]);
    expect(written((w) => w.f64(-0.1)).readDoubleLE()).toBe(-0.1);
  });

  test("of any size take seven bits a byte", () => {
    expect([...written((w) => w.varint(0x7f))]).toEqual([0x7f]);
    expect([...written((w) => w.varint(0x80))]).toEqual([0x80, 1]);
    expect(written((w) => w.varint(Number.MAX_SAFE_INTEGER))).toHaveLength(8);
  });

  test("come back as they were", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { maxLength: 50 }), (values) => {
        const reader = new Reader(written((w) => values.forEach((value) => w.varint(value)), 1));
        expect(values.map(() => reader.varint())).toEqual(values);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe("string()", () => {
  const tagOf = (text: string): number => written((w) => w.string(text))[0]!;

  test("writes each text in the shortest of its forms", () => {
    expect(tagOf("x".repeat(31))).toBe(Tag.STR + 31);
    expect(tagOf("x".repeat(32))).toBe(Tag.STR8);
    expect(tagOf("ü")).toBe(Tag.STR8);
    expect(tagOf("x".repeat(300))).toBe(Tag.STR32);
    expect(tagOf("\ud800")).toBe(Tag.STR16);
  });

  test("loses nothing of any text, lone surrogates included", () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 }).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 10 }), (all) => {
        const reader = new Reader(written((w) => all.forEach((text) => w.string(text)), 1));
        expect(all.map(() => reader.string())).toEqual(all);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test("takes a text that begins like ASCII and is longer than its characters are many", () => {
    for (const length of [80, 85, 86, 87, 300, 5_000]) {
      for (const tail of ["é", "éé", "€", "😀", "é".repeat(length), "€".repeat(length), "😀".repeat(length)]) {
        for (const capacity of [1, length + 2, length + 9, 100_000]) {
          const text = "x".repeat(length) + tail;
          const reader = new Reader(written((w) => w.string(text), capacity));
          expect(reader.string()).toBe(text);
          expect(reader.remaining).toBe(0);
        }
      }
    }
  });

  test("takes long texts, of one byte a character and of three", () => {
    for (const text of ["x".repeat(100_000), "€".repeat(100_000), `${"x".repeat(70_000)}\udc00`]) {
      expect(new Reader(written((w) => w.string(text))).string()).toBe(text);
    }
  });
});

describe("the buffer", () => {
  test("grows, and what was written stays", () => {
    const bytes = written((w) => {
      for (let i = 0; i < 1_000; i++) w.u8(i & 0xff);
      w.bytes(new Uint8Array(5_000).fill(7));
    }, 1);
    expect([...bytes.subarray(0, 1_000)]).toEqual(Array.from({ length: 1_000 }, (_, i) => i & 0xff));
    expect(bytes.subarray(1_000).every((byte) => byte === 7)).toBe(true);
    expect(bytes).toHaveLength(6_000);
  });

  test("keeps what is still needed where it was when it grows", () => {
    const writer = new Writer(16);
    writer.bytes(new Uint8Array(16).fill(1));
    writer.keep = 8;
    writer.bytes(new Uint8Array(100).fill(2));
    expect([...writer.view(8)]).toEqual([...new Array(8).fill(1), ...new Array(100).fill(2)]);
  });

  test("V6: is not grown far beyond the limit", () => {
    const writer = new Writer(16);
    writer.limit = 1_000;
    const thrown = (() => {
      try {
        writer.bytes(new Uint8Array(1_000_000));
      } catch (error) {
        return error;
      }
    })();
    expect(hasCode(thrown, "too_large")).toBe(true);
    expect(writer.pos).toBe(0);
    expect(writer.buf.length).toBe(16);
  });

  test("is let go after one large message, kept after small ones", () => {
    const writer = new Writer(16);
    writer.bytes(new Uint8Array(4 * 1024 * 1024));
    writer.reset();
    expect(writer.buf.length).toBe(1024 * 1024);
    const { buf } = writer;
    writer.bytes(new Uint8Array(1_000));
    writer.reset();
    expect(writer.buf).toBe(buf);
    expect(writer.pos).toBe(0);
  });

  test("can be cut back to a place", () => {
    const bytes = written((w) => {
      w.u8(1);
      const place = w.pos;
      w.u32(5);
      w.truncate(place);
      w.u8(2);
    });
    expect([...bytes]).toEqual([1, 2]);
  });
});

test("view() begins where it is told", () => {
  const writer = new Writer();
  writer.bytes(Uint8Array.of(1, 2, 3));
  expect([...writer.view(1)]).toEqual([2, 3]);
});
