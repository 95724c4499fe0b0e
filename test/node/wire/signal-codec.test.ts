import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Signal } from "../../../src/process/signal.ts";
import { pidOf } from "../../../src/term/pid.ts";
import { Reader } from "../../../src/term/reader.ts";
import { refOf } from "../../../src/term/ref.ts";
import { Writer } from "../../../src/term/writer.ts";
import { AFTER_ALL } from "../../../src/node/wire/packer.ts";
import { isSpawnReply, orderKey, SignalCodec } from "../../../src/node/wire/signal-codec.ts";
import { ALEX, alexPid, contextOf, KATE, katePid } from "../../support/wire.ts";

const from = alexPid(1);
const to = katePid(2);
const ref = refOf(ALEX.name, ALEX.creation, 77);
const old = pidOf(KATE.name, 2, 0, KATE.creation - 1);
const spawn = {
  op: "spawn",
  from,
  ref,
  leader: from,
  fun: "run",
  args: [1, from],
  link: false,
  monitor: false,
} as const;

const signals: Signal[] = [
  { op: "send", from, to, message: ["ping", from] },
  { op: "send", from, to: old, message: undefined },
  { op: "sendName", from, name: "Kate", message: { a: [1, 2n, "ü", new Date(5)] } },
  { op: "sendName", from, name: "é".repeat(300), message: null },
  { op: "sendAlias", from, alias: ref, message: -0 },
  { op: "link", from, to },
  { op: "unlink", from, to, id: 2 ** 53 - 1 },
  { op: "unlinkAck", from, to, id: 0 },
  { op: "exit", from, to, reason: ["shutdown", 1] },
  { op: "exit2", from, to, reason: "kill" },
  { op: "monitor", from, to, ref },
  { op: "monitor", from, to: "name", ref },
  { op: "demonitor", from, to, ref },
  { op: "demonitor", from, to: "name", ref },
  { op: "down", from, to, ref, reason: "noproc" },
  { op: "down", from: "name", to, ref, reason: "noproc" },
  { ...spawn, module: "Kate" },
  { ...spawn, module: undefined, link: true },
  { ...spawn, module: "", monitor: true },
  { ...spawn, module: "M", link: true, monitor: true, args: [] },
  { op: "spawnReply", to, ref, result: from },
  { op: "spawnReply", to, ref, result: { error: "undef" } },
  { op: "groupLeader", from, to, leader: from },
];

function encoded(signal: Signal): Buffer {
  const writer = new Writer();
  new SignalCodec(contextOf(ALEX, KATE)).encode(signal, writer);
  return writer.view();
}

const decoded = (bytes: Uint8Array): Signal => new SignalCodec(contextOf(KATE, ALEX)).decode(new Reader(bytes));

describe("SignalCodec", () => {
  test.each(signals.map((signal, i) => [`${i} ${signal.op}`, signal] as const))("carries %s unchanged", (_, signal) => {
    const bytes = encoded(signal);
    const reader = new Reader(bytes);
    const back = new SignalCodec(contextOf(KATE, ALEX)).decode(reader);
    expect(back).toStrictEqual(signal);
    expect(reader.remaining).toBe(0);
    if ("from" in signal && typeof signal.from !== "string") expect((back as { from: unknown }).from).toBe(signal.from);
  });

  test("takes no more than eleven bytes for a ping", () => {
    expect(encoded({ op: "send", from, to, message: ["ping", 1] }).length).toBeLessThanOrEqual(12);
  });

  test("refuses every signal cut short", () => {
    for (const signal of signals) {
      const bytes = encoded(signal);
      for (let end = 0; end < bytes.length; end++) {
        expect(() => decoded(bytes.subarray(0, end)), `${signal.op} ${end}`).toThrow(
          expect.objectContaining({ code: "bad_frame" }),
        );
      }
    }
  });

  test("refuses unknown operations, and a spawn without arguments", () => {
    for (const op of [0, 19, 255])
      expect(() => decoded(Uint8Array.of(op, 0, 0))).toThrow(expect.objectContaining({ code: "bad_frame" }));
    const odd = encoded({ ...spawn, module: undefined, args: "no" as unknown as unknown[] });
    expect(() => decoded(odd)).toThrow(expect.objectContaining({ code: "bad_frame" }));
  });

  test("throws nothing but bad_frame for any bytes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.uint8Array({ maxLength: 60 }), (op, bytes) => {
        try {
          decoded(Uint8Array.of(op, ...bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: "bad_frame" });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("names what can't cross by its part of the signal", () => {
    expect(() => encoded({ op: "send", from, to, message: { x: Symbol("s") } })).toThrow(/message\.x is a symbol/);
    expect(() => encoded({ op: "exit", from, to, reason: [Symbol("s")] })).toThrow(/reason\[0\]/);
    expect(() => encoded({ ...spawn, module: "M", args: [1, Symbol("s")] })).toThrow(/args\[1\]/);
  });
});

describe("orderKey()", () => {
  test("is the sender, the new process for a spawn's reply, and everybody for the end of a name", () => {
    expect(orderKey({ op: "link", from, to })).toBe(from);
    expect(orderKey({ op: "spawnReply", to, ref, result: from })).toBe(from);
    expect(orderKey({ op: "spawnReply", to, ref, result: { error: 1 } })).toBe(to);
    expect(orderKey({ op: "down", from: "name", to, ref, reason: 1 })).toBe(AFTER_ALL);
    expect(orderKey({ op: "down", from, to, ref, reason: 1 })).toBe(from);
  });
});

describe("isSpawnReply()", () => {
  test("knows both kinds by their first byte", () => {
    for (const signal of signals) expect(isSpawnReply(encoded(signal)[0])).toBe(signal.op === "spawnReply");
  });
});
