import { describe, expect, test } from "vitest";
import type { Layout } from "../../src/terminal/layout.ts";
import { reflowOf, rowsAbove } from "../../src/terminal/reflow.ts";

function drawn(texts: readonly string[], x: number, y: number): Layout {
  return { rows: texts.map((text) => ({ text, dim: false })), cursor: { x, y } };
}

const block = drawn(["moebi> const f = [", "......   1, 2, 3, 4", "...... ]", "status"], 18, 1);

describe("rowsAbove()", () => {
  test("is the cursor's row where nothing is folded", () => {
    expect(rowsAbove(block, 20, "all")).toBe(1);
    expect(rowsAbove(block, 10, "none")).toBe(1);
  });

  test("counts what folded rows take, and the cursor's own", () => {
    expect(rowsAbove(block, 10, "all")).toBe(3);
    expect(rowsAbove(block, 6, "all")).toBe(6);
  });

  test("leaves the cursor's row as it is where the terminal does", () => {
    expect(rowsAbove(block, 10, "others")).toBe(2);
  });

  test("divides no wide character", () => {
    expect(rowsAbove(drawn(["界界界", "x"], 1, 1), 5, "all")).toBe(2);
    expect(rowsAbove(drawn(["界界界", "x"], 1, 1), 3, "all")).toBe(3);
  });

  test("knows where the cursor is if nothing is edited: below", () => {
    expect(rowsAbove({ rows: block.rows, cursor: undefined }, 20, "all")).toBe(4);
  });
});

describe("reflowOf()", () => {
  test("is what is known of the terminal", () => {
    expect(reflowOf({ TERM: "xterm-256color" })).toBe("all");
    expect(reflowOf({ TERM: "xterm-256color", TERM_PROGRAM: "vscode" })).toBe("others");
    expect(reflowOf({ TERM: "xterm-256color", XTERM_VERSION: "XTerm(379)" })).toBe("none");
    expect(reflowOf({ TERM: "linux" })).toBe("none");
    expect(reflowOf({ TERM: "screen-256color", STY: "1.x" })).toBe("none");
    expect(reflowOf({ TERM: "screen-256color", STY: "1.x", TMUX: "/tmp/t" })).toBe("all");
  });
});
