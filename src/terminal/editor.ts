/**
 * The line editor: a state and a key give the next state and what is to be done. It knows no terminal, clock or file.
 */
import type { Completeness, Completion } from "../io/device.ts";
import { continueLast } from "../shell/continue-last.ts";
import * as text from "./buffer.ts";
import { perform, submit } from "./commands.ts";
import { graphemes } from "./graphemes.ts";
import { commandOf, ownCommandOf } from "./keymap.ts";
import type { Key } from "./keys.ts";
import { firstDigit, nextDigits, numberOf, repeated } from "./numeric-argument.ts";
import { followed, leftFor, popupKey } from "./popup.ts";
import { search } from "./recall.ts";
import { edited, moved, only, typed, type EditorState, type Step } from "./state.ts";
import { viKey } from "./vi.ts";

export { BREAK } from "./commands.ts";
export { createEditor, type EditorOptions, type EditorState, type Effect, type Reading, type Step } from "./state.ts";

/** Emacs has Escape for Alt. So long after it a key is one of its own again, in milliseconds. */
const META_MS = 1000;

/** How often Enter finds a statement incomplete before a person may want to leave it. */
const STUCK = 3;
const STUCK_HINT = "(unfinished: Ctrl+C gives the block up; Alt+Enter adds a line)";

/** What `key`, pressed at `now` milliseconds, does. */
export function step(state: EditorState, key: Key, now: number): Step {
  const own = popupKey(state, key);
  return own === undefined ? followed(state, key, pressed(leftFor(state, key), key, now)) : only(own);
}

/** What it does to the line. */
function pressed(state: EditorState, key: Key, now: number): Step {
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
  if (key.type === "paste") {
    // Most terminals end a pasted line with a newline; submitting stays with the person.
    const pasted = text.typeable(key.text).replace(/\n$/, "");
    return only({ ...edited(quiet, text.insert(quiet.buffer, pasted)), last: "other", awaiting: undefined });
  }
  if (quiet.awaiting) return awaited(quiet, quiet.awaiting, key, now);
  if (key.type === "chord") {
    const own = ownCommandOf(key.chord, quiet.options.keys);
    if (own !== undefined) return chord(quiet, key.chord, now);
  }
  if (quiet.options.editing === "vi") {
    return viKey(quiet, key, now, { step: pressed, chord });
  }
  if (key.type === "text") return only(typed(quiet, key.text));
  // Where it takes something off the screen, that is what it was for.
  const dismisses = state.candidates.length > 0 || state.hint !== undefined;
  if (key.chord === "escape" && !dismisses)
    return only({ ...quiet, last: "other", awaiting: { type: "meta", at: now } });
  return chord(quiet, key.chord, now);
}

/** A key behind Escape: with Alt, where that means something. */
function withMeta(state: EditorState, at: number, key: Exclude<Key, { type: "paste" }>, now: number): Step {
  const [first = "", ...others] = key.type === "text" ? graphemes(key.text) : [key.chord];
  const name = `alt+${first}`.replace(/^alt\+ctrl\+/u, "ctrl+alt+");
  const known = commandOf(name, state.options.keys) !== undefined || firstDigit(name) !== undefined;
  if (!known || now - at > META_MS || /^(?:escape|left|right|up|down|delete)$/u.test(first))
    return pressed(state, key, now);
  const done = chord(state, name, now);
  if (others.length === 0) return done;
  const rest = pressed(done.state, { type: "text", text: others.join("") }, now);
  return { state: rest.state, effects: [...done.effects, ...rest.effects] };
}

/** The next step once the statement of a `"parse"` effect was judged. */
export function settle(state: EditorState, kind: Completeness): Step {
  if (kind !== "incomplete") return submit(continued({ ...state, unfinished: 0 }));
  const unfinished = state.unfinished + 1;
  const next = edited(state, text.insert(state.buffer, "\n"));
  // Enter on an empty line was meant to end something.
  const blank = /\n[ \t]*\n$/.test(text.sourceOf(next.buffer));
  return only({ ...next, unfinished, hint: unfinished >= STUCK || blank ? STUCK_HINT : undefined });
}

/** The next state once the completions of a `"complete"` effect are there. */
export function completed(state: EditorState, { insert, candidates }: Completion): EditorState {
  if (insert !== "") return { ...edited(state, text.insert(state.buffer, text.typeable(insert))), last: "tab" };
  return { ...state, candidates: candidates.length > 1 || state.last === "tab" ? candidates : [], last: "tab" };
}

/** The next state once an `"edit"` effect was carried out: with what the other editor left, or why it left nothing. */
export function editedOutside(
  state: EditorState,
  result: { readonly source: string } | { readonly problem: string },
): EditorState {
  if ("problem" in result) return { ...state, hint: result.problem };
  const source = text.typeable(result.source).replace(/\n+$/, "");
  return source === text.sourceOf(state.buffer) ? state : edited(state, text.bufferOf(source));
}

/** A statement that goes on from the last value says so, on the screen and in the history. */
function continued(state: EditorState): EditorState {
  const source = text.sourceOf(state.buffer);
  const whole = continueLast(source);
  return whole === source ? state : { ...state, buffer: text.bufferOf(whole) };
}

function chord(state: EditorState, name: string, now: number): Step {
  const command = commandOf(name, state.options.keys);
  if (command === "prefix") return only({ ...state, awaiting: { type: "chord", before: name } });
  const digits = command === undefined ? firstDigit(name) : undefined;
  if (digits !== undefined) return only(argued(state, digits));
  return perform(command ?? "nothing", state, now);
}

/** Waits for what is to be done so often, and says how often. */
function argued(state: EditorState, digits: string): EditorState {
  return { ...state, awaiting: { type: "argument", digits }, hint: `(argument: ${digits})` };
}

/** A key with a number before it: one more digit, text so many times, or a command so often. */
function withArgument(state: EditorState, digits: string, key: Exclude<Key, { type: "paste" }>, now: number): Step {
  const name = key.type === "chord" ? key.chord : undefined;
  const [first = "", ...others] = key.type === "text" ? graphemes(key.text) : [];
  const then = (next: EditorState): Step => {
    const rest = others.join("");
    return rest === "" ? only(next) : pressed(next, { type: "text", text: rest }, now);
  };
  const more = nextDigits(digits, name ?? first);
  if (more !== undefined) return then(argued(state, more));
  const number = numberOf(digits);
  if (name === undefined) return then(typed(state, first.repeat(Math.max(0, number))));
  const command = commandOf(name, state.options.keys);
  if (command === undefined || command === "prefix") return chord(state, name, now);
  const { command: done, times } = repeated(command, number);
  let next = only(state);
  for (let n = 0; n < times; n++) {
    const after = perform(done, next.state, now);
    next = { state: after.state, effects: [...next.effects, ...after.effects] };
  }
  return next;
}

/** The key that a command, or the first key of several, has waited for. */
function awaited(
  state: EditorState,
  awaiting: NonNullable<EditorState["awaiting"]>,
  key: Exclude<Key, { type: "paste" }>,
  now: number,
): Step {
  const ready: EditorState = { ...state, awaiting: undefined };
  if (awaiting.type === "meta") return withMeta(ready, awaiting.at, key, now);
  const name = key.type === "chord" ? key.chord : undefined;
  if (name === "ctrl+g" || (name === "ctrl+c" && awaiting.type !== "literal")) return only({ ...ready, last: "other" });
  if (awaiting.type === "argument") return withArgument(ready, awaiting.digits, key, now);
  const [first = "", ...others] = key.type === "text" ? graphemes(key.text) : [];
  const then = (next: Step): Step => {
    if (others.length === 0) return next;
    const rest = pressed(next.state, { type: "text", text: others.join("") }, now);
    return { state: rest.state, effects: [...next.effects, ...rest.effects] };
  };
  if (awaiting.type === "chord") return then(chord(ready, `${awaiting.before} ${name ?? first}`, now));
  if (awaiting.type === "literal") {
    const character = name === undefined ? first : literal(name);
    return then(only(character === "" ? ready : edited(ready, text.insert(ready.buffer, character))));
  }
  if (name !== undefined) return only({ ...ready, last: "other" });
  const { cursor, text: characters } = ready.buffer;
  const at =
    awaiting.direction > 0
      ? characters.indexOf(first, cursor + 1)
      : cursor === 0
        ? -1
        : characters.lastIndexOf(first, cursor - 1);
  return then(only(at < 0 ? ready : moved(ready, at)));
}

const LITERALS: Readonly<Record<string, string>> = { tab: "\t", enter: "\n", escape: "\x1b", backspace: "\x7f" };

/** The character a key stands for by itself: Tab a tab, Ctrl+A the control character 1. */
function literal(name: string): string {
  const letter = /^ctrl\+([a-z])$/.exec(name)?.[1];
  return letter === undefined ? (LITERALS[name] ?? "") : String.fromCharCode(letter.charCodeAt(0) - 96);
}
