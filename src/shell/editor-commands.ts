/** What a key can be made to do at the prompt, by name, and how chords are written: what the setting `keys` may hold. */
import { ArgumentError } from "../term/error.ts";

/** The commands of the line editor. */
export const EDITOR_COMMANDS = [
  "accept",
  "newline",
  "complete",
  "interrupt",
  "delete-or-end",
  "clear-screen",
  "show-menu",
  "show-settings",
  "suspend",
  "left",
  "right",
  "line-start",
  "line-end",
  "word-left",
  "word-right",
  "buffer-start",
  "buffer-end",
  "up",
  "down",
  "previous-entry",
  "next-entry",
  "search-history",
  "last-word",
  "find-forward",
  "find-backward",
  "backspace",
  "delete",
  "delete-space",
  "kill-word-left",
  "kill-word-right",
  "kill-line-end",
  "kill-line-start",
  "yank",
  "yank-earlier",
  "transpose",
  "transpose-words",
  "uppercase-word",
  "lowercase-word",
  "capitalize-word",
  "insert-literally",
  "insert-space",
  "undo",
  "redo",
  "edit-in-editor",
  "nothing",
] as const;

export type EditorCommand = (typeof EDITOR_COMMANDS)[number];

const MODIFIERS = ["ctrl", "alt", "shift"];
const NAMED =
  /^(?:enter|tab|escape|backspace|space|up|down|left|right|home|end|insert|delete|pageup|pagedown|f\d{1,2})$/;

/**
 * A chord as the editor knows it: lower case, its modifiers in one order, several keys one after the other with a space
 * between (`"Alt+Ctrl+X"` is `"ctrl+alt+x"`, `"ctrl+x  ctrl+e"` is `"ctrl+x ctrl+e"`). `undefined` for what is no chord:
 * an unknown modifier or key, or a character alone, which is text.
 */
export function normalizeChord(chord: string): string | undefined {
  const keys = chord.trim().split(/\s+/).map(normalizeKey);
  const first = keys[0];
  if (first === undefined || (!first.includes("+") && !NAMED.test(first))) return undefined;
  return keys.includes(undefined) ? undefined : keys.join(" ");
}

function normalizeKey(text: string): string | undefined {
  const parts = /^((?:[a-z]+\+)*)(.+)$/iu.exec(text);
  if (!parts) return undefined;
  const [, prefix = "", last = ""] = parts;
  const modifiers = prefix.toLowerCase().split("+").filter(Boolean);
  if (!modifiers.every((modifier) => MODIFIERS.includes(modifier))) return undefined;
  const single = [...last].length === 1;
  const name = last.toLowerCase();
  if (!single && !NAMED.test(name)) return undefined;
  // Without Ctrl, a terminal tells Alt+B from Alt+b.
  const key = single && !modifiers.includes("ctrl") ? last : name;
  return [...MODIFIERS.filter((modifier) => modifiers.includes(modifier)), key].join("+");
}

/** Throws `badarg` for keys that are no chords, and for commands that there are not. */
export function checkKeys(keys: Readonly<Record<string, string>>): void {
  for (const [chord, command] of Object.entries(keys)) {
    if (normalizeChord(chord) === undefined) {
      throw new ArgumentError(
        `"${chord}" is no key to bind: write "ctrl+o", "alt+enter", "f5", or "ctrl+x e" for one key after the other`,
      );
    }
    if (!(EDITOR_COMMANDS as readonly string[]).includes(command)) {
      throw new ArgumentError(
        `There is no editor command "${command}" for "${chord}"; there are ${EDITOR_COMMANDS.join(", ")}`,
      );
    }
  }
}
