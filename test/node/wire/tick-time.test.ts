import { describe, expect, test } from "vitest";
import { TickTime } from "../../../src/node/wire/tick-time.ts";
import { TestClock } from "../../support/wire.ts";

describe("TickTime.change()", () => {
  test("ticks as often as the shorter time asks for and bears what the longer does, until the transition is over", async () => {
    for (const [from, to] of [
      [60_000, 8_000],
      [8_000, 60_000],
    ] as const) {
      const clock = new TestClock();
      const time = new TickTime(clock, from);
      expect([time.interval, time.most]).toEqual([from / 4, 4]);
      expect(time.change(to, 30_000)).toBe("change_initiated");
      expect([time.interval, time.most]).toEqual([2_000, 30]);
      await clock.advance(29_999);
      expect([time.state, time.interval]).toEqual([["ongoing_change_to", to], 2_000]);
      await clock.advance(1);
      expect([time.state, time.interval, time.most]).toEqual([to, to / 4, 4]);
    }
  });

  test("changes nothing while a change goes on, nor to what it is", async () => {
    const clock = new TestClock();
    const time = new TickTime(clock, 8_000);
    expect(time.change(8_000, 0)).toBe("unchanged");
    time.change(4_000, 1_000);
    expect(time.change(2_000, 1_000)).toEqual(["ongoing_change_to", 4_000]);
    await clock.advance(1_000);
    expect(time.state).toBe(4_000);
    expect(clock.timers).toBe(0);
  });

  test("tells who ticks, at its beginning and at its end", async () => {
    const clock = new TestClock();
    const time = new TickTime(clock, 8_000);
    const seen: number[] = [];
    const end = time.subscribe(() => seen.push(time.interval));
    time.change(16_000, 1_000);
    await clock.advance(1_000);
    end();
    time.change(4_000, 1_000);
    expect(seen).toEqual([2_000, 4_000]);
    time.stop();
    expect(clock.timers).toBe(0);
  });
});
