import { expect, test } from "vitest";
import { Allowance } from "../../../src/node/trace/allowance.ts";

test("lets a burst of two seconds through, then so many a second, and counts the rest", () => {
  let now = 0;
  const allowance = new Allowance(10, () => now);
  const taken = (): number => Array.from({ length: 1000 }, () => allowance.take()).filter(Boolean).length;
  expect(taken()).toBe(20);
  expect(allowance.hasMissed).toBe(true);
  expect(allowance.takeMissed()).toBe(980);
  expect(allowance.hasMissed).toBe(false);
  now += 1000;
  expect(taken()).toBe(10);
  now += 3_600_000;
  expect(taken()).toBe(20);
  allowance.miss();
  expect(allowance.takeMissed()).toBe(990 + 980 + 1);
});
