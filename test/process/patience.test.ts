import { describe, expect, test } from "vitest";
import { Patience } from "../../src/process/patience.ts";
import { VirtualClock } from "../../src/testing.ts";
import { ManualClock, settled } from "../support/manual-clock.ts";

describe("Patience", () => {
  test("is over when its time has passed, and says how much is left until then", async () => {
    const clock = new VirtualClock();
    let over = 0;
    const patience = new Patience(clock, 800, () => (over += 1));
    expect(patience.left).toBe(800);
    await clock.advance(799);
    expect([over, patience.left]).toEqual([0, 100]);
    await clock.advance(1);
    expect([over, patience.left]).toEqual([1, 0]);
    await clock.advance(10_000);
    expect(over).toBe(1);
  });

  test("time in which the program did not run counts as one slice, and what has arrived is read before the next", async () => {
    const clock = new ManualClock();
    let over = 0;
    using patience = new Patience(clock, 800, () => (over += 1));
    clock.advance(60_000);
    await settled();
    expect([over, patience.left]).toEqual([0, 700]);
  });

  test("disposed of, it holds no timer and is never over", async () => {
    const clock = new ManualClock();
    let over = 0;
    const patience = new Patience(clock, 800, () => (over += 1));
    patience[Symbol.dispose]();
    expect(clock.waiting).toBe(0);
    const ending = new Patience(clock, 800, () => (over += 1));
    clock.advance(100);
    ending[Symbol.dispose]();
    await settled();
    clock.advance(10_000);
    expect([over, clock.waiting, ending.left]).toEqual([0, 0, 0]);
  });
});
