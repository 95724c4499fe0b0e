import { describe, expect, test } from "vitest";
import { FIRST, Frame, LAST, MAX_SEQUENCES, Unpacker } from "../../../src/node/wire/frame.ts";

function fragment(sequence: number, flags: number, ...bytes: number[]): Uint8Array {
  const frame = Buffer.alloc(6 + bytes.length);
  frame[0] = Frame.FRAGMENT;
  frame.writeUInt32LE(sequence, 1);
  frame[5] = flags;
  frame.set(bytes, 6);
  return frame;
}

const bad = expect.objectContaining({ code: "bad_frame" });

describe("Unpacker", () => {
  test("puts interleaved sequences together", () => {
    const unpacker = new Unpacker(100);
    expect(unpacker.add(fragment(1, FIRST, 1))).toBeUndefined();
    expect(unpacker.add(fragment(0xffff_ffff, FIRST, 7))).toBeUndefined();
    expect(unpacker.add(fragment(1, 0, 2))).toBeUndefined();
    expect([...unpacker.add(fragment(0xffff_ffff, LAST, 8))!]).toEqual([7, 8]);
    expect([...unpacker.add(fragment(1, LAST, 3))!]).toEqual([1, 2, 3]);
    expect([...unpacker.add(fragment(1, FIRST | LAST, 9))!]).toEqual([9]);
    expect(unpacker.incomplete).toBe(0);
  });

  test.each([
    ["without a beginning", [fragment(1, 0, 1)]],
    ["that begin twice", [fragment(1, FIRST, 1), fragment(1, FIRST, 1)]],
    ["with unknown flags", [fragment(1, 4, 1)]],
    ["without bytes", [fragment(1, FIRST)]],
  ])("refuses fragments %s", (_, frames) => {
    const unpacker = new Unpacker(100);
    for (const frame of frames.slice(0, -1)) unpacker.add(frame);
    expect(() => unpacker.add(frames.at(-1)!)).toThrow(bad);
  });

  test("takes as much memory as came, twice at most, and gives what was sent", () => {
    const unpacker = new Unpacker(10_000_000);
    const pieces = Array.from({ length: 50 }, (_, i) => new Uint8Array(1_000 + i * 37).fill(i));
    let whole: Uint8Array | undefined;
    for (const [i, piece] of pieces.entries()) {
      const flags = (i === 0 ? FIRST : 0) | (i === pieces.length - 1 ? LAST : 0);
      whole = unpacker.add(fragment(5, flags, ...piece));
    }
    const all = Buffer.concat(pieces);
    expect(all.equals(whole!)).toBe(true);
    expect(whole!.buffer.byteLength).toBeLessThanOrEqual(2 * all.length);
  });

  test("bounds the sequences and the bytes of each", () => {
    const many = new Unpacker(100);
    for (let i = 0; i < MAX_SEQUENCES; i++) many.add(fragment(i, FIRST, 1));
    expect(() => many.add(fragment(MAX_SEQUENCES, FIRST, 1))).toThrow(bad);

    const long = new Unpacker(100);
    long.add(fragment(0, FIRST, ...new Uint8Array(64 * 1024)));
    long.add(fragment(0, 0, ...new Uint8Array(100)));
    expect(() => long.add(fragment(0, 0, 1))).toThrow(bad);
  });
});
