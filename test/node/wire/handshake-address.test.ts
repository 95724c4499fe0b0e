import { describe, expect, test } from "vitest";
import { isAddress, normaliseAddress, sameEndpoint } from "../../../src/node/wire/handshake-address.ts";

describe("normaliseAddress()", () => {
  test.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["::FFFF:7f00:1", "127.0.0.1"],
    ["0:0:0:0:0:ffff:10.0.0.1", "10.0.0.1"],
    ["localhost", "127.0.0.1"],
    ["LocalHost", "127.0.0.1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["FE80::0001%eth0", "fe80::1"],
    ["Box.Example.Org", "box.example.org"],
  ])("H1: spells %s as %s", (address, normal) => {
    expect(normaliseAddress(address)).toBe(normal);
    expect(normaliseAddress(normal)).toBe(normal);
  });

  test("H1: keeps ::1 and 127.0.0.1, and 127.0.0.2, apart", () => {
    expect(new Set(["::1", "127.0.0.1", "127.0.0.2"].map(normaliseAddress)).size).toBe(3);
  });
});

describe("sameEndpoint()", () => {
  test("H1: compares address and port", () => {
    expect(sameEndpoint({ address: "::ffff:127.0.0.1", port: 1 }, { address: "localhost", port: 1 })).toBe(true);
    expect(sameEndpoint({ address: "127.0.0.1", port: 1 }, { address: "127.0.0.1", port: 2 })).toBe(false);
    expect(sameEndpoint({ address: "127.0.0.1", port: 1 }, { address: "::1", port: 1 })).toBe(false);
  });
});

describe("isAddress()", () => {
  test("takes what addresses and host names are made of, up to 255 characters", () => {
    expect(["127.0.0.1", "::1", "a-b_c.example", "A".repeat(255)].every(isAddress)).toBe(true);
    expect(["", "a b", "a/b", "[::1]", "ä", "@", "a\x00", "A".repeat(256)].some(isAddress)).toBe(false);
  });
});
