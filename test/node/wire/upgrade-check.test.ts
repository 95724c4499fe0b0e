import { describe, expect, test } from "vitest";
import { hostsAt, hostsOf, isLoopback, refuseUpgrade } from "../../../src/node/wire/upgrade-check.ts";

const hosts = hostsOf({ host: "127.0.0.1", port: 4000 });
const sound = [
  "Host",
  "127.0.0.1:4000",
  "Upgrade",
  "websocket",
  "Connection",
  "Upgrade",
  "Sec-WebSocket-Key",
  "k",
  "Sec-WebSocket-Version",
  "13",
];

function withHeader(name: string, value: string): string[] {
  const i = sound.indexOf(name);
  return i === -1 ? [...sound, name, value] : sound.with(i + 1, value);
}

describe("refuseUpgrade()", () => {
  test("lets a node in", () => {
    expect(refuseUpgrade("GET", sound, hosts)).toBeUndefined();
  });

  test.each(["http://127.0.0.1:4000", "null", "", "\x00%", "https://evil.example"])(
    "W1: refuses Origin %j",
    (value) => {
      for (const name of ["Origin", "origin", "ORIGIN", "Sec-WebSocket-Origin"]) {
        expect(refuseUpgrade("GET", withHeader(name, value), hosts)).toBe(403);
        expect(refuseUpgrade("GET", [name, value, ...withHeader(name, value)], hosts)).toBe(403);
      }
    },
  );

  test.each(["localhost:4000", "127.0.0.1:4000", "[::1]:4000"])("W2: takes Host %s on loopback", (host) => {
    expect(refuseUpgrade("GET", withHeader("Host", host), hosts)).toBeUndefined();
  });

  test.each([
    "",
    "localhost",
    "127.0.0.1",
    "127.0.0.1:4001",
    "LOCALHOST:4000",
    "localhost.:4000",
    "evil.example:4000",
    "127.0.0.2:4000",
    "localhost:4000.evil.example",
    "127.1:4000",
    " 127.0.0.1:4000",
  ])("W2: refuses Host %j", (host) => {
    expect(refuseUpgrade("GET", withHeader("Host", host), hosts)).toBe(403);
  });

  test("W2: refuses no Host, and two", () => {
    expect(refuseUpgrade("GET", sound.slice(2), hosts)).toBe(403);
    expect(refuseUpgrade("GET", [...sound, "host", "127.0.0.1:4000"], hosts)).toBe(400);
  });

  test("W2: of a listener on all addresses takes the one the connection came to, and no other", () => {
    const everywhere = hostsOf({ host: "0.0.0.0", port: 4000 }, ["far.example"]);
    const here = hostsAt(everywhere, { host: "::ffff:10.0.0.5", port: 4000 });
    for (const host of ["10.0.0.5:4000", "far.example:4000"])
      expect(refuseUpgrade("GET", withHeader("Host", host), here)).toBeUndefined();
    for (const host of ["10.0.0.6:4000", "10.0.0.5:4001", "evil.example:4000", "localhost:4000"])
      expect(refuseUpgrade("GET", withHeader("Host", host), here)).toBe(403);
  });

  test("W2: takes what it is told it is reached as, with its own port unless one is given", () => {
    const told = hostsOf({ host: "10.0.0.7", port: 4000 }, ["kate.example", "gate.example:9000"]);
    expect([...told]).toEqual(["10.0.0.7:4000", "kate.example:4000", "gate.example:9000"]);
    expect([...hostsOf({ host: "::", port: 1 }, ["fe80::1"])]).toEqual(["[::]:1", "[fe80::1]:1"]);
  });

  test("T5: refuses every version but 13, and what is no upgrade to a WebSocket", () => {
    for (const version of ["8", "0", "", "013", "13 "])
      expect(refuseUpgrade("GET", withHeader("Sec-WebSocket-Version", version), hosts)).toBe(426);
    expect(refuseUpgrade("POST", sound, hosts)).toBe(426);
    expect(refuseUpgrade("GET", withHeader("Upgrade", "h2c"), hosts)).toBe(426);
    expect(refuseUpgrade(undefined, [], hosts)).toBe(403);
  });
});

describe("isLoopback()", () => {
  test("knows loopback and nothing like it", () => {
    expect(["localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].every(isLoopback)).toBe(true);
    expect(
      ["0.0.0.0", "::", "10.0.0.1", "localhost.", "127.0.0.1.evil.example", "127", "", "::ffff:10.0.0.1"].some(
        isLoopback,
      ),
    ).toBe(false);
  });
});
