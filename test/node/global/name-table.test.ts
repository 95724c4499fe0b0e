import { describe, expect, test } from "vitest";
import { NameTable } from "../../../src/node/global/name-table.ts";
import { type NodeName, Pid } from "../../../src/term/pid.ts";

const pidOn = (node: string, id = 1): Pid => new Pid(`${node}@h` as NodeName, id, 0, 1);
const [a, b, c] = [pidOn("a"), pidOn("b"), pidOn("c")];

describe("NameTable", () => {
  test("finds the holder of a name by an equal one", () => {
    const table = new NameTable();
    table.insert(["room", 7], a);
    expect(table.holder(["room", 7])).toBe(a);
    expect(table.names()).toEqual([["room", 7]]);
    expect(table.remove(["room", 7], b)).toBe(false);
    expect(table.remove(["room", 7], a)).toBe(true);
    expect([table.holder(["room", 7]), table.names()]).toEqual([undefined, []]);
  });

  test("keeps the one it knew first while two hold a name", () => {
    const table = new NameTable();
    table.insert("x", b);
    table.insert("x", a);
    expect(table.holder("x")).toBe(b);
    expect(table.clashes("a@h")).toEqual([{ name: "x", own: a, others: [b] }]);
    expect(table.clashes("c@h")).toEqual([]);
    table.remove("x", b);
    expect(table.holder("x")).toBe(a);
    expect(table.clashes("a@h")).toEqual([]);
  });

  test("puts one in the place of others in one step: they are gone, or of other nodes and come after it", () => {
    const table = new NameTable();
    const again = pidOn("a", 2);
    table.insert("x", a);
    table.insert("x", again, [a]);
    expect([table.holders("x"), table.uses(a)]).toEqual([[again], false]);
    table.insert("x", b, [again]);
    expect(table.holders("x")).toEqual([b, again]);
    table.replace("b@h", []);
    expect(table.holders("x")).toEqual([again]);
    table.insert("x", b, [c]);
    expect(table.holders("x")).toEqual([again, b]);
  });

  test("takes a node's word in the place of its last", () => {
    const table = new NameTable();
    const again = pidOn("b", 2);
    table.insert("x", a);
    table.insert("y", b);
    table.insert("z", b);
    table.replace("b@h", [
      ["z", again],
      ["w", b],
    ]);
    expect(table.entriesOf("b@h")).toEqual([
      ["z", again],
      ["w", b],
    ]);
    expect(table.holder("x")).toBe(a);
    table.replace("b@h", []);
    expect(table.names()).toEqual(["x"]);
    expect([table.uses(a), table.uses(b), table.uses(c)]).toEqual([true, false, false]);
  });
});
