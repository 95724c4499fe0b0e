import { describe, expect, test } from "vitest";
import { SignalCodec } from "../../../src/node/wire/signal-codec.ts";
import { WaitingSignals } from "../../../src/node/wire/waiting-signals.ts";
import type { Signal } from "../../../src/process/signal.ts";
import type { TermContext } from "../../../src/term/codec.ts";
import { pidOf } from "../../../src/term/pid.ts";
import { refOf } from "../../../src/term/ref.ts";
import { Writer } from "../../../src/term/writer.ts";

const refuse = (): never => {
  throw new Error("No functions here");
};
const here: TermContext = {
  localNode: "here@localhost",
  localCreation: 1,
  peerNode: "there@localhost",
  peerCreation: 2,
  functions: { encode: refuse, decode: refuse },
  modules: { nameOf: () => undefined, resolve: () => undefined },
};
const there = { ...here, localNode: here.peerNode, localCreation: 2, peerNode: here.localNode, peerCreation: 1 };

const from = pidOf("here@localhost", 1, 0, 1);
const to = pidOf("there@localhost", 2, 0, 2);
const ref = refOf("here@localhost", 1, 3);
const send = (message: unknown): Signal => ({ op: "send", from, to, message });

function waiting(): { readonly signals: WaitingSignals; readonly written: () => ArrayBufferLike[] } {
  const out = new SignalCodec(here);
  const encode = (signal: Signal): Uint8Array => {
    const writer = new Writer();
    out.encode(signal, writer);
    return writer.view();
  };
  const read: ArrayBufferLike[] = [];
  class Watched extends SignalCodec {
    override decode(reader: Parameters<SignalCodec["decode"]>[0]): Signal {
      read.push(reader.buf.buffer);
      return super.decode(reader);
    }
  }
  return { signals: new WaitingSignals(encode, new Watched(there)), written: () => read };
}

describe("WaitingSignals", () => {
  test("gives all signals in order, of every size, once", () => {
    const { signals } = waiting();
    const sizes = Array.from({ length: 500 }, (_, i) => (i % 100 === 50 ? 3_000_000 : i * 37));
    for (const [i, size] of sizes.entries()) signals.add(send([i, "x".repeat(size)]));
    expect(signals.bytes).toBeGreaterThan(sizes.reduce((sum, size) => sum + size));
    expect(signals.largest).toBeGreaterThan(3_000_000);
    expect(signals.largest).toBeLessThan(3_001_000);
    expect([...signals.take()]).toEqual(sizes.map((size, i) => send([i, "x".repeat(size)])));
    expect([signals.bytes, signals.largest, ...signals.take()]).toEqual([0, 0]);
  });

  test("gives what is dropped only if somebody may wait for it, and lets go of the memory at once", () => {
    const { signals, written } = waiting();
    const told: Signal[] = [
      { op: "link", from, to },
      { op: "monitor", from, to: "name", ref },
      { op: "unlink", from, to, id: 4 },
      { op: "spawn", from, ref, leader: from, module: "M", fun: "f", args: [1], link: false, monitor: true },
    ];
    for (const signal of told) {
      signals.add(send("lost"));
      signals.add({ op: "sendName", from, name: "name", message: "lost" });
      signals.add(signal);
      signals.add({ op: "sendAlias", from, alias: refOf("there@localhost", 2, 9), message: "lost" });
    }
    expect([...signals.drop()]).toEqual(told);
    expect([signals.bytes, ...signals.take()]).toEqual([0]);
    expect(written().map(({ byteLength }) => byteLength)).toEqual(told.map(() => 0));
  });

  test("takes nothing of a signal that is refused", () => {
    const { signals } = waiting();
    signals.add(send(1));
    expect(() => signals.add(send(Symbol("no")))).toThrow(/can't be sent to there@localhost/);
    signals.add(send(2));
    expect([...signals.take()]).toEqual([send(1), send(2)]);
  });
});
