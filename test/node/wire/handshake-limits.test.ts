import { describe, expect, test } from "vitest";
import { MOST_PENDING, PendingTable, Stage } from "../../../src/node/wire/handshake-limits.ts";

describe("PendingTable", () => {
  const [a, b, c, d] = [{ id: "a" }, { id: "b" }, { id: "c" }, { id: "d" }];

  function full(): PendingTable<object> {
    const table = new PendingTable<object>(3);
    for (const connection of [a, b, c]) table.add(connection);
    return table;
  }

  test("H6: has room for 512 by default", () => {
    const table = new PendingTable<object>();
    const evicted = Array.from({ length: MOST_PENDING }, () => table.add({}));
    expect(evicted.every((connection) => connection === undefined)).toBe(true);
    expect(table.add({})).toBeDefined();
    expect(table.size).toBe(512);
  });

  test("H6: gives up the oldest of those that have sent nothing", () => {
    const table = full();
    expect(table.add(d)).toBe(a);
    expect([...table]).toEqual([b, c, d]);
  });

  test("H6: gives up one that has only been upgraded before one that has said HELLO", () => {
    const table = full();
    table.advance(a, Stage.greeted);
    table.advance(b, Stage.upgraded);
    table.advance(c, Stage.proven);
    expect(table.add(d)).toBe(b);
    table.advance(d, Stage.greeted);
    expect(table.add(b)).toBe(a);
  });

  test("H6: keeps one that has proven itself while there is any other", () => {
    const table = full();
    table.advance(a, Stage.proven);
    const evicted = Array.from({ length: 100 }, () => {
      const stranger = {};
      const out = table.add(stranger);
      table.advance(stranger, Stage.greeted);
      return out;
    });
    expect(evicted).not.toContain(a);
    expect([...table]).toContain(a);
  });

  test("never goes back a stage", () => {
    const table = full();
    table.advance(a, Stage.greeted);
    table.advance(a, Stage.upgraded);
    expect(table.add(d)).toBe(b);
    expect([...table]).toEqual([c, d, a]);
  });

  test("takes a connection once, and knows no other", () => {
    const table = full();
    expect(table.add(a)).toBeUndefined();
    table.advance(d, Stage.greeted);
    expect(table.remove(d)).toBe(false);
    expect(table.size).toBe(3);
  });

  test("forgets what is removed", () => {
    const table = full();
    expect(table.remove(b)).toBe(true);
    expect(table.remove(b)).toBe(false);
    expect(table.add(d)).toBeUndefined();
    expect([...table]).toEqual([a, c, d]);
  });
});
