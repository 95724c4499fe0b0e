import { describe, expect, test } from "vitest";
import { RefusalLog } from "../../../src/node/wire/refusal-log.ts";
import { TestClock } from "../../support/wire.ts";

describe("RefusalLog", () => {
  test("H7: says at most one line a second and address, with a count", async () => {
    const clock = new TestClock();
    const lines: string[] = [];
    const log = new RefusalLog(clock, (line) => lines.push(line));
    for (let i = 0; i < 50; i++) log.refused("10.0.0.1", "eve@host", "It has another cookie");
    log.refused("10.0.0.2", "eve@host", "It has another cookie");
    expect(lines).toHaveLength(2);
    await clock.advance(1_000);
    log.refused("10.0.0.1", "eve@host", "It has another cookie");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain("49 more");
  });

  test.each([
    ["give no name", undefined, 3],
    ["name a node", "eve@host", 6],
  ] as const)("B1: says ever less often what goes on, of those who %s", async (_, name, count) => {
    const clock = new TestClock();
    const lines: string[] = [];
    const log = new RefusalLog(clock, (line) => lines.push(line));
    for (let i = 0; i < 600; i++) {
      log.refused("10.0.0.1", name, "What connected does not speak this protocol");
      await clock.advance(100);
    }
    expect(lines).toHaveLength(count);
  });

  test("says it at once again after a pause", async () => {
    const clock = new TestClock();
    const lines: string[] = [];
    const log = new RefusalLog(clock, (line) => lines.push(line));
    for (let i = 0; i < 100; i++) {
      log.refused("10.0.0.1", "eve@host", "It has another cookie");
      await clock.advance(100);
    }
    await clock.advance(30_000);
    const before = lines.length;
    log.refused("10.0.0.1", "eve@host", "It has another cookie");
    await clock.advance(1_000);
    log.refused("10.0.0.1", "eve@host", "It has another cookie");
    expect(lines).toHaveLength(before + 2);
  });

  test("H7: escapes and cuts what it says", () => {
    const lines: string[] = [];
    const log = new RefusalLog(new TestClock(), (line) => lines.push(line));
    log.refused("10.0.0.1", "\u001b]0;title\u0007".repeat(100), "No");
    expect(lines[0]).not.toMatch(/\p{Cc}/u);
    expect(Buffer.byteLength(lines[0]!)).toBeLessThanOrEqual(300);
  });

  test("remembers a bounded number of addresses", () => {
    const lines: string[] = [];
    const log = new RefusalLog(new TestClock(), (line) => lines.push(line));
    for (let i = 0; i < 2_000; i++) log.refused(`10.0.${i >> 8}.${i & 255}`, "eve@host", "No");
    log.refused("10.0.0.0", "eve@host", "No");
    expect(lines).toHaveLength(2_001);
  });
});
