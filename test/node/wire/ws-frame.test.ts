import { describe, expect, test } from "vitest";
import { HEADROOM } from "../../../src/node/wire/transport.ts";
import { framed } from "../../../src/node/wire/ws-frame.ts";

/** A message of ones with room before it. */
function message(length: number): { readonly memory: Uint8Array; readonly view: Uint8Array } {
  const memory = new Uint8Array(HEADROOM + length).fill(1);
  return { memory, view: memory.subarray(HEADROOM) };
}

describe("framed()", () => {
  test.each([
    [0, [0x82, 0]],
    [125, [0x82, 125]],
    [126, [0x82, 126, 0, 126]],
    [0xffff, [0x82, 126, 0xff, 0xff]],
    [0x1_0000, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])("puts RFC 6455's head before %i bytes", (length, head) => {
    expect([...framed(message(length).view, false)]).toEqual([...head, ...new Array<number>(length).fill(1)]);
  });

  test("says that there is a mask, of zeros", () => {
    for (const headroom of [0, HEADROOM]) {
      expect([...framed(message(2).view, true, headroom)]).toEqual([0x82, 0x82, 0, 0, 0, 0, 1, 1]);
      const long = framed(message(0x1_0000).view, true, headroom);
      expect([...long.subarray(0, 15)]).toEqual([0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
    }
  });

  test("copies nothing if there is room before the message, and changes nothing if there is none", () => {
    const { memory, view } = message(300);
    expect(framed(view, true, HEADROOM).buffer).toBe(memory.buffer);
    const other = message(300);
    framed(other.view, true);
    expect(other.memory.every((byte) => byte === 1)).toBe(true);
  });
});
