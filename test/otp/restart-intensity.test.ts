import { expect, test } from "vitest";
import { RestartIntensity } from "../../src/otp/restart-intensity.ts";

test("so many within the period are allowed, one more is not", () => {
  const intensity = new RestartIntensity(2, 1);
  expect([0, 500, 1000].map((now) => intensity.add(now))).toEqual([true, true, false]);
});

test("those older than the period count no more", () => {
  const intensity = new RestartIntensity(1, 1);
  expect([0, 1001, 2002, 2003].map((now) => intensity.add(now))).toEqual([true, true, true, false]);
});

test("none may be allowed, and any number", () => {
  expect(new RestartIntensity(0, 1).add(0)).toBe(false);
  const endless = new RestartIntensity(Infinity, 1);
  expect([0, 0, 0].every((now) => endless.add(now))).toBe(true);
});
