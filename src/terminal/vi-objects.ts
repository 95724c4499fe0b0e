/** Vi's text objects: the word, the text in quotes or the block that the cursor is in, inside (`iw`) or with what is around it (`aw`). */
import { bracketPairs } from "./brackets.ts";
import { lineEnd, lineStart, type Buffer } from "./buffer.ts";
import { kindOf } from "./vi-motions.ts";

/** A part of the text, up to `to` and without what is there; whole lines where `lines` says so. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly lines: boolean;
}

const OPENING: Readonly<Record<string, string>> = {
  "(": "(",
  ")": "(",
  b: "(",
  "{": "{",
  "}": "{",
  B: "{",
  "[": "[",
  "]": "[",
  "<": "<",
  ">": "<",
};

/** The text object `name`, `iw` or `a(`, at the cursor; with a count that many words, or the block so many further out. */
export function textObject(buffer: Buffer, name: string, count: number): Range | undefined {
  const inner = name.startsWith("i");
  const what = name.slice(1);
  if (/^w$/iu.test(what)) return words(buffer, inner, what === "W", count);
  const opening = OPENING[what];
  return opening === undefined ? quoted(buffer, inner, what) : block(buffer, inner, opening, count);
}

/** Words and the spaces between them, within the line. */
function words(buffer: Buffer, inner: boolean, big: boolean, count: number): Range | undefined {
  const { text, cursor } = buffer;
  const first = lineStart(buffer);
  const end = lineEnd(buffer);
  if (cursor >= end) return undefined;
  const kindAt = (position: number): string => kindOf(text[position], big);
  let from = cursor;
  while (from > first && kindAt(from - 1) === kindAt(cursor)) from--;
  const past = (start: number): number => {
    let position = start;
    while (position < end && kindAt(position) === kindAt(start)) position++;
    return position;
  };
  const onSpace = kindAt(cursor) === "space";
  let to = from;
  for (let n = 0; n < count; n++) {
    to = past(to);
    // The spaces behind a word belong to it, or to the next where they come first.
    if (!inner && (onSpace || kindAt(to) === "space")) to = past(to);
  }
  // Behind the last word of a line there are none: those before it go.
  if (!inner && !onSpace && kindAt(to - 1) !== "space") while (from > first && kindAt(from - 1) === "space") from--;
  return { from, to, lines: false };
}

/** The text in quotes that the cursor is in, or the first behind it in the line. */
function quoted(buffer: Buffer, inner: boolean, quote: string): Range | undefined {
  const { text, cursor } = buffer;
  const end = lineEnd(buffer);
  let open: number | undefined;
  for (let at = lineStart(buffer); at < end; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (open === undefined) open = at;
      else if (at >= cursor) return inner ? { from: open + 1, to: at, lines: false } : spaced(buffer, open, at + 1);
      else open = undefined;
    }
  }
  return undefined;
}

/** With the spaces behind it, or else before it. */
function spaced(buffer: Buffer, from: number, to: number): Range {
  const isSpace = (position: number): boolean => /^[ \t]/u.test(buffer.text[position] ?? "");
  let behind = to;
  while (isSpace(behind)) behind++;
  let before = from;
  if (behind === to) while (before > lineStart(buffer) && isSpace(before - 1)) before--;
  return { from: before, to: behind, lines: false };
}

/** The block the cursor is in, or on a bracket of. Of one whose brackets stand on other lines the lines between them. */
function block(buffer: Buffer, inner: boolean, opening: string, count: number): Range | undefined {
  const { text, cursor } = buffer;
  const around = [...(opening === "<" ? anglePairs(buffer) : bracketPairs(buffer))]
    .filter(([open, close]) => text[open] === opening && open <= cursor && cursor <= close)
    .sort(([one], [other]) => other - one)[count - 1];
  if (around === undefined) return undefined;
  const [open, close] = around;
  if (!inner) return { from: open, to: close + 1, lines: false };
  const lastLine = lineStart(buffer, close);
  const alone = text[open + 1] === "\n" && text.slice(lastLine, close).every((character) => /^\s/u.test(character));
  return alone && lastLine - 1 > open + 1
    ? { from: open + 2, to: lastLine - 1, lines: true }
    : { from: open + 1, to: close, lines: false };
}

/** Where what stands in `<` and `>` opens and closes: types, and tags. The `>` of an arrow closes nothing. */
function anglePairs({ text }: Buffer): [open: number, close: number][] {
  const open: number[] = [];
  const pairs: [number, number][] = [];
  for (const [at, character] of text.entries()) {
    if (character === "<") open.push(at);
    if (character !== ">" || text[at - 1] === "=") continue;
    const last = open.pop();
    if (last !== undefined) pairs.push([last, at]);
  }
  return pairs;
}
