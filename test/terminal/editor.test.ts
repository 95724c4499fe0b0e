import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/shell/settings.ts";
import { sourceOf } from "../../src/terminal/buffer.ts";
import {
  completed,
  createEditor,
  editedOutside,
  settle,
  step,
  type EditorState,
  type Effect,
} from "../../src/terminal/editor.ts";
import { KeyParser } from "../../src/terminal/keys.ts";

const left = "\x1b[D";
const up = "\x1b[A";
const down = "\x1b[B";
const right = "\x1b[C";
const pageUp = "\x1b[5~";

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
    ["redo", "ab\x15\x1f\x1b_", "|"],
    ["nothing to redo after typing", "ab\x15\x1fc\x1b_", "abc|"],
    ["Ctrl+X Ctrl+U", "ab\x15\x18\x15", "ab|"],
    ["Alt+T", "one two\x1bt", "two one|"],
    ["Alt+U", "one two\x01\x1bu", "ONE| two"],
    ["Alt+L", "ONE two\x01\x1bl", "one| two"],
    ["Alt+C", "one two\x01\x1bf\x1bc", "one Two|"],
    ["Alt+\\", "a   b\x1bb\x1b\\", "a|b"],
    ["Ctrl+] and a character", "foo.bar(baz)\x01\x1d(x", "foo.barx|(baz)"],
    ["Alt+Ctrl+] and a character", "foo.bar(baz)\x1b\x1d.x", "foox|.bar(baz)"],
    ["Ctrl+] and a character that is not there", "abc\x01\x1dz", "|abc"],
    ["Ctrl+V and Tab", "a\x16\tb", "a\tb|"],
    ["Ctrl+Q and Escape", "\x11\x1b", "\x1b|"],
    ["Ctrl+X and a key that means nothing behind it", "a\x18zb", "ab|"],
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

describe("step() and Escape", () => {
  /** Each behind the other, so long after it. */
  const apart = (ms: number, ...keys: string[]) =>
    keys.reduce<{ state: EditorState; at: number }>(
      ({ state, at }, key) => ({ state: type(key, state, at + ms).state, at: at + ms }),
      { state: createEditor("statement"), at: 0 },
    ).state;

  test("stands for Alt, as in Emacs", () => {
    expect(show(apart(300, "one two", "\x1b", "b", "X"))).toBe("one X|two");
    expect(show(apart(300, "one two", "\x1b", "\x7f"))).toBe("one |");
    expect(show(apart(300, "\x1b", "3", "x"))).toBe("xxx|");
    expect(show(apart(300, "a", "\x1b", "\r", "b"))).toBe("a\nb|");
  });

  test("stands for nothing before a key that Alt changes nothing of, before an arrow, and after a second", () => {
    expect(show(apart(300, "one", "\x1b", "z"))).toBe("onez|");
    expect(show(apart(300, "one two", "\x1b", left, "X"))).toBe("one twX|o");
    expect(show(apart(1100, "one two", "\x1b", "b"))).toBe("one twob|");
  });

  test("only takes away what is shown below", () => {
    const shown = { ...type("one").state, hint: "look" };
    const { state } = type("\x1b", shown);
    expect([state.hint, show(type("b", state).state)]).toEqual([undefined, "oneb|"]);
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

  test("says how to leave a statement that stays unfinished", () => {
    const hint = "(unfinished: Ctrl+C gives the block up; Alt+Enter adds a line)";
    const again = ({ state }: { state: EditorState }): { state: EditorState } => settle(state, "incomplete");
    const twice = again(again({ state: type("f(").state }));
    expect([twice.state.hint, again(twice).state.hint]).toEqual([hint, hint]);
    const typing = type("1,", again({ state: type("f(").state }).state);
    expect([again(typing).state.hint, again({ state: type("2,", again(typing).state).state }).state.hint]).toEqual([
      undefined,
      hint,
    ]);
    expect(type("2", again(twice).state).state.hint).toBeUndefined();
    expect(type("\x03f(", again(twice).state).state.unfinished).toBe(0);
  });

  test("puts the last value in front of an operator that begins a statement", () => {
    expect(settle(type(".length\r").state, "complete").effects).toEqual([{ type: "submit", source: "v().length" }]);
    expect(settle(type(".5\r").state, "complete").effects).toEqual([{ type: "submit", source: ".5" }]);
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
    expect(type("\x03", state, 2001).effects).toEqual([{ type: "interrupt" }]);
    expect(type("a\x7f\x03", state).effects).toEqual([{ type: "interrupt" }]);
  });

  test("never leaves by the Ctrl+C that clears a line", () => {
    expect(type("a\x03\x03").effects).toEqual([{ type: "interrupt" }]);
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
    expect(type(up, state).shown).toBe("two(\n1)|");
    expect(type(`${up}${up}${up}`, state).shown).toBe("one|");
    expect(type(`x${pageUp}`, state).shown).toBe("two(\n1)|");
    expect(type(`x${pageUp}\x1b[6~`, state).shown).toBe("x|");
  });

  test("recalls with Up what begins with what is typed before the cursor", () => {
    const state = withHistory("send(a)", "spawn(b)", "x", "send(c)", "send(c)", "y");
    expect(type(`se${up}`, state).shown).toBe("send(c)|");
    expect(type(`se${up}${up}`, state).shown).toBe("send(a)|");
    expect(type(`se${up}${up}${up}`, state).shown).toBe("send(a)|");
    expect(type(`se${up}${up}${down}`, state).shown).toBe("send(c)|");
    expect(type(`sex${left}${up}${down}`, state).shown).toBe("se|x");
    expect(type(`none${up}`, state).shown).toBe("none|");
  });

  test("goes on through a block to what else begins alike", () => {
    const state = withHistory("f(1)", "g()", "f(\n2)");
    expect(type(`f${up}${up}${up}`, state).shown).toBe("f(1)|");
  });

  test("has no filter in a block: Up leads out of it to the entry before", () => {
    expect(type(`a\nb${up}${up}`, withHistory("one")).shown).toBe("one|");
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

describe("step() and suggestions", () => {
  const state = withHistory("send(a, 1)", "spawn(b)", "self()\nflush()");

  test.each([
    ["Right", right],
    ["End", "\x1b[F"],
    ["Ctrl+E", "\x05"],
    ["Ctrl+F", "\x06"],
  ])("%s at the end takes the rest of the newest entry that begins alike", (_, key) => {
    expect(type(`sen${key}`, state).shown).toBe("send(a, 1)|");
  });

  test("Alt+F takes a word of it", () => {
    expect(type("sen\x1bf", state).shown).toBe("send|");
    expect(type("sen\x1bf\x1bf", state).shown).toBe("send(a|");
  });

  test("takes nothing within the line, of another line, or when they are turned off", () => {
    expect(type(`sen${left}${right}`, state).shown).toBe("sen|");
    expect(type(`zen${right}`, state).shown).toBe("zen|");
    const off = { ...DEFAULT_SETTINGS, suggestions: false };
    expect(type(`sen${right}`, createEditor("statement", state.entries, [], off)).shown).toBe("sen|");
  });

  test("takes blocks whole", () => {
    expect(type(`self${right}`, state).shown).toBe("self()\nflush()|");
  });
});

describe("step() and last words", () => {
  test("Alt+. puts in the last word of the entry before, and of earlier ones when pressed again", () => {
    const state = withHistory('send(alex, "hi there")', "Node.connect(kate)");
    expect(type("x \x1b.", state).shown).toBe("x kate|");
    expect(type("x \x1b.\x1b.", state).shown).toBe('x "hi there"|');
    expect(type("x \x1b.\x1b.\x1b.", state).shown).toBe('x "hi there"|');
  });
});

describe("step() and keys of one's own", () => {
  const keys = { "Ctrl+O": "newline", "ctrl+x n": "line-start", "alt+b": "nothing", f5: "accept" };
  const state = createEditor("statement", [], [], { ...DEFAULT_SETTINGS, keys });

  test("do what they are bound to, also several in a row", () => {
    expect(type("a\x0fb", state).shown).toBe("a\nb|");
    expect(type("abc\x18nx", state).shown).toBe("x|abc");
    expect(type("ab\x1b[15~", state).effects).toEqual([{ type: "parse", source: "ab" }]);
  });

  test("go before the editor's, which are there otherwise", () => {
    expect(type("one two\x1bb\x01x", state).shown).toBe("x|one two");
    expect(type("ab\x15\x18\x15", state).shown).toBe("ab|");
  });
});

describe("editedOutside()", () => {
  test("takes what the other editor left, which can be undone", () => {
    const { effects, state } = type("a\nb\x18\x05");
    expect(effects).toEqual([{ type: "edit", source: "a\nb" }]);
    const next = editedOutside(state, { source: "c\r\nd\n" });
    expect(show(next)).toBe("c\nd|");
    expect(type("\x1f", next).shown).toBe("a\nb|");
  });

  test("keeps the statement when the editor failed, and says why", () => {
    const next = editedOutside(type("a").state, { problem: "no editor" });
    expect([show(next), next.hint]).toEqual(["a|", "no editor"]);
  });
});

test("sourceOf() gives back what was typed", () => {
  expect(sourceOf(type("a\nb").state.buffer)).toBe("a\nb");
});
