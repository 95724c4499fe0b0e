import { expect, test } from "vitest";
import { RegistryTable } from "../../src/otp/registry-table.ts";
import { pidOf } from "../../src/term/pid.ts";

const [a, b] = [pidOf("n@h", 1, 0, 1), pidOf("n@h", 2, 0, 1)];

test("finds entries by equal keys and by owner, but none of the dead", () => {
  const dead = new Set<unknown>();
  const table = new RegistryTable((pid) => !dead.has(pid));
  const first = { key: ["room", 7], pid: a, value: 1 };
  const second = { key: ["room", 7], pid: b, value: 2 };
  const other = { key: "x", pid: a, value: 3 };
  for (const entry of [first, second, other]) table.add(entry);
  expect(table.lookup(["room", 7])).toEqual([first, second]);
  expect(table.own(["room", 7], b)).toEqual([second]);
  expect(table.ownedBy(a)).toEqual([first, other]);
  dead.add(a);
  expect(table.lookup(["room", 7])).toEqual([second]);
  expect(table.stale(["room", 7])).toEqual([first]);
  expect([...table.all()]).toEqual([second]);
  for (const entry of table.ownedBy(a)) table.remove(entry);
  expect(table.stale(["room", 7])).toEqual([]);
  expect(table.ownedBy(a)).toEqual([]);
});
