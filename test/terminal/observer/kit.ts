/** Answers of nodes as the observer gets them, for tests of what it makes of them. */
import type { ProcessReport, ProcessRow, Summary } from "../../../src/node/observed/types.ts";
import { frame } from "../../../src/terminal/observer/frame.ts";
import { createModel, type Model, received } from "../../../src/terminal/observer/model.ts";
import { press, type Effect } from "../../../src/terminal/observer/press.ts";
import { Pid } from "../../../src/term/pid.ts";

export const NODE = "alex@localhost";
export const PEER = "kate@localhost";

const pids = new Map<number, Pid>();

/** One and the same object for a number, as nodes give them. */
export function pid(id: number): Pid {
  const known = pids.get(id) ?? new Pid(NODE, id, 0, 1);
  pids.set(id, known);
  return known;
}

export const model = (columns = 100, rows = 20): Model =>
  createModel(NODE, { columns, rows }, ({ id, serial }) => `#PID<0.${String(id)}.${String(serial)}>`);

export const vitals = {
  ...{ uptime: 61_000, processes: 123, rss: 80 * 2 ** 20, heapUsed: 20 * 2 ** 20 },
  ...{ busy: 100, idle: 900 },
};

export const health: Summary["health"] = {
  ...{ delay: { median: 0.2, most: 12 }, user: 400, system: 100, heapLimit: 4 * 2 ** 30 },
  ...{ external: 3 * 2 ** 20, arrayBuffers: 2 ** 20, names: 3, pid: 4711 },
};

export function summary(at = 1000, peer: Partial<Summary["peers"][number]> = {}): Summary {
  const counters = { bytesIn: 1000, bytesOut: 2000, signalsIn: 10, signalsOut: 20, queued: 0 };
  return {
    ...{ node: NODE, at, vitals, system: "Node 24 linux x64", health },
    peers: [{ node: PEER, hidden: false, busy: false, ...counters, roundTrip: 1.5, vitals, ...peer }],
  };
}

export function row(id: number, more: Partial<ProcessRow> = {}): ProcessRow {
  const name = `P${String(id)}`;
  return {
    pid: pid(id),
    name,
    initialCall: "x/0",
    waiting: true,
    mailbox: id,
    handled: 0,
    rate: 0,
    memory: 0,
    age: 0,
    ...more,
  };
}

export function report(id: number, more: Partial<ProcessReport> = {}): ProcessReport {
  const others = { links: [pid(1)], monitors: [], monitoredBy: [], messages: [], dictionary: [] };
  return {
    ...row(id),
    awaits: ["message"],
    trapExit: false,
    parent: undefined,
    groupLeader: pid(2),
    ...others,
    state: undefined,
    ...more,
  };
}

export const processes = (before: Model, ids: readonly number[]): Model =>
  received(before, ["processes", {}], { rows: ids.map((id) => row(id)), total: 500, matching: 500 });

/** What is left once these keys were pressed: chords by name, others as they are typed. */
export function pressed(before: Model, ...keys: readonly string[]): Model {
  return keys.reduce((state, key) => press(state, keyOf(key))[0], before);
}

export const effectOf = (before: Model, key: string): Effect => press(before, keyOf(key))[1];

function keyOf(key: string): Parameters<typeof press>[1] {
  return key.length === 1 ? { type: "text", text: key } : { type: "chord", chord: key };
}

/** The screen as text. */
export const shown = (state: Model): string =>
  frame(state)
    .map((pieces) => pieces.map(({ text }) => text).join(""))
    .join("\n");
