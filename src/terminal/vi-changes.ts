/** What vi's operators and its other changes make of the text. */
import * as text from "./buffer.ts";
import type { Buffer } from "./buffer.ts";
import { edited, kept, type EditorState } from "./state.ts";
import { changedWordEnd, firstText, type Target } from "./vi-motions.ts";
import type { Range } from "./vi-objects.ts";

export type Operator = "d" | "c" | "y" | CaseOperator;
type CaseOperator = "gu" | "gU" | "g~";

const CASES: Readonly<Record<CaseOperator, (letter: string) => string>> = {
  gu: (letter) => letter.toLowerCase(),
  gU: (letter) => letter.toUpperCase(),
  "g~": switched,
};

/**
 * The state after an operator over a part of the text. `undefined` where there is nothing to take. Whole lines are kept
 * with a newline behind them, which is how `p` knows them.
 */
export function operate(
  state: EditorState,
  operator: Operator,
  range: Range | undefined,
  target?: Target,
): EditorState | undefined {
  const { buffer } = state;
  if (range === undefined) return undefined;
  if (operator !== "d" && operator !== "c" && operator !== "y") {
    const { from, to, lines } = range;
    const cursor = lines ? Math.min(buffer.cursor, target?.position ?? buffer.cursor) : from;
    return edited(state, { text: exchanged(buffer, from, to, CASES[operator]), cursor });
  }
  if (range.from === range.to && !range.lines) return operator === "c" ? state : undefined;
  const taken = buffer.text.slice(range.from, range.to).join("");
  const kills = kept(state, range.lines ? `${taken}\n` : taken);
  if (operator === "y") {
    const cursor = range.lines ? Math.min(buffer.cursor, target?.position ?? buffer.cursor) : range.from;
    return { ...state, kills, buffer: text.moveTo(buffer, cursor), last: "other" };
  }
  return { ...edited(state, without(buffer, range, operator)), kills };
}

/** So many whole lines, from the cursor's on. */
export function lineRange(buffer: Buffer, count: number): Range {
  let to = text.lineEnd(buffer);
  for (let n = 1; n < count && to < buffer.text.length; n++) to = text.lineEnd(buffer, to + 1);
  return { from: text.lineStart(buffer), to, lines: true };
}

/** The text up to where a motion leads. */
export function rangeOf(buffer: Buffer, operator: Operator, name: string, target: Target, count: number): Range {
  const { cursor } = buffer;
  if (operator === "c" && /^w$/i.test(name) && /^\S/u.test(buffer.text[cursor] ?? " ")) {
    return { from: cursor, to: changedWordEnd(buffer, count, name === "W") + 1, lines: false };
  }
  const from = Math.min(cursor, target.position);
  const to = Math.max(cursor, target.position);
  if (target.span === "lines") return { from: text.lineStart(buffer, from), to: text.lineEnd(buffer, to), lines: true };
  if (target.span === "inclusive") return { from, to: Math.min(buffer.text.length, to + 1), lines: false };
  return { from, to: /^w$/i.test(name) ? atLineEnd(buffer, from, to) : to, lines: false };
}

/** A word at the end of a line is taken without the newline and the next line's indentation. */
function atLineEnd(buffer: Buffer, from: number, to: number): number {
  let behind = to;
  while (behind > from && /^\s/u.test(buffer.text[behind - 1] ?? "")) behind--;
  const newline = buffer.text.indexOf("\n", behind);
  return newline >= 0 && newline < to && newline > from ? newline : to;
}

function without(buffer: Buffer, { from, to, lines }: Range, operator: Operator): Buffer {
  if (!lines || operator === "c") return text.cut(buffer, from, to).buffer;
  // With the newline behind the lines, or before the last ones.
  const last = to === buffer.text.length;
  const next = text.cut(buffer, last ? Math.max(0, from - 1) : from, last ? to : to + 1).buffer;
  return text.moveTo(next, firstText(next, Math.min(from, next.text.length)));
}

/** Puts what was taken last behind the cursor, or at it; whole lines below the line or above it. */
export function put(buffer: Buffer, taken: string | undefined, behind: boolean, count: number): Buffer | undefined {
  if (taken === undefined || taken === "") return undefined;
  const end = text.lineEnd(buffer);
  if (taken.endsWith("\n")) {
    const at = behind ? end : text.lineStart(buffer);
    const lines = taken.repeat(count);
    const next = text.insert(text.moveTo(buffer, at), behind ? `\n${lines.slice(0, -1)}` : lines);
    return text.moveTo(next, firstText(next, behind ? at + 1 : at));
  }
  const next = text.insert(
    text.moveTo(buffer, behind ? Math.min(end, buffer.cursor + 1) : buffer.cursor),
    taken.repeat(count),
  );
  return text.moveTo(next, next.cursor - 1);
}

function exchanged(buffer: Buffer, from: number, to: number, by: (character: string) => string): string[] {
  return buffer.text.map((character, at) => (at >= from && at < to ? by(character) : character));
}

/** Other letters in place of `count` characters; `undefined` if the line has fewer. */
export function replaceCharacters(buffer: Buffer, by: string, count: number): Buffer | undefined {
  const to = buffer.cursor + count;
  if (to > text.lineEnd(buffer)) return undefined;
  return { text: exchanged(buffer, buffer.cursor, to, () => by), cursor: to - 1 };
}

function switched(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

/** Capital letters for small ones and the other way round. */
export function switchCase(buffer: Buffer, count: number): Buffer | undefined {
  const to = Math.min(text.lineEnd(buffer), buffer.cursor + count);
  if (to === buffer.cursor) return undefined;
  return { text: exchanged(buffer, buffer.cursor, to, switched), cursor: to };
}
