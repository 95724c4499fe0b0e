/** The keys of vi: a prompt begins in insert mode, Escape leads to normal mode. */
import * as text from "./buffer.ts";
import { graphemes } from "./graphemes.ts";
import type { Key } from "./keys.ts";
import { recall, searchAgain, searching, vertical } from "./recall.ts";
import { edited, moved, only, typed, undone, type EditorState, type Step } from "./state.ts";
import { lineRange, operate, put, rangeOf, replaceCharacters, switchCase, type Operator } from "./vi-changes.ts";
import { findInLine, firstText, motion, type Target } from "./vi-motions.ts";
import { textObject } from "./vi-objects.ts";
import { takenBack, typedOver } from "./vi-replace.ts";
import type { ViFind, ViState } from "./vi-state.ts";

/** What vi needs of the editor around it. */
export interface ViEditor {
  step(state: EditorState, key: Key, now: number): Step;
  /** What a chord does without vi. */
  chord(state: EditorState, name: string, now: number): Step;
}

const OPERATED = /^([1-9]\d*)?(g[uU~]|[dcy])([1-9]\d*)?(g[geEuU~]|[fFtT`'].+|[ia].+|[hjklwWbBeE0^$%|G;, dcyuU~])$/su;
const MOVED = /^([1-9]\d*)?()()(g[geE]|[fFtT`'].+|[hjklwWbBeE0^$%|G;, ])$/su;
const SIMPLE = /^([1-9]\d*)?([rm].+|[xXsSDCYpPuUiaIAoO~.J/?nNRv])$/su;
/** The beginning of a command. */
const BEGUN = /^(?:[1-9]\d*)?(?:[rm"]|[gfFtT`']?|(?:g[uU~]|[dcy])(?:[1-9]\d*)?[gfFtT`'ia]?)$/u;
/** The letters of operators, as the second one of a command for whole lines, `dd` or `gUU`. */
const DOUBLED = /^(?:[dcyuU~]|g[uU~])$/u;

/** Commands that stand for an operator and a motion. */
const SHORT: Readonly<Record<string, string>> = { x: "dl", X: "dh", s: "cl", S: "cc", D: "d$", C: "c$", Y: "yy" };
/** A text object, of what may follow `i` or `a`. */
const OBJECT = /^[ia][wWbB()[\]{}<>"'`]$/u;
/** Nothing of a command has been typed. */
const NO_COMMAND = { pending: "", register: undefined };
const REVERSED: Readonly<Record<string, string>> = { f: "F", F: "f", t: "T", T: "t" };

/** What a key does in vi's way of editing. */
export function viKey(state: EditorState, key: Exclude<Key, { type: "paste" }>, now: number, editor: ViEditor): Step {
  if (key.type === "text") {
    if (state.vi.mode === "insert") {
      const { replaced } = state.vi;
      const ready = recorded(state, key);
      return only(replaced === undefined ? typed(ready, key.text) : typedOver(ready, replaced, key.text));
    }
    const [first = "", ...others] = graphemes(key.text);
    const next = normal(state, first, now, editor);
    return others.length === 0 ? next : after(next, { type: "text", text: others.join("") }, now, editor);
  }
  const name = key.chord;
  // Escape and what was typed right behind it come as one chord.
  const escaped = /^alt\+(.)$/su.exec(name)?.[1];
  if (escaped !== undefined) return after(escape(state), { type: "text", text: escaped }, now, editor);
  const control = /^ctrl\+alt\+(.)$/su.exec(name)?.[1];
  if (control !== undefined) return after(escape(state), { type: "chord", chord: `ctrl+${control}` }, now, editor);
  if (name === "escape") return escape(state);
  if (state.vi.mode === "insert") {
    const { replaced } = state.vi;
    const ready = recorded(state, key);
    if (replaced === undefined) return editor.chord(ready, name, now);
    if (name === "backspace") return only(takenBack(ready, replaced));
    // Elsewhere there is nothing to take back.
    return editor.chord(withVi(ready, { replaced: [] }), name, now);
  }
  const ready = withVi(state, NO_COMMAND);
  switch (name) {
    case "tab":
      return only(ready);
    case "backspace":
      return normal(state, "h", now, editor);
    case "delete":
      return normal(state, "x", now, editor);
    case "ctrl+r":
      return settled(editor.chord(ready, "alt+_", now));
    case "enter":
      // If it is not whole yet, it is gone on with at its end.
      return editor.chord(withVi(moved(ready, ready.buffer.text.length), { mode: "insert" }), name, now);
    default:
      return settled(editor.chord(ready, name, now));
  }
}

function after(first: Step, key: Key, now: number, editor: ViEditor): Step {
  const next = editor.step(first.state, key, now);
  return { state: next.state, effects: [...first.effects, ...next.effects] };
}

function withVi(state: EditorState, changes: Partial<ViState>): EditorState {
  return { ...state, vi: { ...state.vi, ...changes } };
}

/** In normal mode the cursor is on a character, never behind the last one of its line. */
function settled({ state, effects }: Step): Step {
  const { buffer } = state;
  const behind =
    state.vi.mode === "normal" &&
    buffer.cursor === text.lineEnd(buffer) &&
    buffer.cursor > text.lineStart(buffer) &&
    state.search === undefined;
  return { state: behind ? { ...state, buffer: text.moveTo(buffer, buffer.cursor - 1) } : state, effects };
}

function recorded(state: EditorState, key: Key): EditorState {
  const { recording } = state.vi;
  return recording === undefined ? state : withVi(state, { recording: [...recording, key] });
}

function escape(state: EditorState): Step {
  if (state.vi.mode === "normal") return only(withVi(state, NO_COMMAND));
  const { recording, change } = state.vi;
  const done = recording === undefined ? change : [...recording, { type: "chord", chord: "escape" } as const];
  const left = Math.max(text.lineStart(state.buffer), state.buffer.cursor - 1);
  return settled(
    only(
      withVi(moved(state, left), {
        mode: "normal",
        ...NO_COMMAND,
        recording: undefined,
        replaced: undefined,
        change: done,
      }),
    ),
  );
}

/** One more character of a command. */
function normal(state: EditorState, character: string, now: number, editor: ViEditor): Step {
  const typed = state.vi.pending + character;
  const [, times = "", named] = /^([1-9]\d*)?"(.)$/su.exec(typed) ?? [];
  if (named !== undefined) return only(withVi(state, { pending: times, register: named }));
  const { register } = state.vi;
  const { state: next, effects } = command(state, typed, now, editor);
  // A command that is not whole yet keeps the register that was named for it.
  const whole = next.vi.pending === "";
  return { state: whole ? withVi(intoRegister(state, next, register), { register: undefined }) : next, effects };
}

/** What the command before has taken is in the register, behind what is there if that was named by a capital letter. */
function intoRegister(before: EditorState, state: EditorState, register: string | undefined): EditorState {
  const taken = state.kills === before.kills ? undefined : state.kills.at(-1);
  if (register === undefined || taken === undefined) return state;
  // What goes into `_` is not kept.
  if (register === "_") return { ...state, kills: before.kills };
  const name = register.toLowerCase();
  const held = name === register ? "" : (state.vi.registers.get(name) ?? "");
  return withVi(state, { registers: new Map(state.vi.registers).set(name, held + taken) });
}

function command(state: EditorState, typed: string, now: number, editor: ViEditor): Step {
  const { register } = state.vi;
  const ready = withVi({ ...state, last: "other" }, { pending: "" });
  // For what `.` does again.
  const keys = register === undefined ? typed : `"${register}${typed}`;
  const simple = SIMPLE.exec(typed);
  if (simple) {
    const [, count, name = ""] = simple;
    const short = SHORT[name];
    if (short !== undefined) return operated(ready, OPERATED.exec((count ?? "") + short), keys);
    return settled(simply(ready, name, count === undefined ? undefined : Number(count), keys, now, editor));
  }
  const operator = OPERATED.exec(typed);
  if (operator) return operated(ready, operator, keys);
  const motions = MOVED.exec(typed);
  if (motions) return settled(only(go(ready, motions[4] ?? "", countOf(motions))));
  return only(BEGUN.test(typed) ? withVi(ready, { pending: typed }) : ready);
}

function countOf([, first, , second]: RegExpExecArray): number | undefined {
  if (!first && !second) return undefined;
  return Number(first || 1) * Number(second || 1);
}

function go(state: EditorState, name: string, count: number | undefined): EditorState {
  if (name === "j" || name === "k") {
    const direction = name === "j" ? 1 : -1;
    let next = state;
    for (let n = 0; n < (count ?? 1); n++) {
      const edge = direction < 0 ? text.onFirstLine(next.buffer) : text.onLastLine(next.buffer);
      next = edge ? recall(next, direction) : vertical(next, direction);
    }
    return next;
  }
  const [target, find] = targetOf(state, name, count);
  const found = withVi(state, { find });
  return target === undefined ? found : moved(found, target.position);
}

/** Where a motion leads, and the search that `;` repeats afterwards. */
function targetOf(
  { buffer, vi }: EditorState,
  name: string,
  count: number | undefined,
): [Target | undefined, ViFind | undefined] {
  const again = name === ";" || name === ",";
  const { find } = vi;
  if (/^[`']/u.test(name)) return [marked(buffer, vi.marks.get(name.slice(1)), name.startsWith("'")), find];
  if (!again && !/^[fFtT]/.test(name)) return [motion(buffer, name, count), find];
  const wanted = again ? find : { kind: name.charAt(0), character: name.slice(1) };
  if (wanted === undefined) return [undefined, find];
  const kind = name === "," ? (REVERSED[wanted.kind] ?? wanted.kind) : wanted.kind;
  const position = findInLine(buffer, { ...wanted, kind }, count ?? 1, again);
  const span = kind === "f" || kind === "t" ? "inclusive" : "exclusive";
  return [position === undefined ? undefined : { position, span }, wanted];
}

/** A place that was marked, or the first text of its line. */
function marked(buffer: text.Buffer, mark: number | undefined, line: boolean): Target | undefined {
  if (mark === undefined) return undefined;
  const position = Math.min(mark, buffer.text.length);
  return line ? { position: firstText(buffer, position), span: "lines" } : { position, span: "exclusive" };
}

function operated(state: EditorState, match: RegExpExecArray | null, keys: string): Step {
  const [, , letter = "", , name = ""] = match ?? [];
  const operator = letter as Operator;
  // The letter of another operator is no motion.
  if (match === null || (DOUBLED.test(name) && !isDoubled(operator, name))) return only(state);
  if (/^[ia]/.test(name) && !OBJECT.test(name)) return only(state);
  const count = countOf(match);
  const next = OBJECT.test(name)
    ? operate(state, operator, textObject(state.buffer, name, count ?? 1))
    : operatedTo(state, operator, name, count);
  if (next === undefined) return only(state);
  if (operator === "y") return settled(only(next));
  return settled(only(operator === "c" ? inserting(next, keys, true) : changedBy(next, keys)));
}

function isDoubled(operator: Operator, name: string): boolean {
  return name === operator || (operator.startsWith("g") && name === operator.slice(1));
}

/** An operator over so many lines, or up to where a motion leads. */
function operatedTo(
  state: EditorState,
  operator: Operator,
  name: string,
  count: number | undefined,
): EditorState | undefined {
  const { buffer } = state;
  if (isDoubled(operator, name)) return operate(state, operator, lineRange(buffer, count ?? 1));
  const [target, find] = targetOf(state, name, count);
  const range = target && rangeOf(buffer, operator, name, target, count ?? 1);
  return operate(withVi(state, { find }), operator, range, target);
}

/** What `.` does again from now on. */
function changedBy(state: EditorState, keys: string): EditorState {
  return withVi(state, { change: [{ type: "text", text: keys }] });
}

/** Insert mode, as part of the change that has begun, or as one of its own. */
function inserting(state: EditorState, keys: string, begun = false): EditorState {
  const next = withVi(state, { mode: "insert", recording: [{ type: "text", text: keys }] });
  return { ...next, last: begun ? "insert" : "other" };
}

function simply(
  state: EditorState,
  command: string,
  given: number | undefined,
  keys: string,
  now: number,
  editor: ViEditor,
): Step {
  const { buffer } = state;
  const count = given ?? 1;
  const end = text.lineEnd(buffer);
  const insertAt = (position: number): Step => only(inserting(moved(state, position), keys));
  const openAt = (position: number, after: number): Step => {
    const opened = text.insert(text.moveTo(buffer, position), "\n");
    return only(inserting(edited(state, text.moveTo(opened, after)), keys, true));
  };
  const change = (next: text.Buffer | undefined): Step =>
    only(next === undefined ? state : changedBy(edited(state, next), keys));
  switch (command) {
    case "i":
      return insertAt(buffer.cursor);
    case "a":
      return insertAt(Math.min(end, buffer.cursor + 1));
    case "I":
      return insertAt(firstText(buffer));
    case "A":
      return insertAt(end);
    case "o":
      return openAt(end, end + 1);
    case "O":
      return openAt(text.lineStart(buffer), text.lineStart(buffer));
    case "p":
    case "P":
      return change(put(buffer, heldIn(state), command === "p", count));
    case "~":
      return change(switchCase(buffer, count));
    case "J":
      return change(joinLine(buffer));
    case "u": {
      let next = state;
      for (let n = 0; n < count; n++) next = undone(next);
      return only(next);
    }
    case "U": {
      let next = state;
      while (next.undo.length > 0) next = undone(next);
      return only(next);
    }
    case "/":
    case "?":
      return only(searching(state, command === "/" ? -1 : 1));
    case "n":
    case "N":
      return only(repeatSearch(state, command === "n", count));
    case "R":
      return only(withVi(inserting(state, keys), { replaced: [] }));
    case "v":
      // As in the shells that have vi's keys.
      return editor.chord(state, "ctrl+x ctrl+e", now);
    case ".":
      return repeat(state, given, now, editor);
    default:
      if (command.startsWith("m"))
        return only(withVi(state, { marks: new Map(state.vi.marks).set(command.slice(1), buffer.cursor) }));
      return change(replaceCharacters(buffer, command.slice(1), count));
  }
}

/** What is in the register that was named, or what was taken last. */
function heldIn({ kills, vi: { register, registers } }: EditorState): string | undefined {
  return register === undefined || register === '"' ? kills.at(-1) : registers.get(register.toLowerCase());
}

/** The next entry that holds what was searched for, in the direction of the search or against it. */
function repeatSearch(state: EditorState, along: boolean, count: number): EditorState {
  const { query } = state.vi;
  const direction = along === state.vi.direction < 0 ? -1 : 1;
  let next = state;
  if (query !== undefined) for (let n = 0; n < count; n++) next = searchAgain(next, query, direction);
  return next;
}

function joinLine(buffer: text.Buffer): text.Buffer | undefined {
  const end = text.lineEnd(buffer);
  if (end === buffer.text.length) return undefined;
  const { buffer: joined } = text.cut(buffer, end, firstText(buffer, end + 1));
  return text.moveTo(text.insert(joined, " "), end);
}

/** Does the last change again, with another count if one is given. */
function repeat(state: EditorState, count: number | undefined, now: number, editor: ViEditor): Step {
  let next = state;
  for (const [index, key] of state.vi.change.entries()) {
    const counted: Key =
      index === 0 && count !== undefined && key.type === "text"
        ? { type: "text", text: String(count) + key.text.replace(/^[1-9]\d*/, "") }
        : key;
    next = editor.step(next, counted, now).state;
  }
  return only(next);
}
