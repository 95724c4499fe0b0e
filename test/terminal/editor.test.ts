import { describe, expect, test } from "vitest";
import { sourceOf } from "../../src/terminal/buffer.ts";
import { completed, createEditor, settle, step, type EditorState, type Effect } from "../../src/terminal/editor.ts";
import { KeyParser } from "../../src/terminal/keys.ts";

const left = "\x1b[D";
const up = "\x1b[A";
const down = "\x1b[B";

/** What is left after typing `input`, with the cursor shown as `|`, and the effects on the way. */
function type(input: string, state: EditorState = createEditor("statement"), now = 0) {
  const parser = new KeyParser();
  const effects: Effect[] = [];
  for (const key of [...parser.push(input), ...parser.flush()]) {
    const next = step(state, key, now);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects, shown: show(state) };
}

function show({ buffer }: EditorState): string {
  return `${buffer.text.slice(0, buffer.cursor).join("")}|${buffer.text.slice(buffer.cursor).join("")}`;
}

function withHistory(...entries: string[]): EditorState {
  return createEditor("statement", entries);
}

describe("step() editing", () => {
  test.each([
    ["a character", "ab", "ab|"],
    ["Left and a character", `ac${left}b`, "ab|c"],
    ["Home and End", "b\x01a\x05c", "abc|"],
    ["Ctrl+Left and Ctrl+Right", "foo.bar(baz)\x1b[1;5D\x1b[1;5D\x1b[1;5C", "foo.bar|(baz)"],
    ["Alt+B and Alt+F", "one two\x1bb\x1bb\x1bf", "one| two"],
    ["Backspace", "ab\x7f", "a|"],
    ["Delete", "ab\x01\x1b[3~", "|b"],
    ["Ctrl+D before text", "ab\x01\x04", "|b"],
    ["Ctrl+W", "foo.bar\x17", "foo.|"],
    ["Alt+D", "foo bar\x01\x1bd", "| bar"],
    ["Ctrl+K", "foo bar\x1bb\x0b", "foo |"],
    ["Ctrl+U", "foo bar\x1bb\x15", "|bar"],
    ["Ctrl+K and Ctrl+Y", "foo bar\x1bb\x0b\x01\x19", "bar|foo "],
    ["two kills in a row and one yank", "one two\x17\x17\x19", "one two|"],
    ["Alt+Y after a yank", `a\x15 b\x15\x19\x1by`, "a|"],
    ["Ctrl+T", "ab\x14", "ba|"],
    ["undo", "ab\x15\x1f", "ab|"],
    ["undo of a word", "ab\x1f", "|"],
    ["Ctrl+J", "a\nb", "a\nb|"],
    ["Alt+Enter", "a\x1b\rb", "a\nb|"],
    ["Shift+Enter of the kitty protocol", "a\x1b[13;2ub", "a\nb|"],
    ["Home in the second line", "ab\ncd\x01", "ab\n|cd"],
    ["Up in a block", `abc\nd${up}`, "a|bc\nd"],
    ["Up and Down over a shorter line", `abc\n\nabc${up}${up}${down}${down}`, "abc\n\nabc|"],
    ["Ctrl+K at the end of a line", `a\nb${up}\x05\x0b`, "a|b"],
    ["Tab in an empty continuation line", "{\n\ta", "{\n  a|"],
  ])("IEX-037: %s", (_, input, expected) => {
    expect(type(input).shown).toBe(expected);
  });

  test("deletes a joined emoji as one character", () => {
    expect(type("a👩‍👩‍👧\x7f").shown).toBe("a|");
  });

  test("joins an accent that comes after its letter", () => {
    const { state } = type("e", type("").state);
    expect(type("\u0301", state).state.buffer.text).toEqual(["e\u0301"]);
  });

  test("inserts a paste as text, without its last newline and without control characters", () => {
    expect(type("\x1b[200~a\r\n\tb\x1b[31m\x03\r\x1b[201~").shown).toBe("a\n\tb[31m|");
  });

  test("undoes a paste as one", () => {
    expect(type("x \x1b[200~a\rb\x1b[201~\x1f").shown).toBe("x |");
  });
});

describe("step() and statements", () => {
  test("asks whether a statement is whole, and submits it where it is", () => {
    const { state, effects } = type("1 + 1\r");
    expect(effects).toEqual([{ type: "parse", source: "1 + 1" }]);
    expect(settle(state, "complete").effects).toEqual([{ type: "submit", source: "1 + 1" }]);
  });

  test("IEX-003: goes on in another line while a statement is incomplete", () => {
    const { state } = type("f(\r");
    const next = settle(state, "incomplete");
    expect(next.effects).toEqual([]);
    expect(show(next.state)).toBe("f(\n|");
  });

  test("hands a wrong statement over", () => {
    expect(settle(type(")\r").state, "wrong").effects).toEqual([{ type: "submit", source: ")" }]);
  });

  test("IEX-004: hands an unfinished block over when its last line is the break line", () => {
    expect(type("f(\n#moebi:break\r").effects).toEqual([{ type: "submit", source: "f(\n#moebi:break" }]);
  });

  test("submits a line for IO.gets without asking", () => {
    expect(type("f(\r", createEditor("line")).effects).toEqual([{ type: "submit", source: "f(" }]);
  });

  test("clears the line at Ctrl+C, which can be undone", () => {
    const { shown, state } = type("ab\x03");
    expect(shown).toBe("|");
    expect(type("\x1f", state).shown).toBe("ab|");
  });

  test("leaves at a second Ctrl+C on an empty line, after a hint", () => {
    const { state } = type("\x03");
    expect(state.hint).toBe("(Ctrl+C again to leave, or Ctrl+D)");
    expect(type("\x03", state, 1999).effects).toEqual([{ type: "end" }]);
  });

  test("stays when the second Ctrl+C comes later, or after another key", () => {
    const { state } = type("\x03");
    expect(type("\x03", state, 2001).effects).toEqual([]);
    expect(type("a\x7f\x03", state).effects).toEqual([]);
  });

  test("never leaves by the Ctrl+C that clears a line", () => {
    expect(type("a\x03\x03").effects).toEqual([]);
  });

  test("ends at Ctrl+D on an empty line", () => {
    expect(type("\x04").effects).toEqual([{ type: "end" }]);
  });

  test("interrupts what runs at Ctrl+C in a line for IO.gets", () => {
    const { shown, effects } = type("ab\x03", createEditor("line"));
    expect(effects).toEqual([{ type: "interrupt" }]);
    expect(shown).toBe("|");
  });
});

describe("step() and completion", () => {
  test("asks for completions of what is before the cursor", () => {
    expect(type(`foo.ba)${left}\t`).effects).toEqual([{ type: "complete", before: "foo.ba" }]);
  });

  test("inserts what all candidates share, and lists them where they share nothing more", () => {
    const candidates = [{ name: "spawn" }, { name: "spawnLink" }];
    const first = completed(type("sp").state, { insert: "awn", candidates });
    expect(show(first)).toBe("spawn|");
    expect(first.candidates).toEqual([]);
    const second = completed(first, { insert: "", candidates });
    expect(second.candidates).toEqual(candidates);
    expect(type("L", second).state.candidates).toEqual([]);
  });
});

describe("step() and history", () => {
  test("recalls whole blocks with Up and comes back to what was typed", () => {
    const state = withHistory("one", "two(\n1)");
    expect(type(`x${up}`, state).shown).toBe("two(\n1)|");
    expect(type(`x${up}${up}${up}`, state).shown).toBe("one|");
    expect(type(`x${up}\x1b[6~`, state).shown).toBe("x|");
  });

  test("keeps what was typed over an entry", () => {
    expect(type(`${up}!${up}${down}`, withHistory("one", "two")).shown).toBe("two!|");
  });

  test("searches backwards for what is typed, and further back at each Ctrl+R", () => {
    const state = withHistory("spawn(a)", "send(b)", "spawn(c)", "x");
    expect(type("\x12spa", state).shown).toBe("|spawn(c)");
    expect(type("\x12spa\x12", state).shown).toBe("|spawn(a)");
    expect(type("\x12spa\x12\x12", state).state.search?.failed).toBe(true);
    expect(type("\x12spa\x12\x13", state).shown).toBe("|spawn(c)");
  });

  test("submits what a search found at Enter", () => {
    expect(type("\x12spa\r", withHistory("spawn(a)")).effects).toEqual([{ type: "parse", source: "spawn(a)" }]);
  });

  test("goes back to what was typed when a search is given up", () => {
    expect(type("x\x12spa\x07", withHistory("spawn(a)")).shown).toBe("x|");
  });

  test("has no history in a line for IO.gets", () => {
    expect(type(`a${up}`, createEditor("line", ["one"])).shown).toBe("a|");
  });
});

test("sourceOf() gives back what was typed", () => {
  expect(sourceOf(type("a\nb").state.buffer)).toBe("a\nb");
});
