/** Earlier statements at the prompt: entry by entry, and by searching backwards. */
import { bufferOf, sourceOf, typeable, type Buffer } from "./buffer.ts";
import type { EditorState } from "./editor.ts";
import { graphemes } from "./graphemes.ts";
import type { Key } from "./keys.ts";

/** A search through the entries: the one found is what the editor shows. */
export interface HistorySearch {
  readonly query: string;
  /** What was being typed, to go back to. */
  readonly saved: Buffer;
  readonly savedEntry: number;
  readonly failed: boolean;
}

/** Shows the entry before or after the one shown. What was typed over the one left is kept until a statement is submitted. */
export function recall(state: EditorState, direction: -1 | 1): EditorState {
  const entry = state.entry + direction;
  if (state.reading === "line" || entry < 0 || entry > state.entries.length) return { ...state, last: "other" };
  const drafts = new Map(state.drafts).set(state.entry, sourceOf(state.buffer));
  const source = drafts.get(entry) ?? state.entries[entry] ?? "";
  return { ...state, buffer: bufferOf(source), entry, drafts, undo: [], goal: undefined, last: "other" };
}

/** What `key` does while searching. A key that means nothing to a search ends it, and is the editor's to handle. */
export function search(state: EditorState, running: HistorySearch, key: Key): { state: EditorState; handled: boolean } {
  if (key.type !== "chord") {
    const query = running.query + typeable(key.text).replaceAll("\n", " ");
    return {
      state: find(state, { ...running, query }, Math.min(state.entry, state.entries.length - 1), -1),
      handled: true,
    };
  }
  switch (key.chord) {
    case "ctrl+r":
      return { state: find(state, running, state.entry - 1, -1, sourceOf(state.buffer)), handled: true };
    case "ctrl+s":
      return { state: find(state, running, state.entry + 1, 1, sourceOf(state.buffer)), handled: true };
    case "backspace": {
      const query = graphemes(running.query).slice(0, -1).join("");
      return { state: find(state, { ...running, query }, state.entries.length - 1, -1), handled: true };
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
      return { state: { ...state, search: undefined, drafts, last: "other" }, handled: false };
    }
  }
}

/** Shows the nearest entry that holds the query, from `from` on, and is another statement than `skipped`. */
function find(
  state: EditorState,
  running: HistorySearch,
  from: number,
  direction: -1 | 1,
  skipped?: string,
): EditorState {
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
