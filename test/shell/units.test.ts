import { describe, expect, test } from "vitest";
import { bytes, duration, short, since, sparkline, trip } from "../../src/shell/units.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 KiB"],
  [1536, "1.5 KiB"],
  [20 * 2 ** 20, "20 MiB"],
  [1020 * 2 ** 20, "1.0 GiB"],
])("bytes(%d) is %s", (count, text) => {
  expect(bytes(count)).toBe(text);
});

test.each([
  [0, "0"],
  [9999, "9999"],
  [10_000, "10k"],
  [99_960, "100k"],
  [3_400_000, "3400k"],
  [34_000_000, "34M"],
])("short(%d) is %s", (count, text) => {
  expect(short(count)).toBe(text);
});

test.each([
  [900, "0 s"],
  [60_000, "1 min"],
  [61_000, "1 min 1 s"],
  [7_380_000, "2 h 3 min"],
  [90_000_000, "1 d 1 h"],
])("since(%d) is %s", (ms, text) => {
  expect(since(ms)).toBe(text);
});

test.each([
  [0.42, "0.42 ms"],
  [1.26, "1.3 ms"],
  [12.4, "12 ms"],
  [1234, "1.2 s"],
])("trip(%d) is %s", (ms, text) => {
  expect(trip(ms)).toBe(text);
});

describe("sparkline()", () => {
  test("shows the latest values, the highest as the highest bar", () => {
    expect(sparkline([9, 0, 1, 4, 8], 4)).toBe("▁▂▅█");
  });

  test("is flat where there is nothing, and as wide as asked for", () => {
    expect(sparkline([0, 0], 4)).toBe("  ▁▁");
  });
});

test.each([
  [0, "0.000 µs"],
  [0.00005, "0.050 µs"],
  [0.00123, "1.23 µs"],
  [0.0999, "99.9 µs"],
  [0.9999, "1.00 ms"],
  [12.34, "12.3 ms"],
  [999, "999 ms"],
  [61_000, "61.0 s"],
])("%d milliseconds last %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
