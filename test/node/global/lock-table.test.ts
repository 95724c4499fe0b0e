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

describe("LockTable.await()", () => {
  /** Waits for the resource `r` as `requester`; what came true is in `had`, in order. */
  function waiting(...requesters: [requester: string, pid: Pid][]): { locks: LockTable; had: string[] } {
    const locks = new LockTable();
    const had: string[] = [];
    for (const [requester, pid] of requesters) locks.await(["r", requester], pid, () => had.push(requester));
    return { locks, had };
  }

  test("is had at once if it is free, else by one after another", () => {
    const { locks, had } = waiting(["one", a], ["two", b], ["three", a]);
    expect(had).toEqual(["one"]);
    locks.delete(["r", "one"], a);
    expect(had).toEqual(["one", "two"]);
    locks.delete(["r", "two"], b);
    expect(had).toEqual(["one", "two", "three"]);
    locks.delete(["r", "three"], a);
    expect(locks.set(["r", "four"], b)).toBe(true);
  });

  test("is had by all who ask as the same requester when it is the turn of one", () => {
    const { locks, had } = waiting(["one", a], ["we", a], ["two", b], ["we", b]);
    locks.delete(["r", "one"], a);
    expect(had).toEqual(["one", "we", "we"]);
    locks.delete(["r", "we"], a);
    expect(locks.set(["r", "two"], b)).toBe(false);
    locks.delete(["r", "we"], b);
    expect(had).toEqual(["one", "we", "we", "two"]);
  });

  test("is not had by one that has ended, and goes on to the next when a holder ends", () => {
    const [c, d] = [new Pid("c@h", 1, 0, 1), new Pid("d@h", 1, 0, 1)];
    const { locks, had } = waiting(["one", a], ["two", b], ["three", c], ["four", d]);
    expect([locks.uses(a), locks.uses(b), locks.uses(c)]).toEqual([true, true, true]);
    locks.drop(b);
    expect(locks.uses(b)).toBe(false);
    locks.drop(a);
    expect(had).toEqual(["one", "three"]);
    locks.drop(c);
    expect(had).toEqual(["one", "three", "four"]);
  });
});
