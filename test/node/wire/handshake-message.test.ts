import { describe, expect, test } from "vitest";
import {
  LONGEST_MESSAGE,
  formatChallenge,
  formatHello,
  formatProof,
  formatRefused,
  parseChallenge,
  parseHello,
  parseHelloVersions,
  parseProof,
  parseRefused,
  type Challenge,
  type Hello,
} from "../../../src/node/wire/handshake-message.ts";

const hello: Hello = {
  versions: { min: 1, max: 3 },
  name: "alex@localhost",
  creation: 0xffff_ffff,
  wanted: "kate@localhost",
  dialled: { address: "127.0.0.1", port: 65_535 },
  flags: 0x8000_0001,
  nonce: Uint8Array.from({ length: 32 }, (_, index) => index),
};

const challenge: Challenge = {
  version: 2,
  versions: { min: 2, max: 2 },
  name: "kate@localhost",
  creation: 1,
  flags: 0,
  nonce: new Uint8Array(32).fill(7),
};

const proof = new Uint8Array(32).fill(9);

const messages: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => unknown])[] = [
  ["HELLO", formatHello(hello), parseHello],
  ["CHALLENGE", formatChallenge(challenge), parseChallenge],
  ["PROOF", formatProof(proof), parseProof],
  ["REFUSED", formatRefused("busy"), parseRefused],
];

describe("the messages of the handshake", () => {
  test("come back as they were", () => {
    expect(parseHello(formatHello(hello))).toEqual(hello);
    expect(parseChallenge(formatChallenge(challenge))).toEqual(challenge);
    expect(parseProof(formatProof(proof))).toEqual(proof);
    for (const reason of ["version", "busy", "not_allowed", "name_in_use", "simultaneous"] as const) {
      expect(parseRefused(formatRefused(reason))).toBe(reason);
    }
  });

  test("are read out of the middle of a larger buffer", () => {
    const bytes = formatHello(hello);
    const larger = new Uint8Array(bytes.length + 20).fill(0xff);
    larger.set(bytes, 10);
    expect(parseHello(larger.subarray(10, 10 + bytes.length))).toEqual(hello);
  });

  test.each(messages)("H4: a %s that ends early or late is none", (_, bytes, parse) => {
    for (let length = 0; length < bytes.length; length++) expect(parse(bytes.subarray(0, length))).toBeUndefined();
    expect(parse(Uint8Array.of(...bytes, 0))).toBeUndefined();
  });

  test.each(messages)("H4: a %s is no other message", (_, bytes, own) => {
    for (const [, , parse] of messages) if (parse !== own) expect(parse(bytes)).toBeUndefined();
  });

  test("H4: what is longer than 4 KiB is none, whatever it says", () => {
    expect(parseHelloVersions(formatHello(hello))).toEqual(hello.versions);
    const long = new Uint8Array(LONGEST_MESSAGE + 1);
    long.set(formatHello(hello));
    expect(parseHelloVersions(long)).toBeUndefined();
  });

  test("keep the versions readable in a HELLO of a later version", () => {
    const later = Uint8Array.of(...formatHello(hello).subarray(0, 5), 1, 2, 3);
    expect(parseHelloVersions(later)).toEqual(hello.versions);
    expect(parseHello(later)).toBeUndefined();
  });

  test("have no versions that end before they begin", () => {
    expect(parseHello(formatHello({ ...hello, versions: { min: 3, max: 1 } }))).toBeUndefined();
  });

  test("N6: hold names and addresses that are such", () => {
    expect(parseHello(formatHello({ ...hello, name: "alex\x1b@localhost" }))).toBeUndefined();
    expect(parseHello(formatHello({ ...hello, wanted: "alex@a@b" }))).toBeUndefined();
    expect(parseHello(formatHello({ ...hello, dialled: { address: "a b", port: 1 } }))).toBeUndefined();
    expect(parseChallenge(formatChallenge({ ...challenge, name: "@" }))).toBeUndefined();
  });

  test("know no reason beyond theirs", () => {
    expect(parseRefused(Uint8Array.of(0x52, 0))).toBeUndefined();
    expect(parseRefused(Uint8Array.of(0x52, 6))).toBeUndefined();
  });
});
