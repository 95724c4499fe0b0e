import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atom } from "../../src/term/atom.ts";
import { decodeTerm, encodeTerm } from "../../src/term/codec.ts";
import type { TermContext } from "../../src/term/codec.ts";
import { hasCode } from "../../src/term/error.ts";
import { Pid, pidOf } from "../../src/term/pid.ts";
import { Reader } from "../../src/term/reader.ts";
import { refOf } from "../../src/term/ref.ts";
import { tuple } from "../../src/term/tuple.ts";
import { Writer } from "../../src/term/writer.ts";

type Fake = (() => string) & { captures: Record<string, unknown> };
const Kate = { sayName() {} };
const shared = {
  functions: {
    encode: (fn: Function) => ({ source: "f", captures: (fn as Fake).captures }),
    decode: (source: string, captures: Record<string, unknown>) => Object.assign(() => source, { captures }),
  },
  modules: {
    nameOf: (value: object) => (value === Kate ? "Kate" : undefined),
    resolve: (name: string) => ({ module: name }),
  },
};
const alex: TermContext = {
  localNode: "alex@localhost",
  localCreation: 1,
  peerNode: "kate@localhost",
  peerCreation: 2,
  ...shared,
};
const kate: TermContext = {
  localNode: "kate@localhost",
  localCreation: 2,
  peerNode: "alex@localhost",
  peerCreation: 1,
  ...shared,
};

function encoded(value: unknown, ctx = alex): Buffer {
  const writer = new Writer(16);
  encodeTerm(value, writer, ctx);
  return Buffer.from(writer.view());
}

function trip(value: unknown): any {
  const reader = new Reader(encoded(value));
  const arrived = decodeTerm(reader, kate);
  expect(reader.remaining).toBe(0);
  return arrived;
}

/** Decodes, and says whether the bytes were refused; any other throw is a failure. */
function refused(bytes: Uint8Array): boolean {
  try {
    decodeTerm(new Reader(bytes), kate);
    return false;
  } catch (error) {
    if (!hasCode(error, "bad_frame")) throw error;
    return true;
  }
}

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withTypedArray: true,
  withSparseArray: true,
  withBoxedValues: true,
  stringUnit: "binary",
} as fc.ObjectConstraints);

describe("encodeTerm() and decodeTerm()", () => {
  test("DIST-046: any structured-clone value comes back equal", () => {
    fc.assert(
      fc.property(anything, (value) => void expect(trip(value)).toStrictEqual(value)),
      { numRuns: 200 },
    );
  }, 60_000);

  test("DIST-046: numbers, texts and built-in objects at their edges", () => {
    const values = [
      -0,
      NaN,
      Infinity,
      63,
      64,
      -1,
      2 ** 31,
      -(2 ** 31),
      2 ** 53,
      1.5,
      0n,
      -(2n ** 200n),
      "",
      "x".repeat(32),
      "x".repeat(300),
      "é".repeat(90),
    ];
    const objects = [
      new Date(NaN),
      /a+/giu,
      Buffer.from("hi"),
      new DataView(new ArrayBuffer(8), 2, 4),
      [1, , 3],
      new Array(3),
      "ab".match(/b/),
    ];
    for (const value of [...values, ...objects]) expect(trip(value)).toStrictEqual(value);
    expect(Object.is(trip(-0), -0)).toBe(true);
    expect(1 in trip([1, , 3])).toBe(false);
  });

  test("DIST-046: pids and references are the same objects again", () => {
    const own = new Pid("alex@localhost", 73, 0, 1);
    const pids = [
      own,
      pidOf("alex@localhost", 5, 9, 1),
      pidOf("kate@localhost", 329, 0, 2),
      pidOf("kate@localhost", 4, 0, 3),
      pidOf("bar@localhost", 4_294_967_295, 7, 9),
    ];
    const refs = [
      refOf("alex@localhost", 1, 2 ** 52),
      refOf("kate@localhost", 2, 1),
      refOf("bar@localhost", 3, 4, [5, 6]),
    ];
    const arrived = trip([...pids, ...refs]) as unknown[];
    for (const [i, one] of [...pids, ...refs].entries()) expect(arrived[i]).toBe(one);
  });

  test("B9: cycles and shared references stay as they are", () => {
    const node: any = { list: [], map: new Map() };
    node.self = node;
    node.list.push(node.list, node);
    node.map.set(node, new Set([node]));
    const many = Array.from({ length: 40 }, (_, i) => ({ i }));
    const arrived = trip([node, node, many, [...many]]);
    expect(arrived[0]).toBe(arrived[1]);
    expect(arrived[0].self).toBe(arrived[0]);
    expect(arrived[0].list[0]).toBe(arrived[0].list);
    expect([...arrived[0].map.get(arrived[0])]).toEqual([arrived[0]]);
    for (let i = 0; i < 40; i++) expect(arrived[2][i]).toBe(arrived[3][i]);
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const views = trip([bytes, bytes.subarray(1, 3)]) as Uint8Array[];
    expect(views[0]!.buffer).toBe(views[1]!.buffer);
  });

  test("functions cross by source with captures that may hold themselves; modules by name", () => {
    const captures: Record<string, unknown> = {};
    const f = Object.assign(() => "", { captures });
    captures["f"] = f;
    const arrived = trip(f);
    expect(arrived.captures.f).toBe(arrived);
    expect(trip([Kate])).toEqual([{ module: "Kate" }]);
  });

  test("atoms and tuples turn into strings and arrays", () => {
    const arrived = trip(tuple(atom("ok"), 1));
    expect(arrived).toStrictEqual(["ok", 1]);
  });

  test("an error arrives with its class, fields and cause, and its stack says once where it was thrown", () => {
    const error = Object.assign(new RangeError("far", { cause: new AggregateError([1], "many") }), { code: "x" });
    const arrived = trip(error);
    expect(arrived).toBeInstanceOf(RangeError);
    expect([arrived.message, arrived.code, arrived.cause.errors]).toEqual(["far", "x", [1]]);
    expect(arrived.stack).toMatch(/^RangeError: far\n {4}on alex@localhost\n/);
    expect(trip(arrived).stack).toBe(arrived.stack);
  });

  test.each([
    [
      [1, { socket: new (class Socket {})() }],
      /^message\[1\]\.socket is a Socket.*which can't be sent to kate@localhost/,
    ],
    [new Map([["a", Symbol("s")]]), /^message\.get\("a"\) is a symbol/],
    [
      {
        get bad() {
          throw new Error("no");
        },
      },
      /^message\.bad could not be read: no$/,
    ],
    [
      Object.assign(() => "", { captures: { s: [Symbol("s")] } }),
      /^s\[0\], captured by the function message, is a symbol/,
    ],
    [[Promise.resolve()], /^message\[0\] is a Promise.*await it first$/],
  ])("V6: what cannot cross is refused with its path, and nothing is written", (value, message) => {
    const writer = new Writer();
    writer.u8(7);
    expect(() => encodeTerm(value, writer, alex)).toThrow(message);
    expect(writer.pos).toBe(1);
  });

  test("V6: more than maxBytes is refused, and nothing is written", () => {
    const writer = new Writer();
    expect(() => encodeTerm(["x".repeat(2000)], writer, { ...alex, maxBytes: 1000 })).toThrow(/larger than 1000 bytes/);
    expect(writer.pos).toBe(0);
  });

  test("B9: nesting of 9,999 levels is intact, of a million refused with an abbreviated path", () => {
    let deep: any = [];
    for (let i = 0; i < 9_998; i++) deep = i % 2 === 0 ? [deep] : { d: deep };
    let levels = 0;
    for (let at = trip(deep); at !== undefined; at = Array.isArray(at) ? at[0] : at.d) levels++;
    expect(levels).toBe(9_999);
    for (let i = 0; i < 1_000_000; i++) deep = [deep];
    expect(() => encoded(deep)).toThrow(/^message…\[0\].*…/);
  }, 60_000);

  test("V2, B10: keys of Object.prototype arrive as own data", () => {
    const text = '{"__proto__":{"evil":1},"constructor":2,"toString":3,"prototype":4}';
    for (let i = 0; i < 40; i++) {
      const arrived = trip([JSON.parse(text), JSON.parse(text)])[1];
      expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
      expect(JSON.stringify(arrived)).toBe(text);
    }
    expect(({} as { evil?: unknown }).evil).toBeUndefined();
  });

  test("B12: lone surrogates arrive unchanged, invalid UTF-8 is refused", () => {
    expect(trip("\ud800é\udc00")).toBe("\ud800é\udc00");
    expect(trip("\ufffd")).toBe("\ufffd");
    expect(refused(Buffer.from([0x88, 2, 0xc3, 0x28]))).toBe(true);
    expect(refused(Buffer.from([0x41, 0xff]))).toBe(true);
  });

  test("V2, B10: so do those of an object with more keys than a shape has", () => {
    const others = Array.from({ length: 40 }, (_, i) => [`k${String(i)}`, i]);
    const text = JSON.stringify({ ...Object.fromEntries(others) }).replace("{", '{"__proto__":{"evil":1},');
    const arrived = trip(JSON.parse(text));
    expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
    expect(Object.hasOwn(arrived as object, "__proto__")).toBe(true);
    expect(JSON.stringify(arrived)).toBe(text);
  });

  test("V1, B8: an encoding that is cut anywhere is refused", () => {
    const bytes = encoded([
      { a: 1, b: "text" },
      new Map([[1, new Set(["x"])]]),
      new Error("x"),
      new Uint8Array(9),
      2n ** 70n,
      [pidOf("a@b", 1, 2, 3)],
    ]);
    for (let end = 0; end < bytes.length; end++) expect(refused(bytes.subarray(0, end))).toBe(true);
  });

  test("V1, B8: random and mutated bytes give a value or bad_frame", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void refused(bytes)),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(anything, fc.nat(), fc.nat(255), (value, at, byte) => {
        const bytes = encoded(value);
        bytes[at % bytes.length] = byte;
        refused(bytes);
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  test("V1: what is nested deeper than it may be is refused for that, and no stack overflows", () => {
    expect(() => decodeTerm(new Reader(Buffer.from([...new Array<number>(300).fill(0x61), 0x60])), kate)).toThrow(
      "nested too deeply",
    );
  });

  test("V1: nested counts cannot promise more than the bytes there are", () => {
    const level = [0x90, 0xff, 0x7f];
    const nested = [...Array.from({ length: 150 }, () => level).flat(), ...new Array<number>(16_383).fill(0x80)];
    // By the count, before room is made for it, and not only once the bytes have run out.
    expect(() => decodeTerm(new Reader(Buffer.from(nested)), kate)).toThrow("A count is beyond the end of the frame");
    expect(() => decodeTerm(new Reader(Buffer.from([0x90, 0xff, 0x7f])), kate)).toThrow(
      "A count is beyond the end of the frame",
    );
    expect(refused(Buffer.from([0x89, 0xff, 0xff, 0xff, 0xff]))).toBe(true);
    expect(refused(Buffer.alloc(1000, 0x61))).toBe(true);
  });
});
