/** Earlier statements at the prompt: entry by entry, and by searching. */
import { bufferOf, column, lineAway, onFirstLine, onLastLine, sourceOf, typeable, type Buffer } from "./buffer.ts";
import { graphemes } from "./graphemes.ts";
import type { Key } from "./keys.ts";
import { inserted, moved, withoutYanked, type EditorState } from "./state.ts";

/** A search through the entries: the one found is what the editor shows. */
export interface HistorySearch {
  readonly query: string;
  /** What was being typed, to go back to. */
  readonly saved: Buffer;
  readonly savedEntry: number;
  readonly failed: boolean;
  /** To older entries, or to newer ones: then from the oldest on, where none is shown. */
  readonly direction: -1 | 1;
}

/** Shows the entry before or after the one shown. What was typed over the one left is kept until a statement is submitted. */
export function recall(state: EditorState, direction: -1 | 1): EditorState {
  return show(state, state.entry + direction, undefined);
}

/** A line up or down. From the first or the last one on, the entry before or after. */
export function vertical(state: EditorState, direction: -1 | 1): EditorState {
  const { buffer } = state;
  if (direction < 0 ? onFirstLine(buffer) : onLastLine(buffer)) return recallAlike(state, direction);
  const goal = state.goal ?? column(buffer);
  return { ...moved(state, lineAway(buffer, direction, goal)), goal };
}

/**
 * What is typed before the cursor on a single line says which entries are meant: those that begin with it. An entry that
 * was recalled and typed over says nothing.
 */
function recallAlike(state: EditorState, direction: -1 | 1): EditorState {
  const fresh = state.entry === state.entries.length && direction < 0 && !state.buffer.text.includes("\n");
  const filter = fresh ? state.buffer.text.slice(0, state.buffer.cursor).join("") : state.filter;
  if (filter === undefined || filter === "" || state.reading === "line") return recall(state, direction);
  const shown = sourceOf(state.buffer);
  for (let entry = state.entry + direction; entry >= 0 && entry < state.entries.length; entry += direction) {
    const source = state.entries[entry] ?? "";
    if (source.startsWith(filter) && source !== shown) return show(state, entry, filter);
  }
  if (direction < 0) return { ...state, last: "other" };
  const draft = show(state, state.entries.length, filter);
  return { ...draft, buffer: { ...draft.buffer, cursor: graphemes(filter).length } };
}

function show(state: EditorState, entry: number, filter: string | undefined): EditorState {
  if (state.reading === "line" || entry < 0 || entry > state.entries.length || entry === state.entry)
    return { ...state, last: "other" };
  const drafts = new Map(state.drafts).set(state.entry, sourceOf(state.buffer));
  const source = drafts.get(entry) ?? state.entries[entry] ?? "";
  const shown = { ...state, buffer: bufferOf(source), entry, drafts, filter };
  return { ...shown, undo: [], redo: [], goal: undefined, last: "other", unfinished: 0 };
}

const WORDS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[\p{L}\p{N}_$.]+/gu;

/** Puts the last word or text of the entry before in, of the one before that when done again. */
export function lastWord(state: EditorState): EditorState {
  const again = state.last === "word";
  for (let back = again ? state.yanked.back + 1 : 1; back <= state.entries.length; back++) {
    const word = [...(state.entries.at(-back) ?? "").matchAll(WORDS)].at(-1)?.[0];
    if (word !== undefined) return inserted(again ? withoutYanked(state) : state, word, back, "word");
  }
  return { ...state, last: again ? "word" : "other" };
}

/** What `key` does while searching. A key that means nothing to a search ends it, and is the editor's to handle. */
export function search(state: EditorState, running: HistorySearch, key: Key): { state: EditorState; handled: boolean } {
  if (key.type !== "chord") {
    const query = running.query + typeable(key.text).replaceAll("\n", " ");
    return { state: find(state, { ...running, query }, startOf(state, running, state.entry)), handled: true };
  }
  switch (key.chord) {
    case "ctrl+r":
      return {
        state: find(state, { ...running, direction: -1 }, state.entry - 1, sourceOf(state.buffer)),
        handled: true,
      };
    case "ctrl+s":
      return {
        state: find(state, { ...running, direction: 1 }, state.entry + 1, sourceOf(state.buffer)),
        handled: true,
      };
    case "backspace": {
      const query = graphemes(running.query).slice(0, -1).join("");
      const from = running.direction < 0 ? state.entries.length : running.savedEntry;
      return { state: find(state, { ...running, query }, startOf(state, running, from)), handled: true };
    }
    case "ctrl+g":
    case "ctrl+c":
    case "escape":
      return {
        state: { ...state, buffer: running.saved, entry: running.savedEntry, search: undefined, last: "other" },
        handled: true,
      };
    default: {
      const drafts = new Map(state.drafts).set(running.savedEntry, sourceOf(running.saved));
      const { query, direction } = running;
      const vi = query === "" ? state.vi : { ...state.vi, query, direction };
      // In vi's normal mode Enter ends the search alone: there it was begun by a key that wants an end.
      const handled = key.chord === "enter" && state.options.editing === "vi" && state.vi.mode === "normal";
      return { state: { ...state, search: undefined, drafts, vi, last: "other" }, handled };
    }
  }
}

/** The next entry before (or after) the one shown that holds `query`, the cursor on it; the same state if there is none. */
export function searchAgain(state: EditorState, query: string, direction: -1 | 1): EditorState {
  const shown = sourceOf(state.buffer);
  for (let entry = state.entry + direction; entry >= 0 && entry < state.entries.length; entry += direction) {
    const source = state.entries[entry] ?? "";
    const at = source.lastIndexOf(query);
    if (at >= 0 && source !== shown) return moved(show(state, entry, undefined), graphemes(source.slice(0, at)).length);
  }
  return { ...state, last: "other" };
}

/** The first entry that is looked at: behind the newest, one that is typed is no entry. */
function startOf({ entries }: EditorState, { direction }: HistorySearch, from: number): number {
  if (from < entries.length) return from;
  return direction < 0 ? entries.length - 1 : 0;
}

/** Begins a search. */
export function searching(state: EditorState, direction: -1 | 1): EditorState {
  return { ...state, search: { query: "", saved: state.buffer, savedEntry: state.entry, failed: false, direction } };
}

/** Shows the nearest entry that holds the query, from `from` on, and is another statement than `skipped`. */
function find(state: EditorState, running: HistorySearch, from: number, skipped?: string): EditorState {
  const { direction } = running;
  if (running.query === "") {
    return { ...state, buffer: running.saved, entry: running.savedEntry, search: { ...running, failed: false } };
  }
  for (let entry = from; entry >= 0 && entry < state.entries.length; entry += direction) {
    const source = state.entries[entry] ?? "";
    const at = source.lastIndexOf(running.query);
    if (at < 0 || source === skipped) continue;
    const cursor = graphemes(source.slice(0, at)).length;
    return { ...state, buffer: { text: graphemes(source), cursor }, entry, search: { ...running, failed: false } };
  }
  return { ...state, search: { ...running, failed: true } };
}
