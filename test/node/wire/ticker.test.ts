import { expect, test } from "vitest";
import { Ticker } from "../../../src/node/wire/ticker.ts";
import { TickTime } from "../../../src/node/wire/tick-time.ts";
import { TestClock } from "../../support/wire.ts";

function ticking(netTicktime: number) {
  const clock = new TestClock();
  const time = new TickTime(clock, netTicktime);
  const seen: string[] = [];
  const note = (what: string): void => void seen.push(`${what} ${String(clock.now())}`);
  const ticker = new Ticker(time, clock, { tick: () => note("tick"), gone: () => note("gone") });
  return { clock, time, ticker, seen };
}

test("ticks where nothing was sent, and takes a peer for gone after four silent ticks", async () => {
  const { clock, ticker, seen } = ticking(8_000);
  await clock.advance(2_000);
  ticker.sent = ticker.heard = true;
  await clock.advance(2_000);
  await clock.advance(8_000);
  expect(seen).toEqual(["tick 2000", "tick 6000", "tick 8000", "tick 10000", "gone 12000"]);
  ticker.stop();
  expect(clock.timers).toBe(0);
});

test("keeps the silence so far when the interval changes", async () => {
  const { clock, time, ticker, seen } = ticking(8_000);
  ticker.sent = true;
  await clock.advance(4_000);
  time.change(4_000, 60_000);
  await clock.advance(4_000);
  expect(seen.at(-1)).toBe("gone 8000");
  expect(seen.filter((what) => what.startsWith("tick"))).toEqual(["tick 4000", "tick 5000", "tick 6000", "tick 7000"]);
  ticker.stop();
  time.stop();
});
