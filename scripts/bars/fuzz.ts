/** Bytes that nobody sent: sound ones with something changed, and random ones. The same seed gives the same. */
import { decodeTerm, encodeTerm, type TermContext } from "../../src/term/codec.ts";
import { hasCode } from "../../src/term/error.ts";
import { pidOf } from "../../src/term/pid.ts";
import { Reader } from "../../src/term/reader.ts";
import { refOf } from "../../src/term/ref.ts";
import { Writer } from "../../src/term/writer.ts";

export type Random = () => number;

/** Mulberry32: numbers from 0 to 1. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A length of 4 GB and of 2 GB, the largest varint, and counts in between. */
const LENGTHS: readonly (readonly number[])[] = [
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0x03],
];

/** The bytes with one to four changes. */
export function mutated(bytes: Uint8Array, random: Random): Buffer {
  let out = Buffer.from(bytes);
  const at = (): number => Math.floor(random() * out.length);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0 && out.length > 0; changes--) {
    const place = at();
    switch (Math.floor(random() * 6)) {
      case 0:
        out[place] = out[place]! ^ (1 << Math.floor(random() * 8));
        break;
      case 1:
        out[place] = Math.floor(random() * 256);
        break;
      case 2:
        out.set(LENGTHS[Math.floor(random() * LENGTHS.length)]!.slice(0, out.length - place), place);
        break;
      case 3:
        out = out.subarray(0, place);
        break;
      case 4:
        out = Buffer.concat([out.subarray(0, place), out.subarray(at())]);
        break;
      default:
        out = Buffer.concat([out.subarray(0, place), Buffer.from([at(), at(), at()]), out.subarray(place)]);
    }
  }
  return out;
}

export function randomBytesOf(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

export const context: TermContext = {
  localNode: "here@localhost",
  localCreation: 1,
  peerNode: "there@localhost",
  peerCreation: 2,
  functions: {
    encode: () => ({ source: "() => 1", captures: {} }),
    decode: (source) => () => source,
  },
  modules: { nameOf: () => undefined, resolve: (name) => ({ name }) },
};

/** One value of every kind, small and larger ones. */
function values(): unknown[] {
  let deep: unknown = [];
  for (let i = 0; i < 1_000; i++) deep = [deep, { i }];
  const cyclic: Record<string, unknown> = { name: "cyclic" };
  cyclic["self"] = [cyclic, cyclic];
  const many = Array.from({ length: 2_000 }, (_, i) => ({ id: i, name: `name ${String(i)}`, tags: ["a", "b"] }));
  return [
    [1, -1, 1.5, 2 ** 40, -0, 12345678901234567890n, "text", "téxt", "x".repeat(300), "\ud800", null, undefined, true],
    { a: 1, b: [2, { c: 3 }], __proto__: null },
    new Map<unknown, unknown>([["k", new Set([1, "two"])]]),
    [new Date(0), /a+/giu, new Error("no", { cause: new RangeError("why") }), Object(1)],
    [new Uint8Array(100), new Float64Array(8), new ArrayBuffer(16), new DataView(new ArrayBuffer(8))],
    [pidOf("here@localhost", 5, 0, 1), pidOf("else@localhost", 5, 6, 7), refOf("there@localhost", 2, 9)],
    () => 1,
    [1, , 3],
    deep,
    cyclic,
    many,
    "x".repeat(50_000),
    "€".repeat(20_000),
    new Uint8Array(100_000),
  ];
}

export interface Decoded {
  readonly refused: number;
  /** Refused otherwise than with `bad_frame`. */
  readonly strange: number;
  /** How many times what an input may take it took at most, in bytes and in time. */
  readonly bytes: number;
  readonly time: number;
}

/** What decoding may take: memory in bytes, time in milliseconds. */
const bytesFor = (input: number): number => 64 * input + 1024 * 1024;
const timeFor = (input: number): number => 5 + input / 1_000;

/** What else the machine does, and a collection of garbage, make a measurement worse, never better. */
const REPEATS = 5;

/** Decodes fuzzed values, and looks at what each took. */
export function decodeFuzzed({ count, seed }: { readonly count: number; readonly seed: number }): Decoded {
  const random = randomOf(seed);
  const writer = new Writer();
  const sound = values().map((value) => {
    writer.reset();
    encodeTerm(value, writer, context);
    return Buffer.from(writer.view());
  });
  const worst = { bytes: 0, time: 0 };
  let refused = 0;
  let strange = 0;
  for (let i = 0; i < count; i++) {
    const base = sound[i % sound.length]!;
    const input = i % 10 === 0 ? randomBytesOf(Math.floor(random() * 200), random) : mutated(base, random);
    const took = { bytes: Infinity, time: Infinity };
    for (let tries = 0; tries < REPEATS; tries++) {
      const { heapUsed, external } = process.memoryUsage();
      const begun = performance.now();
      try {
        decodeTerm(new Reader(input), context);
      } catch (error) {
        if (tries === 0) refused++;
        if (tries === 0 && !hasCode(error, "bad_frame")) strange++;
      }
      took.time = Math.min(took.time, performance.now() - begun);
      const after = process.memoryUsage();
      const grown = after.heapUsed + after.external - heapUsed - external;
      // Garbage was collected meanwhile: it says nothing.
      if (grown >= 0) took.bytes = Math.min(took.bytes, grown);
      if (took.bytes <= bytesFor(input.length) && took.time <= timeFor(input.length)) break;
    }
    worst.bytes = Math.max(worst.bytes, took.bytes / bytesFor(input.length));
    worst.time = Math.max(worst.time, took.time / timeFor(input.length));
  }
  return { refused, strange, ...worst };
}
