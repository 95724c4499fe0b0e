import { describe, expect, test } from "vitest";
import { originAt, readMappings, writeMappings } from "../../src/code/source-map.ts";

/** Lines with gaps, names, lines made of nothing, steps forward and back, and numbers of several digits. */
const MAPPINGS = "AAAA,SAASA;;EACP,OAAO,MADF;A,gCCokBlBC;AADgB";

describe("readMappings(), writeMappings()", () => {
  test("each gives what the other takes", () => {
    expect(writeMappings(readMappings(MAPPINGS))).toBe(MAPPINGS);
  });

  test("columns count from the beginning of a line, all else from the one before", () => {
    expect(readMappings("CAAAA;CACC")).toEqual([
      [{ column: 1, origin: { source: 0, line: 0, column: 0, name: 0 } }],
      [{ column: 1, origin: { source: 0, line: 1, column: 1, name: undefined } }],
    ]);
  });
});

describe("originAt()", () => {
  const lines = readMappings("AAAA,IAAI;;E");

  test("gives that of the segment a place is in", () => {
    expect(originAt(lines, 0, 3)).toMatchObject({ column: 0 });
    expect(originAt(lines, 0, 9)).toMatchObject({ column: 4 });
  });

  test("gives none for what was made of nothing, and for lines that are not there", () => {
    expect(originAt(lines, 1, 0)).toBeUndefined();
    expect(originAt(lines, 2, 5)).toBeUndefined();
    expect(originAt(lines, 7, 0)).toBeUndefined();
  });
});
