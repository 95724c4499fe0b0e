import { describe, expect, test } from "vitest";
import { LockTable } from "../../../src/node/global/lock-table.ts";
import { Pid } from "../../../src/term/pid.ts";

const [a, b] = [new Pid("a@h", 1, 0, 1), new Pid("b@h", 1, 0, 1)];

describe("LockTable", () => {
  test("gives a resource to one requester, also twice", () => {
    const locks = new LockTable();
    expect(locks.set([["r", 1], "me"], a)).toBe(true);
    expect(locks.set([["r", 1], "me"], a)).toBe(true);
    expect(locks.set([["r", 1], "you"], b)).toBe(false);
    expect(locks.set([["r", 2], "you"], b)).toBe(true);
    locks.delete([["r", 1], "me"], a);
    expect(locks.set([["r", 1], "you"], b)).toBe(true);
  });

  test("is shared by those who ask as the same requester, until the last gives it up", () => {
    const locks = new LockTable();
    expect(locks.set(["r", "we"], a)).toBe(true);
    expect(locks.set(["r", "we"], b)).toBe(true);
    locks.delete(["r", "we"], a);
    expect(locks.set(["r", "they"], a)).toBe(false);
    locks.delete(["r", "they"], b);
    expect(locks.uses(b)).toBe(true);
    locks.delete(["r", "we"], b);
    expect(locks.uses(b)).toBe(false);
    expect(locks.set(["r", "they"], a)).toBe(true);
  });

  test("is free when its process has ended", () => {
    const locks = new LockTable();
    locks.set(["r", 1], a);
    locks.set(["s", 1], a);
    locks.drop(a);
    expect([locks.set(["r", 2], b), locks.set(["s", 2], b)]).toEqual([true, true]);
  });
});
