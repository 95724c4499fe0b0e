import { expect, test } from "vitest";
import { Burst } from "../../../src/otp/logger/burst.ts";
import { ManualClock } from "../../support/manual-clock.ts";

test("LOGGER-016: lets so many through in a second, and tells of the rest when it is over", () => {
  const clock = new ManualClock();
  const told: number[] = [];
  const burst = new Burst(
    clock,
    () => 3,
    (count) => told.push(count),
  );
  const passed = (count: number): number => Array.from({ length: count }, () => burst.pass()).filter(Boolean).length;
  expect(passed(10)).toBe(3);
  clock.advance(999);
  expect([passed(1), told]).toEqual([0, []]);
  clock.advance(1);
  expect(told).toEqual([8]);
  expect(passed(2)).toBe(2);
  clock.advance(5_000);
  expect(told).toEqual([8]);
});

test("what was dropped is told at once when it stops, and nothing later", () => {
  const clock = new ManualClock();
  const told: number[] = [];
  const burst = new Burst(
    clock,
    () => 0,
    (count) => told.push(count),
  );
  burst.pass();
  burst.stop();
  clock.advance(5_000);
  burst.stop();
  expect(told).toEqual([1]);
});
