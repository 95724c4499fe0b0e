import { describe, expect, test } from "vitest";
import type { PeerReport, ProcessRow, Summary } from "../../src/node/observed/types.ts";
import { nodeLines, snapshotLines } from "../../src/shell/observer-text.ts";
import { pidOf } from "../../src/term/pid.ts";

const vitals = { uptime: 65_000, processes: 12, rss: 80 * 1024 * 1024, heapUsed: 20 * 1024 * 1024, busy: 1, idle: 2 };
const peer = (node: PeerReport["node"], more: Partial<PeerReport> = {}): PeerReport => ({
  node,
  hidden: false,
  busy: false,
  bytesIn: 2048,
  bytesOut: 100,
  signalsIn: 1,
  signalsOut: 1,
  queued: 0,
  roundTrip: 0.5,
  vitals,
  ...more,
});
const summary: Omit<Summary, "health"> = {
  node: "alex@localhost",
  at: 0,
  vitals,
  system: "Node.js",
  peers: [
    peer("kate@localhost"),
    peer("mute@localhost", { roundTrip: "timeout", vitals: undefined }),
    peer("shy@localhost", { hidden: true }),
    peer("full@localhost", { busy: true }),
  ],
};

describe("nodeLines()", () => {
  test("leaves out what there is no room for, the least needed first, and cuts names", () => {
    const long = peer(`${"x".repeat(40)}@localhost`);
    const lines = (width: number): string[] => nodeLines({ ...summary, peers: [long] }, width);
    expect(lines(120)[0]).toMatch(/Round trip +Received +Sent$/);
    expect(lines(120)[2]).toMatch(/^x{40}@localhost /);
    expect(lines(80)[0]).toMatch(/^Node +State +Up +Processes +Round trip +Received$/);
    expect(lines(80)[2]).toMatch(/^x{24}… {2}connected +1 min 5 s +12 +0\.50 ms +2\.0 KiB$/);
    expect(lines(40)[0]).toMatch(/^Node +State$/);
    for (const width of [40, 60, 80, 100])
      expect(Math.max(...lines(width).map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  test("gives each node a row, in columns", () => {
    expect(nodeLines(summary)).toEqual([
      "Node                State         Up  Processes  Round trip  Received   Sent",
      "alex@localhost  this node  1 min 5 s         12",
      "kate@localhost  connected  1 min 5 s         12     0.50 ms   2.0 KiB  100 B",
      "mute@localhost  no answer                                     2.0 KiB  100 B",
      "shy@localhost      hidden  1 min 5 s         12     0.50 ms   2.0 KiB  100 B",
      "full@localhost       busy  1 min 5 s         12     0.50 ms   2.0 KiB  100 B",
    ]);
  });
});

describe("snapshotLines()", () => {
  test("tells of the node, its peers, its processes and its trees", () => {
    const row: ProcessRow = {
      pid: pidOf("alex@localhost", 7, 0, 1),
      name: "Idler",
      initialCall: "spawn/1",
      waiting: true,
      mailbox: 3,
      memory: 0,
      handled: 4,
      rate: 0,
      age: 5_000,
    };
    const lines = snapshotLines(summary, { at: 0, total: 2, rows: [row] } as never, { roots: [] } as never);
    expect(lines[0]).toBe("alex@localhost: up 1 min 5 s, memory 80 MiB, heap 20 MiB, Node.js");
    expect(lines).toContain("Processes: 2, those with the fullest mailboxes:");
    expect(lines.find((line) => line.endsWith("Idler"))).toMatch(
      /^#PID<alex@localhost\.7\.0> +3 +4 +5 s +waiting {2}Idler$/,
    );
    expect(lines.at(-1)).toBe("Supervision trees: none");
  });
});
