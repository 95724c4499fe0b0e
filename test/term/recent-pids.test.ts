import { describe, expect, it } from "vitest";
import { pidOf } from "../../src/term/pid.ts";
import { RecentPids } from "../../src/term/recent-pids.ts";

describe("RecentPids", () => {
  it("gives the pid of a number, its node and creation", () => {
    const pids = new RecentPids("a@host", 7);
    expect(pids.of(3)).toBe(pidOf("a@host", 3, 0, 7));
    expect(pids.of(0)).toBe(pidOf("a@host", 0, 0, 7));
    expect(pids.of(2 ** 32 - 1)).toBe(pidOf("a@host", 2 ** 32 - 1, 0, 7));
  });

  it("tells numbers apart that share their last bits, however many there were", () => {
    const pids = new RecentPids("a@host", 7);
    for (let round = 0; round < 2; round++) {
      for (let id = 1; id <= 2_000; id++) expect(pids.of(id * 256).id).toBe(id * 256);
      for (let id = 1; id <= 2_000; id++) expect(pids.of(id).id).toBe(id);
    }
  });
});
