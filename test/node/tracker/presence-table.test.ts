import { describe, expect, test } from "vitest";
import { changesBetween, PresenceTable } from "../../../src/node/tracker/presence-table.ts";
import { pidOf } from "../../../src/term/pid.ts";

const [one, two] = [pidOf("a@localhost", 1, 0, 1), pidOf("a@localhost", 2, 0, 1)];
const presence = (key: unknown, pid = one, meta: unknown = {}) => ({ key, pid, meta });

describe("PresenceTable", () => {
  test("tells a new presence from one that changes; keys and topics are terms", () => {
    const table = new PresenceTable();
    expect(table.put(["room", 7], presence(["k"]))).toEqual(["join", ["room", 7], [presence(["k"])]]);
    expect(table.put(["room", 7], presence(["k"], one, 1))[0]).toBe("update");
    expect(table.put(["room", 7], presence(["k"], two))[0]).toBe("join");
    expect(table.list(["room", 7])).toEqual([presence(["k"], one, 1), presence(["k"], two)]);
    expect(table.get(["room", 7], ["k"], two)).toEqual(presence(["k"], two));
  });

  test("drops a process from a key, a topic, or all, and says what was there", () => {
    const table = new PresenceTable([
      ["t", [presence(1), presence(2), presence(1, two)]],
      ["u", [presence(1)]],
    ]);
    expect(table.drop(one, ["t", 2])).toEqual([["leave", "t", [presence(2)]]]);
    expect(table.drop(one, ["t", 2])).toEqual([]);
    expect(table.drop(one)).toEqual([
      ["leave", "t", [presence(1)]],
      ["leave", "u", [presence(1)]],
    ]);
    expect([table.has(one), table.has(two), table.all()]).toEqual([false, true, [["t", [presence(1, two)]]]]);
  });
});

test("changesBetween() tells who left, came, and changed, and of nothing that stayed", () => {
  const before = new PresenceTable([["t", [presence(1), presence(2), presence(3, one, [1])]]]);
  const after = new PresenceTable([
    ["t", [presence(2, one, "new"), presence(3, one, [1])]],
    ["u", [presence(1)]],
  ]);
  expect(changesBetween(before, after)).toEqual([
    ["leave", "t", [presence(1)]],
    ["update", "t", [presence(2, one, "new")]],
    ["join", "u", [presence(1)]],
  ]);
});
