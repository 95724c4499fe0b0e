import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/process/clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("systemClock", () => {
  test("PROC-061: a time beyond 2^32 ms neither fires early nor fails", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    let fired = 0;
    systemClock.setTimeout(() => fired++, 2 ** 32 + 5);
    await vi.advanceTimersByTimeAsync(2 ** 31);
    await vi.advanceTimersByTimeAsync(2 ** 31);
    expect(fired).toBe(0);
    await vi.advanceTimersByTimeAsync(5);
    expect(fired).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("Infinity never fires and holds nothing", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    systemClock.clearTimeout(systemClock.setTimeout(() => expect.fail("fired"), Infinity));
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a timer can be cleared, in a later stretch too", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const timer = systemClock.setTimeout(() => expect.fail("fired"), 2 ** 32);
    await vi.advanceTimersByTimeAsync(2 ** 31);
    systemClock.clearTimeout(timer);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a time in the past fires in the next turn, and time never goes back", async () => {
    const before = systemClock.now();
    await new Promise<void>((resolve) => systemClock.setTimeout(resolve, -5));
    await new Promise<void>((resolve) => systemClock.setImmediate(resolve));
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });
});
