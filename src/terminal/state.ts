/** What the line editor knows, what its owner has to do, and the small changes that all commands are made of. */
import type { Candidate } from "../io/device.ts";
import { DEFAULT_SETTINGS, type Settings } from "../shell/settings.ts";
import * as text from "./buffer.ts";
import type { Buffer } from "./buffer.ts";
import type { Popup } from "./popup.ts";
import type { HistorySearch } from "./recall.ts";
import { initialVi, type ViState } from "./vi-state.ts";

/** What is being read: a statement of the shell, or a line for `IO.gets`. */
export type Reading = "statement" | "line";

/** The settings that change what keys do. */
export type EditorOptions = Pick<Settings, "editing" | "suggestions" | "completeWhileTyping" | "keys">;

export interface EditorState {
  readonly reading: Reading;
  readonly options: EditorOptions;
  readonly buffer: Buffer;
  /** The column that Up and Down keep to over shorter lines. */
  readonly goal: number | undefined;
  /** Earlier buffers, the latest last. */
  readonly undo: readonly Buffer[];
  /** Buffers that were undone, the latest last. */
  readonly redo: readonly Buffer[];
  /** What was cut, the latest last. */
  readonly kills: readonly string[];
  /** What the last key did, as kills in a row are joined, and Alt+Y follows a yank only. */
  readonly last: "insert" | "kill" | "yank" | "word" | "tab" | "other";
  /** Which kill the last yank put in, or which entry's word, counted back from the latest, and how long it is in graphemes. */
  readonly yanked: { readonly back: number; readonly length: number };
  /** Earlier statements, the oldest first. */
  readonly entries: readonly string[];
  /** The entry shown; `entries.length` is the statement being typed. */
  readonly entry: number;
  /** What was typed over entries, and the statement being typed while an entry is shown. */
  readonly drafts: ReadonlyMap<number, string>;
  /** What the entries that Up and Down show begin with. */
  readonly filter: string | undefined;
  readonly search: HistorySearch | undefined;
  /** What the next key completes: a chord of several keys, or a command that takes a character. */
  readonly awaiting: Awaiting | undefined;
  /** Shown below until the next key. */
  readonly candidates: readonly Candidate[];
  readonly hint: string | undefined;
  /** What is offered, or asked for, while one types. */
  readonly popup: Popup | undefined;
  /** When Ctrl+C met an empty line, in milliseconds. */
  readonly interruptedAt: number | undefined;
  /** How often in a row Enter found the statement incomplete. */
  readonly unfinished: number;
  readonly vi: ViState;
}

export type Awaiting =
  | { readonly type: "chord"; readonly before: string }
  | { readonly type: "find"; readonly direction: -1 | 1 }
  | { readonly type: "literal" }
  /** Escape, at so many milliseconds: it may stand for Alt. */
  | { readonly type: "meta"; readonly at: number }
  /** The command that a number was typed for, or more digits of it. */
  | { readonly type: "argument"; readonly digits: string };

/** What the owner of the editor has to do. */
export type Effect =
  /** Ask whether `source` is whole, and tell `settle`. */
  | { readonly type: "parse"; readonly source: string }
  | { readonly type: "submit"; readonly source: string }
  /** Ask for completions of `before`, and tell `completed`. */
  | { readonly type: "complete"; readonly before: string }
  /** Ask for what may stand behind the text of `popup`, and tell `offered`. */
  | { readonly type: "offer" }
  /** Have `source` edited by the person's own editor, and tell `editedOutside`. */
  | { readonly type: "edit"; readonly source: string }
  | { readonly type: "end" }
  | { readonly type: "interrupt" }
  | { readonly type: "clear" }
  /** Ctrl+G: show the menu of shells. */
  | { readonly type: "menu" }
  /** F2: show the settings. */
  | { readonly type: "settings" }
  /** Ctrl+Z: stop the program, for the shell it was started from to go on. */
  | { readonly type: "suspend" };

export interface Step {
  readonly state: EditorState;
  readonly effects: readonly Effect[];
}

const UNDO_LIMIT = 500;
const KILL_LIMIT = 60;

export function createEditor(
  reading: Reading,
  entries: readonly string[] = [],
  kills: readonly string[] = [],
  options: EditorOptions = DEFAULT_SETTINGS,
  registers = initialVi.registers,
): EditorState {
  return {
    reading,
    options,
    buffer: text.emptyBuffer,
    goal: undefined,
    undo: [],
    redo: [],
    kills,
    last: "other",
    yanked: { back: 0, length: 0 },
    entries,
    entry: entries.length,
    drafts: new Map(),
    filter: undefined,
    search: undefined,
    awaiting: undefined,
    candidates: [],
    hint: undefined,
    popup: undefined,
    interruptedAt: undefined,
    unfinished: 0,
    vi: { ...initialVi, registers },
  };
}

export function only(state: EditorState, ...effects: Effect[]): Step {
  return { state, effects };
}

/** `state` with another buffer, which can be undone. */
export function edited(state: EditorState, buffer: Buffer): EditorState {
  const undo = [...state.undo.slice(1 - UNDO_LIMIT), state.buffer];
  return { ...state, buffer, undo, redo: [], goal: undefined, filter: undefined, last: "other" };
}

export function typed(state: EditorState, characters: string): EditorState {
  const next = edited(state, text.insert(state.buffer, text.typeable(characters)));
  // A word is undone as one; in vi all that was typed since the insertion began.
  const joins = state.last === "insert" && (state.options.editing === "vi" || /\S/.test(characters));
  return { ...next, undo: joins ? state.undo : next.undo, last: "insert" };
}

export function moved(state: EditorState, position: number): EditorState {
  return { ...state, buffer: text.moveTo(state.buffer, position), goal: undefined, last: "other" };
}

export function removed(state: EditorState, position: number): EditorState {
  if (position < 0 || position > state.buffer.text.length) return { ...state, last: "other" };
  return edited(state, text.cut(state.buffer, state.buffer.cursor, position).buffer);
}

/** Cuts what is between the cursor and `position`, to be yanked. */
export function killed(state: EditorState, position: number): EditorState {
  const { buffer, cut } = text.cut(state.buffer, state.buffer.cursor, position);
  if (cut === "") return { ...state, last: "other" };
  const backwards = position < state.buffer.cursor;
  const latest = state.kills.at(-1);
  const kills =
    state.last === "kill" && latest !== undefined
      ? [...state.kills.slice(0, -1), backwards ? cut + latest : latest + cut]
      : kept(state, cut);
  return { ...edited(state, buffer), kills, last: "kill" };
}

/** The cut texts with one more. */
export function kept(state: EditorState, cut: string): readonly string[] {
  return [...state.kills.slice(1 - KILL_LIMIT), cut];
}

export function yank(state: EditorState, back: number): EditorState {
  const kill = state.kills.at(-1 - back);
  if (kill === undefined) return { ...state, last: "other" };
  return inserted(state, kill, back, "yank");
}

/** Puts the kill before the one just yanked in its place. */
export function yankEarlier(state: EditorState): EditorState {
  if (state.last !== "yank") return { ...state, last: "other" };
  return yank(withoutYanked(state), (state.yanked.back + 1) % state.kills.length);
}

/** Puts `source` in, to be exchanged for another by the same key. */
export function inserted(state: EditorState, source: string, back: number, last: "yank" | "word"): EditorState {
  const buffer = text.insert(state.buffer, source);
  return { ...edited(state, buffer), last, yanked: { back, length: buffer.cursor - state.buffer.cursor } };
}

export function withoutYanked(state: EditorState): EditorState {
  const { cursor } = state.buffer;
  return { ...state, buffer: text.cut(state.buffer, cursor - state.yanked.length, cursor).buffer };
}

export function undone(state: EditorState): EditorState {
  const buffer = state.undo.at(-1);
  if (!buffer) return { ...state, last: "other" };
  const redo = [...state.redo, state.buffer];
  return { ...state, buffer, undo: state.undo.slice(0, -1), redo, goal: undefined, last: "other" };
}

export function redone(state: EditorState): EditorState {
  const buffer = state.redo.at(-1);
  if (!buffer) return { ...state, last: "other" };
  const undo = [...state.undo, state.buffer];
  return { ...state, buffer, undo, redo: state.redo.slice(0, -1), goal: undefined, last: "other" };
}
