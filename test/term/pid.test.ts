import { format } from "node:util";
import { describe, expect, test } from "vitest";
import { isPid, NONODE, Pid, pidOf, publishPid } from "../../src/term/pid.ts";

const NODE = "alex@localhost";

describe("pidOf()", () => {
  test("gives the same object for the same parts, so that === and keys work", () => {
    expect(pidOf(NODE, 1, 0, 7)).toBe(pidOf(NODE, 1, 0, 7));
    expect(pidOf(NODE, 1, 2, 7)).toBe(pidOf(NODE, 1, 2, 7));
    expect(new Map([[pidOf(NODE, 1, 0, 7), "here"]]).get(pidOf(NODE, 1, 0, 7))).toBe("here");
  });

  test("gives another for any part that differs, the life of the node too", () => {
    const all = [
      pidOf(NODE, 1, 0, 7),
      pidOf("kate@localhost", 1, 0, 7),
      pidOf(NODE, 2, 0, 7),
      pidOf(NODE, 1, 1, 7),
      pidOf(NODE, 1, 0, 8),
      pidOf(NODE, 11, 0, 7),
      pidOf(NODE, 1, 10, 7),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test("is text, and is printed by Node, as the prompt shows it", () => {
    const pid = pidOf(NODE, 73, 0, 7);
    expect([String(pid), format("%s", pid), format([pid])]).toEqual([
      `#PID<${NODE}.73.0>`,
      `#PID<${NODE}.73.0>`,
      `[ #PID<${NODE}.73.0> ]`,
    ]);
  });

  test("keeps the parts as they are, up to the largest", () => {
    const pid = pidOf(NODE, 0xffff_ffff, 0xffff_fffe, 0xffff_fffd);
    expect({ ...pid }).toEqual({ node: NODE, id: 0xffff_ffff, serial: 0xffff_fffe, creation: 0xffff_fffd });
  });
});

describe("publishPid()", () => {
  test("lets pidOf find a pid that a process table made", () => {
    const pid = new Pid(NODE, 100, 0, 7);
    publishPid(pid);
    publishPid(pid);
    expect(pidOf(NODE, 100, 0, 7)).toBe(pid);
  });

  test("gives way to one that was there first", () => {
    const first = pidOf(NODE, 101, 0, 7);
    publishPid(new Pid(NODE, 101, 0, 7));
    expect(pidOf(NODE, 101, 0, 7)).toBe(first);
  });
});

test("isPid() takes no object that merely has the parts", () => {
  expect(isPid(pidOf(NODE, 1, 0, 7))).toBe(true);
  expect(isPid({ node: NODE, id: 1, serial: 0, creation: 7 })).toBe(false);
  expect(isPid(null)).toBe(false);
});

test("a node without a name is nonode@nohost", () => {
  expect(NONODE).toBe("nonode@nohost");
});
