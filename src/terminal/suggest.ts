/** What is offered behind the cursor: the rest of a statement that began in the same way. */
import { sourceOf } from "./buffer.ts";
import type { EditorState } from "./state.ts";

/** The rest of the newest entry that begins with what is typed, if the cursor is at its end. */
export function suggestion(state: EditorState): string | undefined {
  const { buffer, entries } = state;
  if (!state.options.suggestions || state.reading === "line" || state.search !== undefined) return undefined;
  // An entry that is shown was looked for; another would be noise.
  if (state.entry !== entries.length || buffer.cursor !== buffer.text.length) return undefined;
  const source = sourceOf(buffer);
  if (source.trim() === "") return undefined;
  const entry = entries.findLast((one) => one.length > source.length && one.startsWith(source));
  return entry?.slice(source.length);
}
