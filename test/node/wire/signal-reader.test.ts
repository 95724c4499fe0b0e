import { describe, expect, test } from "vitest";
import { refOf } from "../../../src/term/ref.ts";
import { Packer } from "../../../src/node/wire/packer.ts";
import { SignalCodec } from "../../../src/node/wire/signal-codec.ts";
import { SignalReader } from "../../../src/node/wire/signal-reader.ts";
import type { Signal } from "../../../src/process/signal.ts";
import { ALEX, alexPid, contextOf, KATE, katePid, toKate } from "../../support/wire.ts";

function framesOf(...signals: Signal[]): Uint8Array[] {
  const codec = new SignalCodec(contextOf(ALEX, KATE));
  const packer = new Packer();
  for (const signal of signals) {
    codec.encode(signal, packer.begin());
    packer.commit(alexPid(1));
  }
  const frames: Uint8Array[] = [];
  for (let frame = packer.next(); frame !== undefined; frame = packer.next()) frames.push(frame);
  return frames;
}

const reader = () => new SignalReader(new SignalCodec(contextOf(KATE, ALEX)), 1_000_000);
const reply: Signal = { op: "spawnReply", to: katePid(1), ref: refOf(KATE.name, KATE.creation, 1), result: alexPid(9) };

describe("SignalReader", () => {
  test("gives the signals of frames and fragments in order", () => {
    const incoming = reader();
    const sent = [toKate(1), toKate("x".repeat(200_000)), toKate(3)];
    for (const frame of framesOf(...sent)) incoming.add(frame);
    const got: Signal[] = [];
    while (incoming.ready()) got.push(incoming.next());
    expect(got).toEqual(sent);
  });

  test("knows a spawn's reply before it is read", () => {
    const incoming = reader();
    for (const frame of framesOf(toKate(1), reply)) incoming.add(frame);
    expect([incoming.ready(), incoming.nextIsSpawnReply()]).toEqual([true, false]);
    incoming.next();
    expect([incoming.ready(), incoming.nextIsSpawnReply()]).toEqual([true, true]);
  });

  test("forgets what was not read", () => {
    const incoming = reader();
    for (const frame of framesOf(toKate(1), toKate(2))) incoming.add(frame);
    incoming.ready();
    incoming.next();
    incoming.clear();
    expect(incoming.ready()).toBe(false);
  });

  test("V5: refuses bytes left over in a signal", () => {
    const [frame] = framesOf(toKate(1));
    const longer = Buffer.concat([frame!, Buffer.from([0])]);
    longer[1]!++;
    const incoming = reader();
    incoming.add(longer);
    incoming.ready();
    expect(() => incoming.next()).toThrow(expect.objectContaining({ code: "bad_frame" }));
  });
});
