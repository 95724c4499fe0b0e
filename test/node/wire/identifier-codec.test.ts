import { describe, expect, test } from "vitest";
import { encodeTerm } from "../../../src/term/codec.ts";
import { pidOf, type Pid } from "../../../src/term/pid.ts";
import { Reader } from "../../../src/term/reader.ts";
import { refOf, type Ref } from "../../../src/term/ref.ts";
import { Writer } from "../../../src/term/writer.ts";
import { IdentifierCodec } from "../../../src/node/wire/identifier-codec.ts";
import { ALEX, contextOf, KATE } from "../../support/wire.ts";

const pids: Pid[] = [
  pidOf(ALEX.name, 1, 0, ALEX.creation),
  pidOf(ALEX.name, 0xffff_ffff, 0xffff_ffff, ALEX.creation),
  pidOf(KATE.name, 257, 0, KATE.creation),
  pidOf(KATE.name, 1, 3, KATE.creation),
  pidOf(KATE.name, 1, 0, KATE.creation + 1),
  pidOf("else@host.example", 7, 0, 1),
];
const refs: Ref[] = [
  refOf(ALEX.name, ALEX.creation, 5),
  refOf(KATE.name, KATE.creation, 2 ** 52),
  refOf(KATE.name, KATE.creation, 1, [1, 2]),
  refOf("else@host.example", 9, 1),
];
const alex = () => new IdentifierCodec(contextOf(ALEX, KATE));
const kate = () => new IdentifierCodec(contextOf(KATE, ALEX));

describe("IdentifierCodec", () => {
  test("gives the same object at the other end, in the bytes of the codec", () => {
    const term = new Writer();
    const writer = new Writer();
    for (const pid of pids) {
      alex().writePid(pid, writer);
      encodeTerm(pid, term, contextOf(ALEX, KATE));
    }
    for (const ref of refs) {
      alex().writeRef(ref, writer);
      encodeTerm(ref, term, contextOf(ALEX, KATE));
    }
    expect(writer.view()).toEqual(term.view());
    const [reader, codec] = [new Reader(writer.view()), kate()];
    for (const pid of pids) expect(codec.readPid(reader)).toBe(pid);
    for (const ref of refs) expect(codec.readRef(reader)).toBe(ref);
    expect(reader.remaining).toBe(0);
  });

  test("takes a pid of its own node in two bytes", () => {
    const writer = new Writer();
    alex().writePid(pids[0]!, writer);
    expect(writer.pos).toBe(2);
  });

  test("tells pids with the same last bits apart", () => {
    const writer = new Writer();
    const alike = [1, 257, 513, 1].map((id) => pidOf(KATE.name, id, 0, KATE.creation));
    for (const pid of alike) alex().writePid(pid, writer);
    const [reader, codec] = [new Reader(writer.view()), kate()];
    expect(alike.map(() => codec.readPid(reader))).toEqual(alike);
  });

  test("refuses other bytes", () => {
    const bad = expect.objectContaining({ code: "bad_frame" });
    for (const bytes of [
      [],
      [0],
      [0xff],
      [0xb0],
      [0xb0, 0xff, 0xff, 0xff, 0xff, 0x7f],
      [0xb4, 0x41, 0x61, 1, 1, 1],
      [0xb7, 0x41],
    ]) {
      expect(() => kate().readPid(new Reader(Uint8Array.from(bytes)))).toThrow(bad);
      expect(() => kate().readRef(new Reader(Uint8Array.from(bytes)))).toThrow(bad);
    }
  });
});
