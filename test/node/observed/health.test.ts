import { expect, onTestFinished, test } from "vitest";
import { HealthMeter } from "../../../src/node/observed/health.ts";
import { Runtime } from "../../../src/process/runtime.ts";
import { ManualClock } from "../../support/manual-clock.ts";

test("HealthMeter tells how late the event loop was, once a second and to all who ask then", async () => {
  const clock = new ManualClock();
  const runtime = new Runtime({ name: "a@localhost", clock, log: () => undefined });
  onTestFinished(() => runtime.stop());
  const meter = new HealthMeter(runtime);
  onTestFinished(() => meter.stop());
  expect(meter.look().delay).toEqual({ median: 0, most: 0 });
  // Delays are noticed by a timer of the program's own, from one time that it runs to the next.
  for (let blocks = 0; blocks < 4; blocks++) {
    const until = performance.now() + 60;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(meter.look().delay.most).toBe(0);
  clock.advance(1000);
  const late = meter.look();
  expect(late.delay.most).toBeGreaterThan(0);
  expect(late.delay.most).toBeGreaterThanOrEqual(late.delay.median);
  expect(meter.look().delay).toBe(late.delay);
  expect(late.heapLimit).toBeGreaterThan(late.arrayBuffers);
});
