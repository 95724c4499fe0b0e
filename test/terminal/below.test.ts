import { describe, expect, test } from "vitest";
import { progressText, withRow } from "../../src/terminal/below.ts";
import { coloured } from "../../src/shell/node-colour.ts";

const layout = { rows: [{ text: "moebi> ", dim: false }], cursor: { x: 7, y: 0 } };
const texts = (rows: readonly { readonly text: string }[]): string[] => rows.map(({ text }) => text);

describe("withRow()", () => {
  test("adds a dim row below, and leaves the cursor where it is", () => {
    const { rows, cursor } = withRow(layout, [{ text: "alex" }], { columns: 80, rows: 24 });
    expect(texts(rows)).toEqual(["moebi> ", "alex"]);
    expect(rows[1]?.dim).toBe(true);
    expect(cursor).toEqual({ x: 7, y: 0 });
  });

  test.each([
    [29, 24],
    [80, 7],
  ])("leaves a screen of %d by %d to what is typed", (columns, rows) => {
    expect(withRow(layout, [{ text: "alex" }], { columns, rows })).toBe(layout);
  });

  test("gives way where what is typed fills the screen", () => {
    const tall = { ...layout, rows: Array.from({ length: 22 }, () => ({ text: "x", dim: false })) };
    expect(withRow(tall, [{ text: "alex" }], { columns: 80, rows: 24 })).toBe(tall);
  });

  test("shows the names of nodes in their colours, where there are any", () => {
    const parts = [{ text: "1 peer: " }, { text: "kate", node: "kate@localhost" }] as const;
    const [, row] = withRow(layout, parts, { columns: 80, rows: 24 }, true).rows;
    expect(row).toEqual({
      text: "1 peer: kate",
      dim: false,
      styled: `\x1b[2m1 peer: \x1b[22m${coloured("kate@localhost", "kate")}`,
    });
    expect(withRow(layout, parts, { columns: 80, rows: 24 }).rows[1]).toEqual({ text: "1 peer: kate", dim: true });
  });

  test("cuts what is too long, and escapes what could steer the terminal", () => {
    const { rows } = withRow(layout, [{ text: `\x1b[2J${"x".repeat(100)}` }], { columns: 30, rows: 24 });
    expect(rows[1]?.text).toMatch(/^\\x1b\[2Jx+…$/);
    expect(rows[1]?.text).toHaveLength(30);
  });
});

test("progressText() tells how much is done, and for how long", () => {
  const progress = { label: "erpc.multicall", done: 2, total: 5, startedAt: 1000 };
  expect(progressText(progress, 4500)).toBe("erpc.multicall 2/5 · 3 s");
  expect(progressText({ ...progress, total: undefined }, 4500)).toBe("erpc.multicall 2 done · 3 s");
});
