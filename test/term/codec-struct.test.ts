import { expect, test } from "vitest";
import { decodeTerm, encodeTerm, type TermContext } from "../../src/term/codec.ts";
import { registerStruct, structByTag, structOf } from "../../src/term/codec-struct.ts";
import { badFrame, Reader } from "../../src/term/reader.ts";
import { Writer } from "../../src/term/writer.ts";

class Money {
  readonly amount: number;
  constructor(amount: number) {
    this.amount = amount;
  }
}

registerStruct<Money>("test.money", {
  is: (value) => value instanceof Money,
  take: ({ amount }) => [amount],
  make: ([amount]) => {
    if (typeof amount !== "number") throw badFrame("An amount is a number");
    return new Money(amount);
  },
});

const context: TermContext = {
  localNode: "alex@localhost",
  localCreation: 1,
  peerNode: "kate@localhost",
  peerCreation: 2,
  functions: {
    encode: () => {
      throw new Error("No functions here");
    },
    decode: () => {
      throw new Error("No functions here");
    },
  },
  modules: { nameOf: () => undefined, resolve: () => undefined },
};

function bytesOf(value: unknown): Buffer {
  const writer = new Writer();
  encodeTerm(value, writer, context);
  return Buffer.from(writer.view());
}

const crossed = (value: unknown): unknown => decodeTerm(new Reader(bytesOf(value)), context);

test("an instance of a registered class crosses as one", () => {
  const made = crossed({ price: new Money(5) }) as { price: Money };
  expect(made.price).toBeInstanceOf(Money);
  expect(made.price.amount).toBe(5);
});

test("V5: fields that make refuses are a bad frame", () => {
  const bytes = bytesOf(new Money(5));
  // The amount, at the end, becomes null.
  bytes[bytes.length - 1] = 0x81;
  expect(() => decodeTerm(new Reader(bytes), context)).toThrow(expect.objectContaining({ code: "bad_frame" }));
});

test("structOf() and structByTag() find the class, and nothing for others", () => {
  expect(structOf(new Money(1))?.[0]).toBe("test.money");
  expect(structByTag("test.money")).toBe(structOf(new Money(1))?.[1]);
  expect(structOf({ amount: 1 })).toBeUndefined();
  for (const tag of ["", "__proto__", "constructor", "toString"]) expect(structByTag(tag)).toBeUndefined();
});

test("registerStruct() takes a tag once", () => {
  const codec = { is: () => false, take: () => [], make: () => ({}) };
  expect(() => registerStruct("test.money", codec)).toThrow(/"test.money" is taken/);
});
