import { expect, test } from "vitest";
import { Latencies } from "../../src/shell/latencies.ts";
import { Comparison, Measurement } from "../../src/shell/measurement.ts";
import { inspect } from "../../src/term/inspect.ts";

function measurement(
  times: readonly number[],
  errors: readonly (readonly [string, number])[],
  ms: number,
): Measurement {
  const latencies = new Latencies();
  for (const time of times) latencies.add(time);
  return new Measurement({ latencies, errors: new Map(errors), ms });
}

test("holds numbers: how many, how fast, and errors by code, the most frequent first", () => {
  const one = measurement(
    [1, 1, 4],
    [
      ["noproc", 1],
      ["timeout", 2],
    ],
    2000,
  );
  expect(one).toMatchObject({ calls: 6, callsPerSecond: 1.5, min: 1, max: 4, seconds: 2 });
  expect(one.median).toBeCloseTo(1, 2);
  expect(Object.entries(one.errors)).toEqual([
    ["timeout", 2],
    ["noproc", 1],
  ]);
});

test("is shown as a list with units", () => {
  expect(inspect(measurement([0.5, 0.5, 2000], [["timeout", 1234]], 100), { custom: true })).toBe(
    [
      "calls    1,237",
      "calls/s  30",
      "min      500 µs",
      "median   500 µs",
      "p95      2.00 s",
      "p99      2.00 s",
      "max      2.00 s",
      "errors   1,234 timeout",
    ].join("\n"),
  );
});

test("shows none where no call succeeded, and no more than four codes", () => {
  const codes = ["a", "b", "c", "d", "e", "f"].map((code, i) => [code, 10 - i] as const);
  const text = inspect(measurement([], codes, 10), { custom: true });
  expect(text).toContain("\nmedian   -\n");
  expect(text).toContain("errors   10 a, 9 b, 8 c, 7 d, 11 others");
});

test("several stand side by side, with how much slower each is than the fastest", () => {
  const all = new Comparison({
    fast: measurement([1, 1], [], 100),
    slow: measurement([10], [], 100),
    none: measurement([], [["x", 1]], 100),
  });
  const lines = inspect(all, { custom: true }).split("\n");
  expect(lines[0]).toBe("           fast     slow     none");
  expect(lines.at(-1)).toBe("slower by  -        2 times  no call succeeded");
});
