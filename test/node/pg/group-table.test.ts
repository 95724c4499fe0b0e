import { describe, expect, test } from "vitest";
import { GroupTable, without } from "../../../src/node/pg/group-table.ts";
import { Pid } from "../../../src/term/pid.ts";

const [a, b] = [new Pid("a@h", 1, 0, 1), new Pid("b@h", 1, 0, 1)];

describe("GroupTable", () => {
  test("lists a process as often as it has joined, and takes one away at a time", () => {
    const table = new GroupTable();
    table.join(["g", 1], [a, a], true);
    table.join(["g", 1], [b], false);
    expect(table.members(["g", 1])).toEqual([b, a, a]);
    expect(table.localMembers(["g", 1])).toEqual([a, a]);
    expect(table.leave(["g", 1], [a, b, b])).toEqual([b, a]);
    expect([table.members(["g", 1]), table.localMembers(["g", 1])]).toEqual([[a], [a]]);
  });

  test("has a group as long as it has members", () => {
    const table = new GroupTable();
    table.join("mine", [a], true);
    table.join("theirs", [b], false);
    expect([table.list("all"), table.list("local")]).toEqual([["mine", "theirs"], ["mine"]]);
    table.leave("theirs", [b]);
    expect([table.leave("theirs", [b]), table.list("all"), table.members("theirs")]).toEqual([[], ["mine"], []]);
  });
});

test("without() takes each away as often as it is given", () => {
  expect(without([a, b, a, a], [a, a])).toEqual([
    [b, a],
    [a, a],
  ]);
});
