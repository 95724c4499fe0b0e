import { describe, expect, test } from "vitest";
import { pidOf } from "../../src/term/pid.ts";
import { estimateSize } from "../../src/term/size.ts";

/** Within a quarter of what is expected. */
const about = (value: unknown, bytes: number): void => {
  const size = estimateSize(value);
  expect(size).toBeGreaterThan(bytes * 0.75);
  expect(size).toBeLessThan(bytes * 1.25);
};

describe("estimateSize()", () => {
  test("is nothing for what stands in its place, and the length of a text", () => {
    expect([1, true, null, undefined, pidOf("a@b", 1, 0, 1)].map((value) => estimateSize(value))).toEqual(
      Array(5).fill(0),
    );
    about("x".repeat(1000), 1000);
  });

  test("grows with what is held: items, entries, properties, bytes", () => {
    about(new Uint8Array(100_000), 100_000);
    about(new ArrayBuffer(100_000), 100_000);
    about(
      Array.from({ length: 1000 }, (_, n) => `${String(n).padStart(4)}${"x".repeat(96)}`),
      1000 * 124,
    );
    about(new Map(Array.from({ length: 1000 }, (_, n) => [n, "x".repeat(100)])), 1000 * 148);
    about(new Set(Array.from({ length: 1000 }, (_, n) => `${String(n)}${"x".repeat(100)}`)), 1000 * 150);
    about(Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${String(n)}`, "x".repeat(100)])), 1000 * 124);
  });

  test("counts once what is held twice, and comes to an end in a ring", () => {
    const held = { text: "x".repeat(1000) };
    about([held, held], 1100);
    const ring: unknown[] = ["x".repeat(1000)];
    ring.push(ring);
    about(ring, 1050);
  });

  test("looks at no more than it is told", () => {
    let looked = 0;
    const watched = () =>
      Object.defineProperty({}, "a", {
        enumerable: true,
        get: () => {
          looked++;
          return 1;
        },
      });
    const wide = (depth: number): unknown =>
      depth === 0 ? watched() : Array.from({ length: 30 }, () => wide(depth - 1));
    expect(estimateSize(wide(3), 100)).toBeGreaterThan(0);
    expect(looked).toBe(0);
  });

  test("runs no code: neither a getter nor a proxy's trap", () => {
    const trap = (): never => {
      throw new Error("it was run");
    };
    const proxy = new Proxy({}, { get: trap, ownKeys: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap });
    const fake = Object.defineProperty(new Map(), "size", { get: trap });
    expect(
      estimateSize([
        proxy,
        fake,
        {
          get a() {
            return trap();
          },
        },
      ]),
    ).toBeGreaterThan(0);
  });
});
