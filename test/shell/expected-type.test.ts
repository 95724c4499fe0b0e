import { describe, expect, test } from "vitest";
import { cursorIn } from "../../src/shell/cursor.ts";
import { DeclaredTypes } from "../../src/shell/declared-types.ts";
import { wantedAt } from "../../src/shell/expected-type.ts";

const declared = new DeclaredTypes();
declared.add('type Mode = "fast" | "slow"; interface How { way: Mode }');
const documented: Record<string, object> = {
  go: { signature: 'go<T extends "no">(mode: Mode, ...rest: ("a" | \'b\')[]): "never"' },
  both: {
    signature: 'both(x: "one"): void\nboth(x: "two" | number, how: How): void',
    options: [["node", "NodeName", ""]],
  },
  level: { signature: "level(to: Level)", texts: { 0: ["low", "high"] } },
  tell: { signature: "tell(to: ServerRef | null, what: string)" },
};
const types = { document: (name: string) => ({ signature: "", doc: "", ...documented[name] }), declared };
const wanted = (before: string) => wantedAt(cursorIn(before), types);

describe("wantedAt()", () => {
  test.each([
    ['go("', ["fast", "slow"]],
    ['both("', ["one", "two"]],
    ['level("', ["low", "high"]],
    ['const m: Mode = "', ["fast", "slow"]],
    ["let x: 'a' | 'b-c' = '", ["a", "b-c"]],
  ])("%j allows some texts", (before, texts) => {
    expect(wanted(before)).toEqual({ texts });
  });

  test("a name of a node or of a process is asked for as such", () => {
    expect(wanted('both("one", { node: "')).toEqual({ expected: { kind: "node" } });
    expect(wanted('tell("')).toEqual({ expected: { kind: "name" } });
    expect(wanted('const n: NodeName = "')).toEqual({ expected: { kind: "node" } });
  });

  test.each(['tell(a, "', 'go(x === "', 'nowhere("', '"', 'x = "', "go(", 'both("one", { other: "'])(
    "%j may be anything",
    (before) => {
      expect(wanted(before)).toBeUndefined();
    },
  );
});
