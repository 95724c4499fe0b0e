import { describe, expect, test } from "vitest";
import { checkPeerOptions, peerNameArgs, randomPeerName } from "../../../src/node/peer/peer-options.ts";

describe("peerNameArgs()", () => {
  test("takes the host of the starter's node, unless told another", () => {
    expect(peerNameArgs({ name: "p" }, "a@localhost")).toEqual(["--sname", "p@localhost"]);
    expect(peerNameArgs({ name: "p" }, "a@127.0.0.1")).toEqual(["--name", "p@127.0.0.1"]);
    expect(peerNameArgs({ name: "p", host: "b.example.com" }, "a@localhost")).toEqual(["--name", "p@b.example.com"]);
    expect(peerNameArgs({}, "a@localhost")[1]).toMatch(/^peer-\d+-\d+@localhost$/);
  });
});

test("checkPeerOptions() takes all that are documented, and undefined for each", () => {
  for (const options of [
    {},
    { name: undefined, args: ["--hidden"], env: {}, exec: "/usr/bin/node", waitBoot: false },
    { name: "p", host: "h", connection: "standardIo", shutdown: ["halt", 5], peerDown: "crash", waitBoot: Infinity },
    { shutdown: "close" },
    { shutdown: "halt" },
    { shutdown: 0 },
  ])
    expect(() => checkPeerOptions(options)).not.toThrow();
  expect(() => checkPeerOptions("options")).toThrow(expect.objectContaining({ code: "badarg" }) as Error);
});

test("randomPeerName() has the program's number in it", () => {
  expect(randomPeerName("x").endsWith(`-${String(process.pid)}`)).toBe(true);
});
