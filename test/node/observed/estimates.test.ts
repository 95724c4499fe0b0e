import { beforeEach, describe, expect, test } from "vitest";
import { Estimates, LOOKS } from "../../../src/node/observed/estimates.ts";
import type { Process } from "../../../src/process/process.ts";
import { Runtime } from "../../../src/process/runtime.ts";
import { ManualClock } from "../../support/manual-clock.ts";

let runtime: Runtime;
let estimates: Estimates;

beforeEach(() => {
  runtime = new Runtime({ name: "a@localhost", clock: new ManualClock(), log: () => undefined });
  estimates = new Estimates();
});

/** A process whose state is asked for by what counts how often it was. */
function server(): { readonly process: Process; state: string; looks: number } {
  const process = runtime.spawn(() => new Promise(() => undefined));
  const held = { process, state: "", looks: 0 };
  process.server = {
    ...process.server,
    getState: () => {
      held.looks++;
      return held.state;
    },
  } as NonNullable<Process["server"]>;
  return held;
}

describe("of()", () => {
  test("looks at one that had no message once in so many looks, and then knows", () => {
    const held = server();
    const before = estimates.of(held.process);
    held.state = "x".repeat(10_000);
    const seen: number[] = [];
    for (let look = 0; look < LOOKS; look++) {
      estimates.look();
      seen.push(estimates.of(held.process));
    }
    expect(held.looks).toBe(2);
    expect(Math.max(...seen)).toBeGreaterThan(before + 9000);
  });

  test("looks again at one that had a message, whether it waits or was handled", () => {
    let held = server();
    // One whose turn the next look is not.
    while (held.process.pid.id % LOOKS === 1) held = server();
    estimates.of(held.process);
    estimates.look();
    estimates.of(held.process);
    expect(held.looks).toBe(1);
    runtime.deliver(held.process, "x".repeat(10_000));
    const full = estimates.of(held.process);
    expect(held.looks).toBe(2);
    held.process.mailbox.shift();
    expect(estimates.of(held.process)).toBeLessThan(full);
    expect(held.looks).toBe(3);
  });
});
