import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { bufferOf } from "../../src/terminal/buffer.ts";
import { createEditor, type EditorState } from "../../src/terminal/editor.ts";
import { layout, layoutTail } from "../../src/terminal/layout.ts";
import { isHarmless } from "../support/escape-sequences.ts";
import { tokenizeLine } from "../../src/shell/tokens.ts";

const prompts = { first: "moebi(1)> ", continuation: "...(1)> " };

function editing(source: string, cursor?: number, more: Partial<EditorState> = {}): EditorState {
  const buffer = bufferOf(source);
  return { ...createEditor("statement"), buffer: { text: buffer.text, cursor: cursor ?? buffer.text.length }, ...more };
}

function rows(state: EditorState, columns = 20, height = 24): string[] {
  return layout(state, prompts, { columns, rows: height }).rows.map(({ text }) => text);
}

describe("layout()", () => {
  test("puts the cursor behind the prompt", () => {
    expect(layout(editing(""), prompts, { columns: 20, rows: 24 })).toEqual({
      rows: [{ text: "moebi(1)> ", dim: false }],
      cursor: { x: 10, y: 0 },
    });
  });

  test("continues lines under the continuation prompt", () => {
    expect(rows(editing("f(\n1)"))).toEqual(["moebi(1)> f(", "...(1)> 1)"]);
  });

  test("wraps at the width, and puts the cursor into a row of its own behind a full one", () => {
    const { rows: wrapped, cursor } = layout(editing("0123456789"), prompts, { columns: 20, rows: 24 });
    expect(wrapped.map(({ text }) => text)).toEqual(["moebi(1)> 0123456789", ""]);
    expect(cursor).toEqual({ x: 0, y: 1 });
  });

  test("never cuts a wide character in two", () => {
    expect(rows(editing("012345678日本"))).toEqual(["moebi(1)> 012345678", "日本"]);
  });

  test("counts cells, not characters, for the cursor", () => {
    expect(layout(editing("日👩‍👩‍👧é"), prompts, { columns: 40, rows: 24 }).cursor).toEqual({ x: 15, y: 0 });
  });

  test("shows the rows around the cursor of a block taller than the screen", () => {
    const source = Array.from({ length: 50 }, (_, line) => `line${String(line)}`).join("\n");
    const { rows: visible, cursor } = layout(editing(source, 0), prompts, { columns: 40, rows: 10 });
    expect(visible).toHaveLength(8);
    expect(cursor).toEqual({ x: 10, y: 0 });
    const atEnd = layout(editing(source), prompts, { columns: 40, rows: 10 });
    expect(atEnd.rows.at(-1)?.text).toBe("...(1)> line49");
    expect(atEnd.cursor?.y).toBe(7);
  });

  test("lists few candidates with their details, one a row", () => {
    const candidates = [{ name: "spawn", detail: "(fun)" }, { name: "self" }];
    expect(rows(editing("s", 1, { candidates }), 40)).toEqual(["moebi(1)> s", "spawn  (fun)", "self"]);
  });

  test("shows all that is said of a candidate, on several rows, where there is room", () => {
    const candidates = [
      { name: "spawn(fn: () => unknown, options: SpawnOptions): Pid", detail: "Starts a process of its own" },
    ];
    expect(rows(editing("s", 1, { candidates }), 40).slice(1)).toEqual([
      "spawn(fn: () => unknown, options:",
      "    SpawnOptions): Pid  Starts a process",
      "    of its own",
    ]);
    const many = Array.from({ length: 7 }, (_, index) => ({
      name: `f${String(index)}`,
      detail: "one two ".repeat(12),
    }));
    const below = rows(editing("s", 1, { candidates: many }), 40).slice(1);
    expect(below.slice(0, 3)).toEqual([
      "f0  one two one two one two one two one",
      "    two one two one two one two one two…",
      "f1  one two one two one two one two one…",
    ]);
    expect(below).toHaveLength(8);
    const two = [
      { name: "self", detail: "(): Pid  The pid of whoever calls it, always" },
      { name: "spawn", detail: "(fn): Pid" },
    ];
    expect(rows(editing("s", 1, { candidates: two }), 40).slice(1)).toEqual([
      "self   (): Pid  The pid of whoever calls",
      "       it, always",
      "spawn  (fn): Pid",
    ]);
  });

  test("what a candidate is called can't take over the terminal", () => {
    const evil = "a\u001b[2Jb\u009b1A";
    const few = rows(editing("a", 1, { candidates: [{ name: evil, detail: `\u001b]0;x\u0007` }, { name: "b" }] }), 60);
    const many = rows(editing("a", 1, { candidates: Array.from({ length: 40 }, () => ({ name: evil })) }), 60);
    for (const row of [...few, ...many]) expect(isHarmless(row)).toBe(true);
    expect(few[1]).toBe(String.raw`a\x1b[2Jb\x9b1A  \x1b]0;x\x07`);
  });

  test("lists many candidates in columns and counts those left out", () => {
    const candidates = Array.from({ length: 100 }, (_, index) => ({ name: `name${String(index).padStart(3, "0")}` }));
    const below = rows(editing("n", 1, { candidates }), 40).slice(1);
    expect(below).toHaveLength(8);
    expect(below[0]).toBe("name000  name001  name002  name003");
    expect(below.at(-1)).toBe("… 72 more");
  });

  test("is never wider than the screen nor as tall, and shows the cursor", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("a", "日", "\n", "(", "\u202e", "ש", "👩‍👩‍👧", "e\u0301", "\t"),
          maxLength: 300,
        }),
        fc.nat(300),
        fc.integer({ min: 4, max: 60 }),
        fc.integer({ min: 3, max: 30 }),
        (source, at, columns, height) => {
          const buffer = bufferOf(source);
          const state = editing(source, Math.min(at, buffer.text.length), { hint: "a hint" });
          const look = { colors: true, tokenize: tokenizeLine };
          const { rows: drawn, cursor } = layout(state, prompts, { columns, rows: height }, look);
          expect(drawn.length).toBeLessThan(height);
          for (const { text } of drawn) expect(stringWidth(text)).toBeLessThanOrEqual(columns);
          expect(cursor?.y).toBeLessThan(drawn.length);
          expect(cursor?.y).toBeGreaterThanOrEqual(0);
          expect(cursor?.x).toBeLessThan(columns);
        },
      ),
    );
  });
});

describe("layout() and what is unusual", () => {
  test("shows what would steer the terminal, or would not show, as an escape", () => {
    expect(rows(editing("a\u202eb\u001b[31m"), 40)).toEqual([String.raw`moebi(1)> a\u202eb\x1b[31m`]);
    expect(rows(editing("a\u200bb"), 40)).toEqual([String.raw`moebi(1)> a\u{200b}b`]);
    expect(layout(editing("a\u202eb"), prompts, { columns: 40, rows: 24 }).cursor?.x).toBe(18);
  });

  test("lays right-to-left text out cell by cell", () => {
    const state = editing('"שלום" + 1', 4);
    expect(layout(state, prompts, { columns: 40, rows: 24 }).cursor).toEqual({ x: 14, y: 0 });
  });
});

describe("layout() and its look", () => {
  const look = { colors: true, tokenize: tokenizeLine };
  const plain = { ...look, colors: false };
  const styled = (state: EditorState, how = look): (string | undefined)[] =>
    layout(state, prompts, { columns: 30, rows: 24 }, how).rows.map((row) => row.styled);

  test("colours what is typed, also over wrapped rows", () => {
    expect(styled(editing("const x = 1"))).toEqual(["moebi(1)> \x1b[1mconst\x1b[0m x = \x1b[95m1\x1b[0m"]);
    expect(styled(editing('"0123456789012345678901234"'))).toEqual([
      'moebi(1)> \x1b[32m"0123456789012345678\x1b[0m',
      '\x1b[32m901234"\x1b[0m',
    ]);
  });

  test("marks the pair of brackets at the cursor, without colours as well", () => {
    expect(styled(editing("f(1)"), plain)).toEqual(["moebi(1)> f\x1b[1;4m(\x1b[0m1\x1b[1;4m)\x1b[0m"]);
  });

  test("colours nothing without colours, and no line for IO.gets", () => {
    expect(styled(editing("const"), plain)).toEqual([undefined]);
    expect(styled(editing("const", 5, { reading: "line" }))).toEqual([undefined]);
  });

  test("offers no more than the row has room for, so that no row comes and goes with a key", () => {
    const entries = ["send(kate, 123456789)"];
    const state = { ...editing("se"), entries, entry: 1 };
    const look = { colors: false, tokenize: tokenizeLine };
    expect(layout(state, prompts, { columns: 20, rows: 24 }, look).rows.map(({ text }) => text)).toEqual([
      "moebi(1)> send(kate…",
    ]);
  });

  test("offers the rest of a statement, dim, behind the cursor", () => {
    const state = editing("se", 2, { entries: ["send(a)", "self()\nflush()"], entry: 2 });
    expect(styled(state, plain)).toEqual(["moebi(1)> se\x1b[2mlf() …\x1b[0m"]);
    expect(layout(state, prompts, { columns: 30, rows: 24 }, look).cursor).toEqual({ x: 12, y: 0 });
  });
});

describe("layoutTail()", () => {
  test("shows the last row of a partial line", () => {
    expect(layoutTail("0123456789abc", { columns: 10, rows: 24 })).toEqual({
      rows: [{ text: "abc", dim: false }],
      cursor: { x: 3, y: 0 },
    });
  });
});
