/**
 * The line editor: a state and a key give the next state and what is to be done. It knows no terminal, clock or file.
 */
import type { Candidate, Completeness, Completion } from "../io/device.ts";
import * as text from "./buffer.ts";
import type { Buffer } from "./buffer.ts";
import { recall, search, type HistorySearch } from "./recall.ts";
import type { Key } from "./keys.ts";

/** What is being read: a statement of the shell, or a line for `IO.gets`. */
export type Reading = "statement" | "line";

export interface EditorState {
  readonly reading: Reading;
  readonly buffer: Buffer;
  /** The column that Up and Down keep to over shorter lines. */
  readonly goal: number | undefined;
  /** Earlier buffers, the latest last. */
  readonly undo: readonly Buffer[];
  /** What was cut, the latest last. */
  readonly kills: readonly string[];
  /** What the last key did, as kills in a row are joined, and Alt+Y follows a yank only. */
  readonly last: "insert" | "kill" | "yank" | "tab" | "other";
  /** Which kill the last yank put in, counted back from the latest, and how long it is in graphemes. */
  readonly yanked: { readonly back: number; readonly length: number };
  /** Earlier statements, the oldest first. */
  readonly entries: readonly string[];
  /** The entry shown; `entries.length` is the statement being typed. */
  readonly entry: number;
  /** What was typed over entries, and the statement being typed while an entry is shown. */
  readonly drafts: ReadonlyMap<number, string>;
  readonly search: HistorySearch | undefined;
  /** Shown below until the next key. */
  readonly candidates: readonly Candidate[];
  readonly hint: string | undefined;
  /** When Ctrl+C met an empty line, in milliseconds. */
  readonly interruptedAt: number | undefined;
}

/** What the owner of the editor has to do. */
export type Effect =
  /** Ask whether `source` is whole, and tell {@link settle}. */
  | { readonly type: "parse"; readonly source: string }
  | { readonly type: "submit"; readonly source: string }
  /** Ask for completions of `before`, and tell {@link completed}. */
  | { readonly type: "complete"; readonly before: string }
  | { readonly type: "end" }
  | { readonly type: "interrupt" }
  | { readonly type: "clear" }
  /** Ctrl+G: show the menu of shells. */
  | { readonly type: "menu" }
  /** Ctrl+Z: stop the program, for the shell it was started from to go on. */
  | { readonly type: "suspend" };

export interface Step {
  readonly state: EditorState;
  readonly effects: readonly Effect[];
}

/** The line that gives a statement up, however much of it is open. */
export const BREAK = "#moebi:break";

/** Ctrl+C leaves when it comes again on an empty line within this time, in milliseconds. */
const LEAVE_MS = 2000;
const LEAVE_HINT = "(Ctrl+C again to leave, or Ctrl+D)";
const UNDO_LIMIT = 500;
const KILL_LIMIT = 60;
const INDENT = "  ";

export function createEditor(
  reading: Reading,
  entries: readonly string[] = [],
  kills: readonly string[] = [],
): EditorState {
  return {
    reading,
    buffer: text.emptyBuffer,
    goal: undefined,
    undo: [],
    kills,
    last: "other",
    yanked: { back: 0, length: 0 },
    entries,
    entry: entries.length,
    drafts: new Map(),
    search: undefined,
    candidates: [],
    hint: undefined,
    interruptedAt: undefined,
  };
}

/** What `key`, pressed at `now` milliseconds, does. */
export function step(state: EditorState, key: Key, now: number): Step {
  if (state.search) {
    const found = search(state, state.search, key);
    if (found.handled) return { state: found.state, effects: [] };
    state = found.state;
  }
  const quiet: EditorState = {
    ...state,
    candidates: [],
    hint: undefined,
    interruptedAt: key.type === "chord" && key.chord === "ctrl+c" ? state.interruptedAt : undefined,
  };
  if (key.type === "text") return only(typed(quiet, key.text));
  if (key.type === "paste") {
    // Most terminals end a pasted line with a newline; submitting stays with the person.
    const pasted = text.typeable(key.text).replace(/\n$/, "");
    return only({ ...edited(quiet, text.insert(quiet.buffer, pasted)), last: "other" });
  }
  return chord(quiet, key.chord, now);
}

/** The next step once the statement of a `"parse"` effect was judged. */
export function settle(state: EditorState, kind: Completeness): Step {
  if (kind === "incomplete") return only(edited(state, text.insert(state.buffer, "\n")));
  return submit(state);
}

/** The next state once the completions of a `"complete"` effect are there. */
export function completed(state: EditorState, { insert, candidates }: Completion): EditorState {
  if (insert !== "") return { ...edited(state, text.insert(state.buffer, text.typeable(insert))), last: "tab" };
  return { ...state, candidates: candidates.length > 1 || state.last === "tab" ? candidates : [], last: "tab" };
}

function only(state: EditorState, ...effects: Effect[]): Step {
  return { state, effects };
}

function submit(state: EditorState): Step {
  const end = text.moveTo(state.buffer, state.buffer.text.length);
  return only({ ...state, buffer: end }, { type: "submit", source: text.sourceOf(state.buffer) });
}

/** `state` with another buffer, which can be undone. */
function edited(state: EditorState, buffer: Buffer): EditorState {
  const undo = [...state.undo.slice(1 - UNDO_LIMIT), state.buffer];
  return { ...state, buffer, undo, goal: undefined, last: "other" };
}

function typed(state: EditorState, character: string): EditorState {
  const next = edited(state, text.insert(state.buffer, text.typeable(character)));
  // A word is undone as one.
  const joins = state.last === "insert" && /\S/.test(character);
  return { ...next, undo: joins ? state.undo : next.undo, last: "insert" };
}

function moved(state: EditorState, position: number): EditorState {
  return { ...state, buffer: text.moveTo(state.buffer, position), goal: undefined, last: "other" };
}

function removed(state: EditorState, position: number): EditorState {
  if (position < 0 || position > state.buffer.text.length) return { ...state, last: "other" };
  return edited(state, text.cut(state.buffer, state.buffer.cursor, position).buffer);
}

function killed(state: EditorState, position: number): EditorState {
  const { buffer, cut } = text.cut(state.buffer, state.buffer.cursor, position);
  if (cut === "") return { ...state, last: "other" };
  const backwards = position < state.buffer.cursor;
  const latest = state.kills.at(-1);
  const kills =
    state.last === "kill" && latest !== undefined
      ? [...state.kills.slice(0, -1), backwards ? cut + latest : latest + cut]
      : [...state.kills.slice(1 - KILL_LIMIT), cut];
  return { ...edited(state, buffer), kills, last: "kill" };
}

function yank(state: EditorState, back: number): EditorState {
  const kill = state.kills.at(-1 - back);
  if (kill === undefined) return { ...state, last: "other" };
  const buffer = text.insert(state.buffer, kill);
  return { ...edited(state, buffer), last: "yank", yanked: { back, length: buffer.cursor - state.buffer.cursor } };
}

/** Puts the kill before the one just yanked in its place. */
function yankEarlier(state: EditorState): EditorState {
  if (state.last !== "yank") return { ...state, last: "other" };
  const without = text.cut(state.buffer, state.buffer.cursor - state.yanked.length, state.buffer.cursor).buffer;
  return yank({ ...state, buffer: without }, (state.yanked.back + 1) % state.kills.length);
}

function undone(state: EditorState): EditorState {
  const buffer = state.undo.at(-1);
  if (!buffer) return { ...state, last: "other" };
  return { ...state, buffer, undo: state.undo.slice(0, -1), goal: undefined, last: "other" };
}

function vertical(state: EditorState, direction: -1 | 1): EditorState {
  const { buffer } = state;
  if (direction < 0 ? text.onFirstLine(buffer) : text.onLastLine(buffer)) return recall(state, direction);
  const goal = state.goal ?? text.column(buffer);
  return { ...moved(state, text.lineAway(buffer, direction, goal)), goal };
}

function enter(state: EditorState): Step {
  const source = text.sourceOf(state.buffer);
  const lastLine = source.slice(source.lastIndexOf("\n") + 1).trim();
  if (state.reading === "line" || lastLine === BREAK || source.trim() === "") return submit(state);
  return only(state, { type: "parse", source });
}

function tab(state: EditorState): Step {
  const { buffer } = state;
  const line = buffer.text.slice(text.lineStart(buffer), buffer.cursor).join("");
  if (state.reading === "line" || (line.trim() === "" && !text.onFirstLine(buffer))) {
    return only(edited(state, text.insert(buffer, INDENT)));
  }
  return only(state, { type: "complete", before: buffer.text.slice(0, buffer.cursor).join("") });
}

function interrupt(state: EditorState, now: number): Step {
  const cleared: EditorState = { ...edited(state, text.emptyBuffer), entry: state.entries.length, drafts: new Map() };
  const next = state.buffer.text.length > 0 ? { ...cleared, interruptedAt: undefined } : state;
  if (state.reading === "line") return only(next, { type: "interrupt" });
  if (next !== state) return only(next);
  if (state.interruptedAt !== undefined && now - state.interruptedAt <= LEAVE_MS) return only(state, { type: "end" });
  return only({ ...state, interruptedAt: now, hint: LEAVE_HINT });
}

function chord(state: EditorState, name: string, now: number): Step {
  const { buffer } = state;
  const { cursor } = buffer;
  switch (name) {
    case "enter":
      return enter(state);
    case "ctrl+j":
    case "alt+enter":
    case "shift+enter":
    case "ctrl+enter":
      return state.reading === "line" ? enter(state) : only(edited(state, text.insert(buffer, "\n")));
    case "tab":
      return tab(state);
    case "ctrl+c":
      return interrupt(state, now);
    case "ctrl+d":
      return buffer.text.length === 0 ? only(state, { type: "end" }) : only(removed(state, cursor + 1));
    case "ctrl+l":
      return only(state, { type: "clear" });
    case "ctrl+g":
      return only({ ...state, last: "other" }, { type: "menu" });
    case "ctrl+z":
      return only({ ...state, last: "other" }, { type: "suspend" });

    case "left":
    case "ctrl+b":
      return only(moved(state, cursor - 1));
    case "right":
    case "ctrl+f":
      return only(moved(state, cursor + 1));
    case "home":
    case "ctrl+a":
      return only(moved(state, text.lineStart(buffer)));
    case "end":
    case "ctrl+e":
      return only(moved(state, text.lineEnd(buffer)));
    case "alt+b":
    case "alt+left":
    case "ctrl+left":
      return only(moved(state, text.wordLeft(buffer)));
    case "alt+f":
    case "alt+right":
    case "ctrl+right":
      return only(moved(state, text.wordRight(buffer)));
    case "ctrl+home":
    case "alt+<":
      return only(moved(state, 0));
    case "ctrl+end":
    case "alt+>":
      return only(moved(state, buffer.text.length));

    case "up":
    case "ctrl+p":
      return only(vertical(state, -1));
    case "down":
    case "ctrl+n":
      return only(vertical(state, 1));
    case "pageup":
    case "alt+p":
      return only(recall(state, -1));
    case "pagedown":
    case "alt+n":
      return only(recall(state, 1));
    case "ctrl+r":
      return only({ ...state, search: { query: "", saved: buffer, savedEntry: state.entry, failed: false } });

    case "backspace":
    case "shift+backspace":
      return only(removed(state, cursor - 1));
    case "delete":
      return only(removed(state, cursor + 1));
    case "ctrl+w":
    case "alt+backspace":
    case "ctrl+backspace":
      return only(killed(state, text.wordLeft(buffer)));
    case "alt+d":
    case "ctrl+delete":
    case "alt+delete":
      return only(killed(state, text.wordRight(buffer)));
    case "ctrl+k": {
      const end = text.lineEnd(buffer);
      return only(killed(state, end === cursor ? Math.min(end + 1, buffer.text.length) : end));
    }
    case "ctrl+u":
      return only(killed(state, text.lineStart(buffer)));
    case "ctrl+y":
      return only(yank(state, 0));
    case "alt+y":
      return only(yankEarlier(state));
    case "ctrl+t":
      return only(edited(state, text.transpose(buffer)));
    case "ctrl+_":
    case "ctrl+/":
      return only(undone(state));
    case "shift+space":
      return only(typed(state, " "));
    default:
      return only({ ...state, last: "other" });
  }
}
