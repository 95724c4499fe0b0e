/** Which key does what: the keys of Emacs, as shells have them, under those a person has bound themselves. */
import { normalizeChord, type EditorCommand } from "../shell/editor-commands.ts";

/** Own keys, as the setting `keys` has them. */
export type OwnKeys = Readonly<Record<string, string>>;

const KEYS: Readonly<Record<EditorCommand, string>> = {
  accept: "enter",
  newline: "ctrl+j alt+enter shift+enter ctrl+enter",
  complete: "tab",
  interrupt: "ctrl+c",
  "delete-or-end": "ctrl+d",
  "clear-screen": "ctrl+l",
  "show-menu": "ctrl+g",
  "show-settings": "f2",
  suspend: "ctrl+z",
  left: "left ctrl+b",
  right: "right ctrl+f",
  "line-start": "home ctrl+a",
  "line-end": "end ctrl+e",
  "word-left": "alt+b alt+left ctrl+left",
  "word-right": "alt+f alt+right ctrl+right",
  "buffer-start": "ctrl+home alt+<",
  "buffer-end": "ctrl+end alt+>",
  up: "up ctrl+p",
  down: "down ctrl+n",
  "previous-entry": "pageup alt+p",
  "next-entry": "pagedown alt+n",
  "search-history": "ctrl+r",
  "last-word": "alt+.",
  "find-forward": "ctrl+]",
  "find-backward": "ctrl+alt+]",
  backspace: "backspace shift+backspace",
  delete: "delete",
  "delete-space": "alt+\\",
  "kill-word-left": "ctrl+w alt+backspace ctrl+backspace",
  "kill-word-right": "alt+d ctrl+delete alt+delete",
  "kill-line-end": "ctrl+k",
  "kill-line-start": "ctrl+u",
  yank: "ctrl+y",
  "yank-earlier": "alt+y",
  transpose: "ctrl+t",
  "transpose-words": "alt+t",
  "uppercase-word": "alt+u",
  "lowercase-word": "alt+l",
  "capitalize-word": "alt+c",
  "insert-literally": "ctrl+v ctrl+q",
  "insert-space": "shift+space",
  undo: "ctrl+_ ctrl+/ ctrl+x,ctrl+u",
  redo: "alt+_",
  "edit-in-editor": "ctrl+x,ctrl+e",
  nothing: "",
};

const EMACS = new Map<string, EditorCommand>();
for (const [command, chords] of Object.entries(KEYS)) {
  for (const chord of chords.split(" ").filter(Boolean)) EMACS.set(chord.replace(",", " "), command as EditorCommand);
}

const normalized = new WeakMap<OwnKeys, ReadonlyMap<string, EditorCommand>>();

function ownOf(keys: OwnKeys): ReadonlyMap<string, EditorCommand> {
  let own = normalized.get(keys);
  if (own === undefined) {
    own = new Map(
      Object.entries(keys).map(([chord, command]) => [normalizeChord(chord) ?? chord, command as EditorCommand]),
    );
    normalized.set(keys, own);
  }
  return own;
}

/** What `chord` does; `"prefix"` if it is the first of several keys. */
export function commandOf(chord: string, keys: OwnKeys): EditorCommand | "prefix" | undefined {
  const own = ownOf(keys);
  const command = own.get(chord);
  if (command !== undefined) return command;
  if (begins(own, chord)) return "prefix";
  return EMACS.get(chord) ?? (begins(EMACS, chord) ? "prefix" : undefined);
}

/** What a person has bound `chord` to themselves, whichever the editing mode. */
export function ownCommandOf(chord: string, keys: OwnKeys): EditorCommand | "prefix" | undefined {
  const own = ownOf(keys);
  return own.get(chord) ?? (begins(own, chord) ? "prefix" : undefined);
}

function begins(map: ReadonlyMap<string, EditorCommand>, chord: string): boolean {
  for (const key of map.keys()) if (key.startsWith(`${chord} `)) return true;
  return false;
}
