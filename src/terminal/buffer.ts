/**
 * The text being edited, as graphemes in one array with newlines among them, and the cursor between two of them.
 * Every function here returns a new buffer, or the position it finds.
 */
import { graphemes } from "./graphemes.ts";

export interface Buffer {
  readonly text: readonly string[];
  /** 0 is before the first grapheme. */
  readonly cursor: number;
}

export const emptyBuffer: Buffer = { text: [], cursor: 0 };

/** A buffer of `source` with the cursor at its end. */
export function bufferOf(source: string): Buffer {
  const text = graphemes(source);
  return { text, cursor: text.length };
}

export function sourceOf(buffer: Buffer): string {
  return buffer.text.join("");
}

/** What would be typed text only by mistake: control characters other than newline and tab. Newlines become `\n`. */
export function typeable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "");
}

/** Inserts at the cursor. An accent or a joiner that comes as a key of its own joins the grapheme before it. */
export function insert(buffer: Buffer, text: string): Buffer {
  const { cursor } = buffer;
  const start = Math.max(0, cursor - 1);
  const before = buffer.text.slice(start, cursor).join("") + text;
  const middle = graphemes(before);
  const joined = graphemes(before + (buffer.text[cursor] ?? ""));
  if (joined.length === middle.length && buffer.text[cursor] !== undefined) {
    return {
      text: [...buffer.text.slice(0, start), ...joined, ...buffer.text.slice(cursor + 1)],
      cursor: start + joined.length,
    };
  }
  return {
    text: [...buffer.text.slice(0, start), ...middle, ...buffer.text.slice(cursor)],
    cursor: start + middle.length,
  };
}

/** Takes out what is between two positions, in either order; the cursor ends up there. */
export function cut(buffer: Buffer, one: number, other: number): { buffer: Buffer; cut: string } {
  const from = Math.max(0, Math.min(one, other));
  const to = Math.max(one, other);
  return {
    buffer: { text: [...buffer.text.slice(0, from), ...buffer.text.slice(to)], cursor: from },
    cut: buffer.text.slice(from, to).join(""),
  };
}

export function moveTo(buffer: Buffer, position: number): Buffer {
  return { text: buffer.text, cursor: Math.max(0, Math.min(buffer.text.length, position)) };
}

export function lineStart(buffer: Buffer, position = buffer.cursor): number {
  return position === 0 ? 0 : buffer.text.lastIndexOf("\n", position - 1) + 1;
}

export function lineEnd(buffer: Buffer, position = buffer.cursor): number {
  const end = buffer.text.indexOf("\n", position);
  return end < 0 ? buffer.text.length : end;
}

export function onFirstLine(buffer: Buffer): boolean {
  return lineStart(buffer) === 0;
}

export function onLastLine(buffer: Buffer): boolean {
  return lineEnd(buffer) === buffer.text.length;
}

/** The cursor's place in its line. */
export function column(buffer: Buffer): number {
  return buffer.cursor - lineStart(buffer);
}

/** The same column one line up or down, or the end of that line where it is shorter. */
export function lineAway(buffer: Buffer, direction: -1 | 1, goal: number): number {
  const start = direction < 0 ? lineStart(buffer, lineStart(buffer) - 1) : lineEnd(buffer) + 1;
  return Math.min(start + goal, lineEnd(buffer, start));
}

const inWord = (character: string | undefined): boolean =>
  character !== undefined && /^[\p{L}\p{N}_$]/u.test(character);

/** The start of the word before the cursor. */
export function wordLeft(buffer: Buffer): number {
  let position = buffer.cursor;
  while (position > 0 && !inWord(buffer.text[position - 1])) position--;
  while (position > 0 && inWord(buffer.text[position - 1])) position--;
  return position;
}

/** The end of the word after the cursor. */
export function wordRight(buffer: Buffer): number {
  let position = buffer.cursor;
  while (position < buffer.text.length && !inWord(buffer.text[position])) position++;
  while (position < buffer.text.length && inWord(buffer.text[position])) position++;
  return position;
}

/** Swaps the two graphemes around the cursor, or the last two at the end of a line, as Emacs does. */
export function transpose(buffer: Buffer): Buffer {
  const start = lineStart(buffer);
  const second = buffer.cursor === lineEnd(buffer) ? buffer.cursor - 1 : buffer.cursor;
  if (second - 1 < start) return buffer;
  const text = [...buffer.text];
  const [left = "", right = ""] = text.slice(second - 1, second + 1);
  text[second - 1] = right;
  text[second] = left;
  return { text, cursor: second + 1 };
}
