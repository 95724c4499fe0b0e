import { expect, test } from "vitest";
import { linesAround } from "../../src/shell/lines-around.ts";

const source = "one\n\tif (two) {\nthree\r\n\nfive";

test("shows so many lines before and after, with an arrow at the one that is meant", () => {
  expect(linesAround({ source, firstLine: 1, line: 3 }, 1)).toEqual([
    "     2: \tif (two) {",
    "=>   3: three",
    "     4:",
  ]);
});

test("ends where the text does, and counts as its file does", () => {
  expect(linesAround({ source, firstLine: 98, line: 98 }, 1)).toEqual(["=>  98: one", "    99: \tif (two) {"]);
  expect(linesAround({ source, firstLine: 1, line: 5 }, 9)).toHaveLength(5);
  expect(linesAround({ source, firstLine: 99998, line: 100000 }, 0)).toEqual(["=> 100000: three"]);
});

test("shows nothing of what is not known", () => {
  expect(linesAround({ source: "", firstLine: 1, line: 3 }, 2)).toEqual([]);
});
