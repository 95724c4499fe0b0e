/** Typing over the text: vi's `R`, until Escape. */
import * as text from "./buffer.ts";
import { graphemes } from "./graphemes.ts";
import { edited, moved, type EditorState } from "./state.ts";

/** What was typed over so far, the latest last; `""` for what was added at the end of a line. */
export type Replaced = readonly string[];

/** `characters` in the place of those at the cursor. At the end of a line they are added. */
export function typedOver(state: EditorState, replaced: Replaced, characters: string): EditorState {
  let buffer = state.buffer;
  const over = [...replaced];
  for (const character of graphemes(text.typeable(characters))) {
    const end = text.lineEnd(buffer) === buffer.cursor;
    over.push(end ? "" : (buffer.text[buffer.cursor] ?? ""));
    buffer = text.insert(end ? buffer : text.cut(buffer, buffer.cursor, buffer.cursor + 1).buffer, character);
  }
  const next = edited(state, buffer);
  // Undone as one.
  const undo = state.last === "insert" ? state.undo : next.undo;
  return { ...next, undo, last: "insert", vi: { ...state.vi, replaced: over } };
}

/** Backspace: what was there comes back; before the place where it began the cursor only moves. */
export function takenBack(state: EditorState, replaced: Replaced): EditorState {
  const { cursor } = state.buffer;
  const was = replaced.at(-1);
  if (was === undefined) return moved(state, Math.max(text.lineStart(state.buffer), cursor - 1));
  const { buffer } = text.cut(state.buffer, cursor - 1, cursor);
  const restored = was === "" ? buffer : text.moveTo(text.insert(buffer, was), cursor - 1);
  const next = { ...state, buffer: restored, goal: undefined, last: "insert" as const };
  return { ...next, vi: { ...state.vi, replaced: replaced.slice(0, -1) } };
}
