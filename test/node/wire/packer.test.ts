import { describe, expect, test } from "vitest";
import { Frame, LARGE_SIGNAL, MAX_SEQUENCES, Unpacker } from "../../../src/node/wire/frame.ts";
import { AFTER_ALL, Packer } from "../../../src/node/wire/packer.ts";
import { HEADROOM, MAX_FRAME_BYTES } from "../../../src/node/wire/transport.ts";

/** Queues a signal of `size` bytes that begins with its number. */
function put(packer: Packer, key: unknown, number: number, size = 4): void {
  const writer = packer.begin();
  writer.u32(number);
  writer.bytes(new Uint8Array(size - 4).fill(number));
  packer.commit(key);
}

function takeAll(packer: Packer): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let frame = packer.next(); frame !== undefined; frame = packer.next()) frames.push(frame);
  return frames;
}

/** The signals in the frames: number and size, in the order a receiver gets them. */
function read(frames: readonly Uint8Array[], unpacker = new Unpacker(1 << 30)): [number, number][] {
  return frames.flatMap((frame) => {
    expect(frame.length).toBeLessThanOrEqual(MAX_FRAME_BYTES);
    const bytes = Buffer.from(frame);
    if (frame[0] === Frame.FRAGMENT) {
      const whole = unpacker.add(bytes);
      return whole === undefined ? [] : [[Buffer.from(whole).readUInt32LE(0), whole.length] as [number, number]];
    }
    const signals: [number, number][] = [];
    for (let pos = 1; pos < bytes.length;) {
      const size = bytes.readUInt16LE(pos);
      signals.push([bytes.readUInt32LE(pos + 2), size]);
      pos += 2 + size;
    }
    return signals;
  });
}

const numbers = (frames: readonly Uint8Array[]): number[] => read(frames).map(([number]) => number);

describe("Packer", () => {
  test("puts signals of one turn into one frame", () => {
    const packer = new Packer();
    for (let i = 0; i < 100; i++) put(packer, i, i);
    const frames = takeAll(packer);
    expect(frames).toHaveLength(1);
    expect(numbers(frames)).toEqual([...new Array(100).keys()]);
    expect(packer.queuedBytes).toBe(0);
    expect(packer.next()).toBeUndefined();
  });

  test("keeps every signal whole and in order over frames and blocks", () => {
    const packer = new Packer();
    const frames: Uint8Array[] = [];
    const sizes = Array.from({ length: 5_000 }, (_, i) => 4 + ((i * 7919) % (i % 97 === 0 ? LARGE_SIGNAL - 4 : 300)));
    for (const [i, size] of sizes.entries()) {
      put(packer, "one", i, size);
      if (i % 1_000 === 999) frames.push(...takeAll(packer));
    }
    frames.push(...takeAll(packer));
    expect(read(frames)).toEqual(sizes.map((size, i) => [i, size]));
  });

  test("hands out full frames only when asked", () => {
    const packer = new Packer();
    put(packer, 1, 1);
    expect(packer.next(true)).toBeUndefined();
    for (let i = 2; i < 5; i++) put(packer, 1, i, 30_000);
    expect(numbers([packer.next(true)!])).toEqual([1, 2, 3]);
    expect(packer.next(true)).toBeUndefined();
    expect(numbers(takeAll(packer))).toEqual([4]);
  });

  test("forgets a signal that was undone, however much of it was written", () => {
    const packer = new Packer();
    packer.begin().bytes(new Uint8Array(1_000_000));
    packer.undo();
    expect(packer.next()).toBeUndefined();
    put(packer, 1, 1);
    packer.begin().bytes(new Uint8Array(10));
    packer.undo();
    put(packer, 1, 2);
    expect(numbers(takeAll(packer))).toEqual([1, 2]);
  });

  test("lets small signals of others pass a large one, and keeps the order of its own sender", () => {
    const packer = new Packer();
    put(packer, "a", 1);
    put(packer, "a", 2, 500_000);
    put(packer, "a", 3);
    put(packer, "b", 4);
    put(packer, "a", 5, 300_000);
    put(packer, "a", 6);
    put(packer, "b", 7);
    const order = numbers(takeAll(packer));
    expect(order.filter((n) => ![4, 7].includes(n))).toEqual([1, 2, 3, 5, 6]);
    expect(order.indexOf(4)).toBeLessThan(order.indexOf(2));
    expect(order.indexOf(7)).toBeLessThan(order.indexOf(2));
    expect(packer.queuedBytes).toBe(0);
  });

  test("never lets the end of a large signal pass what its sender sent before", () => {
    const packer = new Packer();
    for (let i = 0; i < 20; i++) put(packer, "a", i, 40_000);
    put(packer, "a", 20, 60_000);
    expect(numbers(takeAll(packer))).toEqual([...new Array(21).keys()]);
  });

  test("lets fragments take turns", () => {
    const packer = new Packer();
    put(packer, "a", 1, 1_000_000);
    put(packer, "b", 2, 100_000);
    expect(numbers(takeAll(packer))).toEqual([2, 1]);
  });

  test("sends what comes after all once every large signal is out", () => {
    const packer = new Packer();
    put(packer, "a", 1, 200_000);
    put(packer, "b", 2, 400_000);
    put(packer, AFTER_ALL, 3);
    put(packer, "c", 4);
    expect(numbers(takeAll(packer))).toEqual([4, 1, 2, 3]);
    put(packer, AFTER_ALL, 5);
    expect(numbers(takeAll(packer))).toEqual([5]);
  });

  test("has no more sequences under way than a receiver takes", () => {
    const packer = new Packer();
    const count = MAX_SEQUENCES + 20;
    for (let i = 0; i < count; i++) put(packer, i, i, 100_000);
    expect(numbers(takeAll(packer)).toSorted((a, b) => a - b)).toEqual([...new Array(count).keys()]);
  });

  test("gives back, at rest, the memory that one signal of some size has taken", () => {
    const packer = new Packer();
    put(packer, 1, 1, 20_000);
    takeAll(packer);
    packer.rest();
    put(packer, 1, 2);
    const [frame] = takeAll(packer);
    expect(frame?.buffer.byteLength).toBe(2 * 1024);
  });

  test("leaves room before each frame that no other frame is in", () => {
    const packer = new Packer();
    const frames: Uint8Array[] = [];
    for (let i = 0; i < 1_000; i++) put(packer, i % 7, i, i % 100 === 0 ? 150_000 : 5_000);
    for (const frame of takeAll(packer)) {
      expect(frame.byteOffset).toBeGreaterThanOrEqual(HEADROOM);
      frames.push(frame);
    }
    for (const frame of frames) new Uint8Array(frame.buffer, frame.byteOffset - HEADROOM, HEADROOM).fill(0xff);
    expect(numbers(frames).toSorted((a, b) => a - b)).toEqual([...new Array(1_000).keys()]);
  });

  test("writes where written frames were, and nowhere else", () => {
    const packer = new Packer();
    const got: [number, number][] = [];
    const sizes = Array.from(
      { length: 3_000 },
      (_, i) => 4 + ((i * 7919) % (i % 50 === 0 ? LARGE_SIGNAL - 4 : 20_000)),
    );
    const memory = new Set<ArrayBufferLike>();
    let held: Uint8Array[] = [];
    const unpacker = new Unpacker(1 << 30);
    for (const [i, size] of sizes.entries()) {
      put(packer, "one", i, size);
      // Some of them are looked at only when the channel would have written them.
      for (let frame = packer.next(i % 3 !== 0); frame !== undefined; frame = packer.next(i % 3 !== 0))
        held.push(frame);
      if (i % 40 !== 39) continue;
      for (const frame of held) memory.add(frame.buffer);
      got.push(...read(held, unpacker));
      held = [];
      packer.written();
    }
    got.push(...read([...held, ...takeAll(packer)], unpacker));
    expect(got).toEqual(sizes.map((size, i) => [i, size]));
    const blocks = [...memory].filter(({ byteLength }) => byteLength === 512 * 1024);
    expect(blocks.length).toBeLessThan(20);
  });

  test("gives back what is queued when it is abandoned, and leaves alone what it has handed out", () => {
    const packer = new Packer();
    const memory = new Set<ArrayBufferLike>();
    const begin = packer.begin.bind(packer);
    packer.begin = () => {
      const writer = begin();
      memory.add(writer.buf.buffer);
      return writer;
    };
    for (let i = 0; i < 2_000; i++) put(packer, i % 3, i, 5_000);
    put(packer, "large", 2_000, 1_000_000);
    const handed = packer.next()!;
    expect(packer.queuedBytes).toBeGreaterThan(10_000_000);
    packer.abandon();
    expect(packer.next()).toBeUndefined();
    expect(packer.queuedBytes).toBe(0);
    expect(handed.length).toBeGreaterThan(0);
    const left = [...memory].filter(({ byteLength }) => byteLength > 0);
    expect(left.length).toBeLessThan(memory.size / 2);
    put(packer, 1, 7);
    expect(numbers(takeAll(packer))).toEqual([7]);
  });

  test("leaves a signal that is being written alone when frames have been written", () => {
    const packer = new Packer();
    put(packer, 1, 1);
    takeAll(packer);
    const writer = packer.begin();
    writer.locked = true;
    writer.u32(2);
    packer.written();
    writer.locked = false;
    packer.commit(1);
    expect(numbers(takeAll(packer))).toEqual([2]);
  });

  test("never changes a frame it has handed out", () => {
    const packer = new Packer();
    const frames: Uint8Array[] = [];
    for (let i = 0; i < 20_000; i++) {
      put(packer, 1, i, 20);
      if (i % 10 === 0) frames.push(packer.next()!);
      if (i % 5_000 === 0) packer.rest();
    }
    frames.push(...takeAll(packer));
    expect(numbers(frames)).toEqual([...new Array(20_000).keys()]);
  });
});
