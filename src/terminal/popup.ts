/** The pop-up of `completeWhileTyping`, pure: what may stand at the cursor, offered while one types. */
import type { Offer, OfferedCandidate } from "../shell/complete.ts";
import { cursorIn } from "../shell/cursor.ts";
import * as text from "./buffer.ts";
import { commandOf } from "./keymap.ts";
import type { Key } from "./keys.ts";
import { edited, type EditorState, type Step } from "./state.ts";

export interface Popup {
  /** The text before the cursor that it is about. */
  readonly before: string;
  /** What was answered last, for that text or for a beginning of it. */
  readonly answer: Answer | undefined;
  /** Whether the answer for the text as it is now is still to come. */
  readonly awaited: boolean;
  /** What is shown: those of the answer that fit still. Nothing is shown if it is empty. */
  readonly candidates: readonly OfferedCandidate[];
  /** Which of them is chosen. */
  readonly chosen: number | undefined;
  /** Escape has closed it, until another word begins. */
  readonly closed: boolean;
}

interface Answer {
  readonly before: string;
  readonly offer: Offer;
}

const WORD = /[\p{ID_Continue}$\u200c\u200d]*$/u;
const IN_WORD = /^[\p{ID_Continue}$]/u;
const IN_NUMBER = /(?<![\p{ID_Continue}$.])\d[\d_.]*$/u;
/** Of more candidates than this, an offer may tell the names alone. */
const MOST_DETAILED = 200;
/** Kinds of what is listed before anything of it is typed; of all names there are too many. */
const LISTED: readonly OfferedCandidate["kind"][] = ["text", "option", "property"];

/** The state after a key that is the pop-up's own; `undefined` for one that is the editor's. */
export function popupKey(state: EditorState, key: Key): EditorState | undefined {
  const { popup, options } = state;
  if (popup === undefined || popup.candidates.length === 0 || key.type !== "chord") return undefined;
  const { candidates, chosen } = popup;
  const command = commandOf(key.chord, options.keys);
  if (command === "complete") {
    // As the key does where nothing is shown yet.
    if (candidates.length === 1) return taken(choosing(state, popup, 0));
    return choosing(state, popup, chosen === undefined ? 0 : chosen + 1);
  }
  if (key.chord === "shift+tab" && command === undefined) return choosing(state, popup, (chosen ?? 0) - 1);
  // Whoever edits in vi's way leaves insert mode by it, and can't know whether something is shown by then.
  if (key.chord === "escape" && command === undefined && options.editing !== "vi") {
    return { ...state, popup: { ...popup, awaited: false, candidates: [], chosen: undefined, closed: true } };
  }
  if (chosen === undefined) return undefined;
  if (command === "down") return choosing(state, popup, chosen + 1);
  if (command === "up") return choosing(state, popup, chosen === 0 ? undefined : chosen - 1);
  return command === "accept" ? taken(state) : undefined;
}

/** The state in which the editor has a key: what is chosen is taken by what is typed behind it, else left. */
export function leftFor(state: EditorState, key: Key): EditorState {
  if (state.popup === undefined) return state;
  return key.type === "chord" ? { ...state, popup: undefined } : taken(state);
}

/** What a key has led to, with the pop-up for what was typed by it. */
export function followed(before: EditorState, key: Key, next: Step): Step {
  const { state, effects } = next;
  const changed = state.buffer.text !== before.buffer.text;
  if (!changed || effects.length > 0 || !mayOffer(state)) return next;
  const typed = text.sourceOf({ ...state.buffer, text: state.buffer.text.slice(0, state.buffer.cursor) });
  const shortened = before.popup?.before.startsWith(typed) === true;
  if (key.type !== "text" && !(key.type === "chord" && shortened)) return next;
  const popup = popupFor(typed, before.popup);
  if (popup === undefined) return next;
  return { state: { ...state, popup }, effects: popup.awaited ? [{ type: "offer" }] : [] };
}

/** The next state once an offer for `before` has come, or none will. One for a text that is no more changes nothing. */
export function offered(state: EditorState, before: string, offer: Offer | undefined): EditorState {
  const { popup } = state;
  if (popup?.awaited !== true) return state;
  if (offer === undefined) return popup.before === before ? { ...state, popup: undefined } : state;
  const answer = { before, offer };
  if (!isAbout(answer, popup.before)) return state;
  return { ...state, popup: showing(popup.before, answer) };
}

/** The next state once an offer is late: what an earlier one said is not shown meanwhile. */
export function offerLate(state: EditorState): EditorState {
  const { popup } = state;
  if (popup?.awaited !== true || popup.answer === undefined) return state;
  return { ...state, popup: { ...popup, answer: undefined, candidates: [] } };
}

function choosing(state: EditorState, popup: Popup, index: number | undefined): EditorState {
  const { length } = popup.candidates;
  const chosen = index === undefined ? undefined : (index + length) % length;
  // What a person chooses from stays as it is.
  return { ...state, last: "other", popup: { ...popup, awaited: false, chosen } };
}

/** The candidate that is chosen, in its place. */
function taken(state: EditorState): EditorState {
  const { popup, vi } = state;
  const candidate = popup?.candidates[popup.chosen ?? -1];
  const ready: EditorState = { ...state, popup: undefined };
  if (popup?.answer === undefined || candidate === undefined) return ready;
  const rest = text.typeable(candidate.text.slice(popup.before.length - popup.answer.offer.start));
  if (rest === "") return { ...ready, last: "other" };
  const recording = vi.recording && [...vi.recording, { type: "text", text: rest } as const];
  return { ...edited(ready, text.insert(state.buffer, rest)), vi: { ...vi, recording } };
}

/** Whether text is typed, at a place where a word can end. */
function mayOffer({ options, reading, search, awaiting, vi, buffer }: EditorState): boolean {
  if (!options.completeWhileTyping || reading !== "statement" || search !== undefined || awaiting !== undefined)
    return false;
  if (options.editing === "vi" && (vi.mode !== "insert" || vi.replaced !== undefined)) return false;
  return !IN_WORD.test(buffer.text[buffer.cursor] ?? "");
}

function popupFor(before: string, earlier: Popup | undefined): Popup | undefined {
  if (earlier?.closed === true && sameWord(earlier.before, before)) return { ...earlier, before };
  if (!isWorthAsking(before)) return undefined;
  const answer = earlier?.answer;
  if (answer !== undefined && isAbout(answer, before)) return showing(before, answer);
  return { before, answer: undefined, awaited: true, candidates: [], chosen: undefined, closed: false };
}

function showing(before: string, answer: Answer): Popup {
  const awaited = !isWhole(answer, before);
  return { before, answer, awaited, candidates: fitting(answer.offer, before), chosen: undefined, closed: false };
}

/** All names there are, and the digits of a number, are nothing to ask for. */
function isWorthAsking(before: string): boolean {
  const last = before.at(-1) ?? "";
  if (IN_WORD.test(last)) return !IN_NUMBER.test(before);
  if (last === ".") return !before.endsWith("..") && !IN_NUMBER.test(before);
  return /["'`/@:-]/u.test(last) && cursorIn(before).quoted !== undefined;
}

/** Whether an answer says something of `before`: the word it was given for has gone on since, or is the same. */
function isAbout(answer: Answer, before: string): boolean {
  return before.startsWith(answer.before) && sameWord(answer.before, before);
}

/** Whether it says all that another would. Before anything is typed of a name, not all there are were listed. */
function isWhole({ before: asked, offer: { start, candidates } }: Answer, before: string): boolean {
  return asked === before || (start < asked.length && candidates.length <= MOST_DETAILED);
}

function fitting({ start, candidates }: Offer, before: string): readonly OfferedCandidate[] {
  const prefix = before.slice(start);
  if (prefix === "" && !before.endsWith(".") && !candidates.every(({ kind }) => LISTED.includes(kind))) return [];
  const found = candidates.filter((one) => one.text !== "" && one.text.startsWith(prefix));
  // What is all there already is no offer.
  return found.length === 1 && found[0]?.text === prefix ? [] : found;
}

function sameWord(one: string, other: string): boolean {
  return one.replace(WORD, "") === other.replace(WORD, "");
}
