import { describe, expect, test } from "vitest";
import type { Offer, OfferedCandidate } from "../../src/shell/complete.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../src/shell/settings.ts";
import { createEditor, type EditorState, type Effect, settle, step } from "../../src/terminal/editor.ts";
import { KeyParser } from "../../src/terminal/keys.ts";
import { offered, offerLate } from "../../src/terminal/popup.ts";

const up = "\x1b[A";
const down = "\x1b[B";
const left = "\x1b[D";
const right = "\x1b[C";
const shiftTab = "\x1b[Z";
const ESCAPE = "\x1b";

function open(settings: Partial<Settings> = {}, ...entries: string[]): EditorState {
  return createEditor("statement", entries, [], { ...DEFAULT_SETTINGS, completeWhileTyping: true, ...settings });
}

/** What typing `input` leads to, with the cursor as `|`. */
function type(input: string, state: EditorState = open()) {
  const parser = new KeyParser();
  const effects: Effect[] = [];
  for (const key of [...parser.push(input), ...parser.flush()]) {
    const next = step(state, key, 0);
    state = next.state;
    effects.push(...next.effects);
  }
  const { text, cursor } = state.buffer;
  return { state, effects, shown: `${text.slice(0, cursor).join("")}|${text.slice(cursor).join("")}` };
}

function offerOf(start: number, ...names: string[]): Offer {
  return { start, candidates: names.map((text) => ({ text, kind: "function" })) };
}

/** `input` typed, and what may stand there answered. */
function asked(input: string, offer: Offer, state?: EditorState): EditorState {
  const typed = type(input, state).state;
  return offered(typed, typed.popup?.before ?? "", offer);
}

const names = ({ popup }: EditorState): string[] | undefined => popup?.candidates.map(({ text }) => text);
const chosen = ({ popup }: EditorState): string | undefined => popup?.candidates[popup.chosen ?? -1]?.text;

const THREE = offerOf(5, "async", "asyncStream", "await");
const three = (state?: EditorState): EditorState => asked("Task.a", THREE, state);

describe("completeWhileTyping", () => {
  test("asks for nothing unless it is set", () => {
    const { state, effects } = type("Task.a", createEditor("statement"));
    expect([state.popup, effects]).toEqual([undefined, []]);
  });

  test("asks behind what is typed of a name, a dot and a quote, and shows what is answered", () => {
    for (const input of ["T", "Task.", 'c("', 'c("src/']) expect(type(input).effects.at(-1)).toEqual({ type: "offer" });
    expect(names(three())).toEqual(["async", "asyncStream", "await"]);
  });

  test.each([
    ["a space", "a "],
    ["a number", "1.5"],
    ["a spread", "f(..."],
    ["a closing quote", '"a"'],
    ["an operator", "a /"],
    ["a paste", "\x1b[200~Task.a\x1b[201~"],
    ["a key that only moves", `Task.a(${left}`],
    ["a character in the middle of a word", `ab${left}c`],
    ["a key that Ctrl+V takes", "\x16\t"],
  ])("asks for nothing behind %s", (_, input) => {
    expect(type(input).state.popup).toBeUndefined();
  });

  test("asks for nothing in a reverse search, in vi's normal mode, and in a line for IO.gets", () => {
    expect(type("\x12Ta").state.popup).toBeUndefined();
    const vi = { editing: "vi" } as const;
    expect(type(`ab c${ESCAPE}0x`, open(vi)).state.popup).toBeUndefined();
    expect(type("Ta", open(vi)).state.popup?.awaited).toBe(true);
    const line = createEditor("line", [], [], { ...DEFAULT_SETTINGS, completeWhileTyping: true });
    expect(type("Ta", line).state.popup).toBeUndefined();
  });

  test("filters what it has as the word goes on, and asks for no more", () => {
    const { state, effects } = type("sync", three());
    expect([names(state), effects]).toEqual([["async", "asyncStream"], []]);
    expect(names(type("S", state).state)).toEqual(["asyncStream"]);
    // Nothing is offered that is there already.
    expect(names(type("Stream", state).state)).toEqual([]);
  });

  test("asks again where the first answer did not say all, and shows what fits meanwhile", () => {
    const members = asked("Task.", offerOf(5, "async", "await", "yield"));
    const { state, effects } = type("a", members);
    expect([names(state), effects]).toEqual([["async", "await"], [{ type: "offer" }]]);
    expect(names(offerLate(state))).toEqual([]);
  });

  test("asks again behind Backspace, while something is shown", () => {
    const { state, effects } = type("\x7f", three());
    expect([state.popup?.before, effects]).toEqual(["Task.", [{ type: "offer" }]]);
    expect(type("Task.a \x7f").state.popup).toBeUndefined();
  });

  test("an answer for a text that is no more changes nothing; one for a beginning of the word is filtered", () => {
    const { state } = type("Task.as");
    expect(offered(state, "Node.", offerOf(5, "ping"))).toBe(state);
    expect(names(offered(state, "Task.a", THREE))).toEqual(["async", "asyncStream"]);
    const done = type("\r", state).state;
    expect(offered(done, "Task.as", THREE)).toBe(done);
    // No answer: the next key asks.
    expect(offered(state, "Task.as", undefined).popup).toBeUndefined();
    expect(offered(state, "Task.a", undefined)).toBe(state);
  });

  test("lists no names before one is begun, nor what can't be taken", () => {
    const bare: Offer = { start: 2, candidates: [{ text: "abc", kind: "variable" }] };
    const typed = type('f"').state;
    expect(names(offered(typed, 'f"', bare))).toEqual([]);
    const signature: OfferedCandidate = { text: "", kind: "signature", signature: "f(a)" };
    expect(names(asked("f", { start: 1, candidates: [signature] }))).toEqual([]);
    expect(names(asked('c("', { start: 3, candidates: [{ text: "src/", kind: "text" }] }))).toEqual(["src/"]);
  });
});

describe("the keys of the pop-up", () => {
  test("Tab enters it, Tab and the arrows move in it, round its ends; Up from the first leaves it", () => {
    const moved = (keys: string) => chosen(type(keys, three()).state);
    expect(moved("\t")).toBe("async");
    expect(moved("\t\t")).toBe("asyncStream");
    expect(moved(`\t${down}${down}`)).toBe("await");
    expect(moved("\t\t\t\t")).toBe("async");
    expect(moved(`\t\t${shiftTab}`)).toBe("async");
    expect(moved(shiftTab)).toBe("await");
    expect(moved(`\t${down}${up}`)).toBe("async");
    expect(moved(`\t${up}`)).toBeUndefined();
    expect(names(type(`\t${up}`, three()).state)).toHaveLength(3);
    // Nothing is in the line yet.
    expect(type("\t\t", three()).shown).toBe("Task.a|");
  });

  test("Enter takes what is chosen, and submits what stands there without a choice", () => {
    const { state, effects, shown } = type("\t\t\r", three());
    expect([shown, effects, state.popup]).toEqual(["Task.asyncStream|", [], undefined]);
    const entered = type("\r", three());
    expect(entered.effects).toEqual([{ type: "parse", source: "Task.a" }]);
    expect(entered.state.popup).toBeUndefined();
    expect(settle(entered.state, "complete").effects).toEqual([{ type: "submit", source: "Task.a" }]);
  });

  test("a further character, or a paste, takes what is chosen and stands behind it", () => {
    expect(type("\t(", three()).shown).toBe("Task.async(|");
    expect(type("\t\t(f, 1)", three()).shown).toBe("Task.asyncStream(f, 1)|");
    expect(type("\t\x1b[200~(1)\x1b[201~", three()).shown).toBe("Task.async(1)|");
    expect(type("\t.", three()).effects).toEqual([{ type: "offer" }]);
  });

  test("Tab takes the only one, as it does without a pop-up", () => {
    expect(type("\t", asked("Task.y", offerOf(5, "yield"))).shown).toBe("Task.yield|");
  });

  test("what was taken is undone at once", () => {
    expect(type("\t\r\x1f", three()).shown).toBe("Task.a|");
  });

  test("Up and Down are the history's until something is chosen", () => {
    const { state, shown } = type(up, three(open({}, "Task.all()")));
    expect([shown, state.popup]).toEqual(["Task.all()|", undefined]);
    expect(type(`${up}${down}`, three(open({}, "Task.all()"))).shown).toBe("Task.a|");
  });

  test("Right takes the suggestion from the history, whatever is chosen", () => {
    expect(type(right, three(open({}, "Task.all()"))).shown).toBe("Task.all()|");
    expect(type(`\t${right}`, three(open({}, "Task.all()"))).shown).toBe("Task.all()|");
  });

  test("Escape closes it until another word begins, and keeps the line", () => {
    const closed = type(`\t${ESCAPE}`, three());
    expect([closed.shown, names(closed.state)]).toEqual(["Task.a|", []]);
    // It stands for no Alt.
    const on = type("b", closed.state);
    expect([on.shown, names(on.state), on.effects]).toEqual(["Task.ab|", [], []]);
    expect(type(".", on.state).effects).toEqual([{ type: "offer" }]);
  });

  test("Escape leaves vi's insert mode, whatever is shown", () => {
    const { state } = type(ESCAPE, three(open({ editing: "vi" })));
    expect([state.vi.mode, state.popup]).toEqual(["normal", undefined]);
  });

  test("in vi's way what was taken is done again by a dot", () => {
    const vi = three(open({ editing: "vi" }));
    const changed = type(`\t(1)${ESCAPE}ccTask.a`, vi).state;
    const taken = type(`\t\r${ESCAPE}`, offered(changed, "Task.a", THREE)).state;
    expect(type("u.", taken).shown).toBe("Task.asyn|c");
  });

  test("Ctrl+C clears the line and closes it, and other keys leave what is chosen", () => {
    const cleared = type("\t\x03", three());
    expect([cleared.shown, cleared.state.popup]).toEqual(["|", undefined]);
    expect(type(`\t${left}`, three())).toMatchObject({ shown: "Task.|a", state: { popup: undefined } });
  });

  test("are those that a person has bound to the commands", () => {
    const own = open({ keys: { "ctrl+o": "complete", tab: "nothing", escape: "undo" } });
    expect(chosen(type("\x0f\x0e", three(own)).state)).toBe("asyncStream");
    expect(chosen(type("\t", three(own)).state)).toBeUndefined();
    expect(type(ESCAPE, three(own)).state.popup).toBeUndefined();
  });

  test("stays as it is while one chooses", () => {
    const members = asked("Task.", offerOf(5, "async", "await", "yield"));
    const choosing = type("a\t\t", members).state;
    expect(offered(choosing, "Task.a", offerOf(5, "all"))).toBe(choosing);
    expect(offerLate(choosing)).toBe(choosing);
    expect(chosen(choosing)).toBe("await");
  });

  test("what another node offers puts no control character into the line", () => {
    expect(type("\t", asked("Task.y", offerOf(5, "y\x1b[2J\rz"))).shown).toBe("Task.y[2J\nz|");
  });
});
