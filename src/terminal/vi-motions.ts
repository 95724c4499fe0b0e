/** Where vi's motions lead, from a buffer and a count. */
import { matchingBracket } from "./brackets.ts";
import { column, lineAway, lineEnd, lineStart, moveTo, type Buffer } from "./buffer.ts";
import type { ViFind } from "./vi-state.ts";

/** Where a motion leads, and how much of the text an operator takes with it. */
export interface Target {
  readonly position: number;
  /** Up to the position, with the character there, or whole lines. */
  readonly span: "exclusive" | "inclusive" | "lines";
}

type Kind = "space" | "word" | "other";

/** What kind of word a character belongs to; a big word is all that is between spaces. */
export function kindOf(character: string | undefined, big: boolean): Kind {
  if (character === undefined || /^\s/u.test(character)) return "space";
  return big || /^[\p{L}\p{N}_$]/u.test(character) ? "word" : "other";
}

function nextWord({ text }: Buffer, from: number, big: boolean): number {
  const kind = kindOf(text[from], big);
  let at = from;
  if (kind !== "space") while (at < text.length && kindOf(text[at], big) === kind) at++;
  while (at < text.length && kindOf(text[at], big) === "space") at++;
  return at;
}

function wordEnd({ text }: Buffer, from: number, big: boolean): number {
  let at = from + 1;
  while (at < text.length && kindOf(text[at], big) === "space") at++;
  const kind = kindOf(text[at], big);
  while (at + 1 < text.length && kindOf(text[at + 1], big) === kind) at++;
  return Math.min(at, Math.max(from, text.length - 1));
}

/** The end of the word `cw` changes: of the one the cursor is in, even if it is on its last character. */
export function changedWordEnd(buffer: Buffer, count: number, big: boolean): number {
  return times(count, buffer.cursor - 1, (from) => wordEnd(buffer, from, big));
}

function wordStart({ text }: Buffer, from: number, big: boolean): number {
  let at = from - 1;
  while (at > 0 && kindOf(text[at], big) === "space") at--;
  const kind = kindOf(text[at], big);
  while (at > 0 && kindOf(text[at - 1], big) === kind) at--;
  return Math.max(0, at);
}

/** The end of the word before. */
function previousEnd({ text }: Buffer, from: number, big: boolean): number {
  let at = from;
  const kind = kindOf(text[at], big);
  if (kind !== "space") while (at >= 0 && kindOf(text[at], big) === kind) at--;
  while (at > 0 && kindOf(text[at], big) === "space") at--;
  return Math.max(0, at);
}

function times(count: number, from: number, once: (from: number) => number): number {
  let at = from;
  for (let n = 0; n < count; n++) {
    const next = once(at);
    if (next === at) break;
    at = next;
  }
  return at;
}

/** The first character of a line that is no space. */
export function firstText(buffer: Buffer, position = buffer.cursor): number {
  const end = lineEnd(buffer, position);
  let at = lineStart(buffer, position);
  while (at < end && kindOf(buffer.text[at], true) === "space") at++;
  return at;
}

/** The start of line `number`, counted from 1, or of the last. */
function lineNumber(buffer: Buffer, number: number): number {
  return times(number - 1, 0, (at) => Math.min(lineEnd(buffer, at) + 1, lineStart(buffer, buffer.text.length)));
}

/** Where `f`, `F`, `t` or `T` leads within the line; `repeated` steps over the character a `t` stands before. */
export function findInLine(buffer: Buffer, find: ViFind, count: number, repeated = false): number | undefined {
  const forwards = find.kind === "f" || find.kind === "t";
  const till = find.kind === "t" || find.kind === "T" ? (forwards ? -1 : 1) : 0;
  const step = forwards ? 1 : -1;
  const first = lineStart(buffer);
  const last = lineEnd(buffer) - 1;
  let at = buffer.cursor + (repeated ? -till : 0);
  for (let found = 0; found < count;) {
    at += step;
    if (at < first || at > last) return undefined;
    if (buffer.text[at] === find.character) found++;
  }
  return at + till;
}

function vertical(buffer: Buffer, direction: -1 | 1, count: number): Target | undefined {
  let at = buffer;
  const goal = column(buffer);
  for (let n = 0; n < count; n++) {
    const edge = direction < 0 ? lineStart(at) === 0 : lineEnd(at) === at.text.length;
    if (edge) return undefined;
    at = moveTo(at, lineAway(at, direction, goal));
  }
  return { position: at.cursor, span: "lines" };
}

/** Where the motion leads; `undefined` where it leads nowhere. Searches for characters are {@link findInLine}'s. */
export function motion(buffer: Buffer, name: string, given: number | undefined): Target | undefined {
  const { cursor, text } = buffer;
  const count = given ?? 1;
  const exclusive = (position: number): Target => ({ position, span: "exclusive" });
  const inclusive = (position: number): Target => ({ position, span: "inclusive" });
  const lines = (position: number): Target => ({ position, span: "lines" });
  switch (name) {
    case "h":
      return exclusive(Math.max(lineStart(buffer), cursor - count));
    case "l":
    case " ":
      return exclusive(Math.min(lineEnd(buffer), cursor + count));
    case "j":
      return vertical(buffer, 1, count);
    case "k":
      return vertical(buffer, -1, count);
    case "w":
    case "W":
      return exclusive(times(count, cursor, (from) => nextWord(buffer, from, name === "W")));
    case "b":
    case "B":
      return exclusive(times(count, cursor, (from) => wordStart(buffer, from, name === "B")));
    case "e":
    case "E":
      return inclusive(times(count, cursor, (from) => wordEnd(buffer, from, name === "E")));
    case "ge":
    case "gE":
      return inclusive(times(count, cursor, (from) => previousEnd(buffer, from, name === "gE")));
    case "0":
      return exclusive(lineStart(buffer));
    case "^":
      return exclusive(firstText(buffer));
    case "$": {
      const line = times(count - 1, cursor, (from) => Math.min(lineEnd(buffer, from) + 1, text.length));
      return inclusive(Math.max(lineStart(buffer, line), lineEnd(buffer, line) - 1));
    }
    case "|":
      return exclusive(Math.min(lineStart(buffer) + count - 1, lineEnd(buffer)));
    case "gg":
      return lines(lineNumber(buffer, count));
    case "G":
      return lines(given === undefined ? lineStart(buffer, text.length) : lineNumber(buffer, given));
    case "%":
      return bracket(buffer);
    default:
      return undefined;
  }
}

/** The partner of the first bracket from the cursor on, in its line. */
function bracket(buffer: Buffer): Target | undefined {
  const end = lineEnd(buffer);
  for (let at = buffer.cursor; at < end; at++) {
    if (!"()[]{}".includes(buffer.text[at] ?? "")) continue;
    const position = matchingBracket(moveTo(buffer, at), "on");
    return position && { position: position.partner, span: "inclusive" };
  }
  return undefined;
}
