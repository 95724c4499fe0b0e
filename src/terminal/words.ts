/** Changes to the words around the cursor, as Emacs makes them. */
import { lineEnd, lineStart, moveTo, wordLeft, wordRight, type Buffer } from "./buffer.ts";

/** The word before the cursor, or the one it is in, swapped with the next; the last two at the end. The cursor goes behind. */
export function transposeWords(buffer: Buffer): Buffer {
  const at = (position: number): Buffer => moveTo(buffer, position);
  // At the end there is no next word, and from there this finds the start of the last.
  const secondEnd = lastInWord(buffer, wordRight(buffer));
  const secondStart = wordLeft(at(secondEnd));
  const firstStart = wordLeft(at(secondStart));
  const firstEnd = wordRight(at(firstStart));
  if (firstEnd > secondStart || firstStart === secondStart) return buffer;
  const { text } = buffer;
  const next = [
    ...text.slice(0, firstStart),
    ...text.slice(secondStart, secondEnd),
    ...text.slice(firstEnd, secondStart),
    ...text.slice(firstStart, firstEnd),
    ...text.slice(secondEnd),
  ];
  return { text: next, cursor: secondEnd };
}

/** `position`, or the end of the last word before it where there is none behind the cursor. */
function lastInWord(buffer: Buffer, position: number): number {
  const start = wordLeft(moveTo(buffer, position));
  return wordRight(moveTo(buffer, start));
}

/** The word behind the cursor, from the cursor on, in upper case, in lower case, or with a capital. */
export function changeCase(buffer: Buffer, to: "upper" | "lower" | "capital"): Buffer {
  const end = wordRight(buffer);
  const before = buffer.text.slice(buffer.cursor, end);
  if (before.length === 0) return buffer;
  let first = true;
  const after = before.map((character) => {
    const letter = /^\p{L}/u.test(character);
    const up = to === "upper" || (to === "capital" && letter && first);
    if (letter) first = false;
    return up ? character.toUpperCase() : character.toLowerCase();
  });
  return { text: [...buffer.text.slice(0, buffer.cursor), ...after, ...buffer.text.slice(end)], cursor: end };
}

/** Takes out the spaces around the cursor, in its line. */
export function withoutSpace(buffer: Buffer): Buffer {
  const isSpace = (character: string | undefined): boolean => character === " " || character === "\t";
  const first = lineStart(buffer);
  const last = lineEnd(buffer);
  let from = buffer.cursor;
  let to = buffer.cursor;
  while (from > first && isSpace(buffer.text[from - 1])) from--;
  while (to < last && isSpace(buffer.text[to])) to++;
  if (from === to) return buffer;
  return { text: [...buffer.text.slice(0, from), ...buffer.text.slice(to)], cursor: from };
}
