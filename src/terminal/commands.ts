/** What each command of the editor does, by its name. */
import type { EditorCommand } from "../shell/editor-commands.ts";
import { LEAVE_HINT } from "../shell/leave-hint.ts";
import * as text from "./buffer.ts";
import { lastWord, recall, searching, vertical } from "./recall.ts";
import {
  edited,
  killed,
  moved,
  only,
  redone,
  removed,
  typed,
  undone,
  yank,
  yankEarlier,
  type EditorState,
  type Step,
} from "./state.ts";
import { suggestion } from "./suggest.ts";
import type { ViState } from "./vi-state.ts";
import * as words from "./words.ts";

/** The line that gives a statement up, however much of it is open. */
export const BREAK = "#moebi:break";

/** Ctrl+C leaves when it comes again on an empty line within this time, in milliseconds. */
const LEAVE_MS = 2000;
const INDENT = "  ";

/** A command, carried out at `now` milliseconds. */
type Command = (state: EditorState, now: number) => Step;

const COMMANDS: Readonly<Record<EditorCommand, Command>> = {
  accept,
  newline: (state) => (state.reading === "line" ? accept(state) : put(state, "\n")),
  complete,
  interrupt,
  "delete-or-end": (state) =>
    state.buffer.text.length === 0 ? only(state, { type: "end" }) : only(removed(state, state.buffer.cursor + 1)),
  "clear-screen": (state) => only(state, { type: "clear" }),
  "show-menu": (state) => only({ ...state, last: "other" }, { type: "menu" }),
  "show-settings": (state) => only({ ...state, last: "other" }, { type: "settings" }),
  suspend: (state) => only({ ...state, last: "other" }, { type: "suspend" }),

  left: (state) => only(moved(state, state.buffer.cursor - 1)),
  right: (state) => only(suggested(state) ?? moved(state, state.buffer.cursor + 1)),
  "line-start": (state) => only(moved(state, text.lineStart(state.buffer))),
  "line-end": (state) => only(suggested(state) ?? moved(state, text.lineEnd(state.buffer))),
  "word-left": (state) => only(moved(state, text.wordLeft(state.buffer))),
  "word-right": (state) => only(suggestedWord(state) ?? moved(state, text.wordRight(state.buffer))),
  "buffer-start": (state) => only(moved(state, 0)),
  "buffer-end": (state) => only(moved(state, state.buffer.text.length)),
  up: (state) => only(vertical(state, -1)),
  down: (state) => only(vertical(state, 1)),

  "previous-entry": (state) => only(recall(state, -1)),
  "next-entry": (state) => only(recall(state, 1)),
  "search-history": (state) => only(searching(state, -1)),
  "last-word": (state) => only(lastWord(state)),
  "find-forward": (state) => only({ ...state, awaiting: { type: "find", direction: 1 } }),
  "find-backward": (state) => only({ ...state, awaiting: { type: "find", direction: -1 } }),

  backspace: (state) => only(removed(state, state.buffer.cursor - 1)),
  delete: (state) => only(removed(state, state.buffer.cursor + 1)),
  "delete-space": (state) => only(changed(state, words.withoutSpace(state.buffer))),
  "kill-word-left": (state) => only(killed(state, text.wordLeft(state.buffer))),
  "kill-word-right": (state) => only(killed(state, text.wordRight(state.buffer))),
  "kill-line-end": (state) => {
    const { cursor, text: characters } = state.buffer;
    const end = text.lineEnd(state.buffer);
    return only(killed(state, end === cursor ? Math.min(end + 1, characters.length) : end));
  },
  "kill-line-start": (state) => only(killed(state, text.lineStart(state.buffer))),
  yank: (state) => only(yank(state, 0)),
  "yank-earlier": (state) => only(yankEarlier(state)),

  transpose: (state) => only(changed(state, text.transpose(state.buffer))),
  "transpose-words": (state) => only(changed(state, words.transposeWords(state.buffer))),
  "uppercase-word": (state) => only(changed(state, words.changeCase(state.buffer, "upper"))),
  "lowercase-word": (state) => only(changed(state, words.changeCase(state.buffer, "lower"))),
  "capitalize-word": (state) => only(changed(state, words.changeCase(state.buffer, "capital"))),
  "insert-literally": (state) => only({ ...state, awaiting: { type: "literal" } }),
  "insert-space": (state) => only(typed(state, " ")),
  undo: (state) => only(undone(state)),
  redo: (state) => only(redone(state)),
  "edit-in-editor": (state) =>
    state.reading === "line"
      ? only({ ...state, last: "other" })
      : only({ ...state, last: "other" }, { type: "edit", source: text.sourceOf(state.buffer) }),
  nothing: (state) => only({ ...state, last: "other" }),
};

/** What `command`, given at `now` milliseconds, does. */
export function perform(command: EditorCommand, state: EditorState, now: number): Step {
  return COMMANDS[command](state, now);
}

/** `state` with its statement handed over. */
export function submit(state: EditorState): Step {
  const end = text.moveTo(state.buffer, state.buffer.text.length);
  return only({ ...state, buffer: end }, { type: "submit", source: text.sourceOf(state.buffer) });
}

function put(state: EditorState, characters: string): Step {
  return only(edited(state, text.insert(state.buffer, characters)));
}

function changed(state: EditorState, buffer: text.Buffer): EditorState {
  return buffer === state.buffer ? { ...state, last: "other" } : edited(state, buffer);
}

/** The suggestion behind the cursor taken, if there is one. */
function suggested(state: EditorState): EditorState | undefined {
  const rest = suggestion(state);
  return rest === undefined ? undefined : edited(state, text.insert(state.buffer, rest));
}

function suggestedWord(state: EditorState): EditorState | undefined {
  const rest = suggestion(state);
  if (rest === undefined) return undefined;
  const offered = text.bufferOf(rest);
  const word = offered.text.slice(0, text.wordRight(text.moveTo(offered, 0))).join("");
  return edited(state, text.insert(state.buffer, word));
}

function accept(state: EditorState): Step {
  const source = text.sourceOf(state.buffer);
  const lastLine = source.slice(source.lastIndexOf("\n") + 1).trim();
  if (state.reading === "line" || lastLine === BREAK || source.trim() === "") return submit(state);
  return only(state, { type: "parse", source });
}

function complete(state: EditorState): Step {
  const { buffer } = state;
  const line = buffer.text.slice(text.lineStart(buffer), buffer.cursor).join("");
  if (state.reading === "line" || (line.trim() === "" && !text.onFirstLine(buffer))) return put(state, INDENT);
  return only(state, { type: "complete", before: buffer.text.slice(0, buffer.cursor).join("") });
}

function interrupt(before: EditorState, now: number): Step {
  // One begins anew, as at a new prompt.
  const vi: ViState = {
    ...before.vi,
    mode: "insert",
    pending: "",
    register: undefined,
    recording: undefined,
    replaced: undefined,
  };
  const state = { ...before, vi };
  const cleared: EditorState = {
    ...edited(state, text.emptyBuffer),
    entry: state.entries.length,
    drafts: new Map(),
    unfinished: 0,
  };
  const next = state.buffer.text.length > 0 ? { ...cleared, interruptedAt: undefined } : state;
  if (state.reading === "line") return only(next, { type: "interrupt" });
  if (next !== state) return only(next);
  if (state.interruptedAt !== undefined && now - state.interruptedAt <= LEAVE_MS) return only(state, { type: "end" });
  // What is traced at the prompt goes on while one types, and ends here.
  return only({ ...state, interruptedAt: now, hint: LEAVE_HINT }, { type: "interrupt" });
}
