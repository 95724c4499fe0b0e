import { expect, test } from "vitest";
import { Latencies } from "../../src/shell/latencies.ts";

test("least and most are exact, quantiles right to half a per cent, over eight orders of magnitude", () => {
  for (const scale of [1e-4, 1, 1e4]) {
    const latencies = new Latencies();
    for (let i = 1000; i >= 1; i--) latencies.add(i * scale);
    expect([latencies.count, latencies.min, latencies.max]).toEqual([1000, scale, 1000 * scale]);
    for (const [share, wanted] of [
      [0.5, 500],
      [0.95, 950],
      [0.99, 990],
      [1, 1000],
    ] as const)
      expect(Math.abs((latencies.quantile(share) ?? 0) / (wanted * scale) - 1)).toBeLessThan(0.005);
  }
});

test("of one time every quantile is that time; of none there is none", () => {
  const latencies = new Latencies();
  expect([latencies.min, latencies.quantile(0.5), latencies.max]).toEqual([undefined, undefined, undefined]);
  latencies.add(7);
  expect([latencies.min, latencies.quantile(0.01), latencies.quantile(0.99), latencies.max]).toEqual([7, 7, 7, 7]);
});

test("takes a time that is nothing, or more than any", () => {
  const latencies = new Latencies();
  latencies.add(0);
  latencies.add(1e12);
  expect([latencies.min, latencies.max, latencies.quantile(0.5)]).toEqual([0, 1e12, expect.closeTo(0, 3)]);
});
