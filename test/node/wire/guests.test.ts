import { describe, expect, test } from "vitest";
import { Guests } from "../../../src/node/wire/guests.ts";
import { Stage } from "../../../src/node/wire/handshake-limits.ts";
import type { Channel } from "../../../src/node/wire/transport.ts";
import { TestClock } from "../../support/wire.ts";

const channel = (): Channel => ({}) as Channel;

describe("Guests", () => {
  test("H5: has one deadline from accept on, which nothing extends", async () => {
    const clock = new TestClock();
    const guests = new Guests(clock, 7_000);
    const cut: string[] = [];
    guests.accepted(() => cut.push("silent"));
    const busy = channel();
    guests.accepted(() => cut.push("busy")).upgraded(busy);
    await clock.advance(6_000);
    guests.advance(busy, Stage.greeted);
    await clock.advance(999);
    expect(cut).toEqual([]);
    await clock.advance(1);
    expect(cut).toEqual(["silent", "busy"]);
    expect(guests.size).toBe(0);
  });

  test("H6: cuts the one that has come least far, the oldest first", () => {
    const guests = new Guests(new TestClock(), 7_000, 3);
    const cut: string[] = [];
    const far = channel();
    guests.accepted(() => cut.push("greeted")).upgraded(far);
    guests.advance(far, Stage.greeted);
    for (const name of ["one", "two", "three", "four"]) guests.accepted(() => cut.push(name));
    expect(cut).toEqual(["one", "two"]);
    guests.accepted(() => cut.push("five"));
    expect(cut).toEqual(["one", "two", "three"]);
    expect(guests.size).toBe(3);
  });

  test("forgets who is proven or gone, and leaves no timer", () => {
    const clock = new TestClock();
    const guests = new Guests(clock, 7_000);
    const proven = channel();
    const cut: string[] = [];
    guests.accepted(() => cut.push("proven")).upgraded(proven);
    guests.accepted(() => cut.push("gone")).closed();
    guests.done(proven);
    guests.clear();
    expect(cut).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  test("cuts all when the node stops", () => {
    const guests = new Guests(new TestClock(), 7_000);
    let cut = 0;
    for (let i = 0; i < 5; i++) guests.accepted(() => cut++);
    guests.clear();
    expect(cut).toBe(5);
    expect(guests.size).toBe(0);
  });
});
