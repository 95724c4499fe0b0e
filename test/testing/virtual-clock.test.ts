import { describe, expect, test } from "vitest";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";

describe("VirtualClock", () => {
  test("fires timers in the order of their times, those of one time in the order they were set", async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    for (const [name, ms] of [
      ["c", 20],
      ["a", 10],
      ["b", 10],
    ] as const) {
      clock.setTimeout(() => fired.push(`${name} ${String(clock.now())}`), ms);
    }
    clock.clearTimeout(clock.setTimeout(() => fired.push("cleared"), 15));
    expect(clock.setTimeout(() => fired.push("never"), Infinity)).toBeUndefined();
    await clock.advance(15);
    expect([fired, clock.now(), clock.pending]).toEqual([["a 10", "b 10"], 15, 1]);
    await clock.advance(5);
    expect(fired.at(-1)).toBe("c 20");
  });

  test("lets what needs no time happen first, whatever follows from it", async () => {
    const clock = new VirtualClock();
    let turns = 0;
    const again = (): void => {
      if (++turns < 10) clock.setImmediate(() => void Promise.resolve().then(again));
    };
    again();
    await clock.settle();
    expect([turns, clock.now()]).toEqual([10, 0]);
  });

  test("is driven until a promise is settled, and no further", async () => {
    const clock = new VirtualClock();
    clock.setTimeout(() => undefined, 100);
    const value = new Promise((resolve) => clock.setTimeout(() => resolve("value"), 50));
    expect([await clock.drive(value), clock.now(), clock.pending]).toEqual(["value", 50, 1]);
    await expect(clock.drive(Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
  });

  test("says so when nothing is left that could happen, or it takes too long", async () => {
    const clock = new VirtualClock();
    const never = new Promise(() => undefined);
    await expect(clock.drive(never)).rejects.toThrow("Nothing is left that could happen");
    const tick = (): void => void clock.setTimeout(tick, 10);
    tick();
    await expect(clock.drive(never, 100)).rejects.toThrow("still waits after 100 ms");
  });

  test("what is driven may let time pass itself", async () => {
    const clock = new VirtualClock();
    const inner = async (): Promise<number> => {
      await clock.settle();
      await clock.advance(30);
      await clock.drive(new Promise<void>((resolve) => clock.setTimeout(resolve, 10)));
      return clock.now();
    };
    expect(await clock.drive(inner())).toBe(40);
  });
});
