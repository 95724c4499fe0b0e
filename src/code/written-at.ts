/**
 * Where a function that travels was typed. It is told in a comment behind its source, which a node that does not know of
 * it reads as nothing.
 */

import { type AnyFunction, originOf } from "./registry.ts";
import { lineAt } from "./site.ts";

/** Where code was typed, as frames name it. */
export interface WrittenAt {
  /** `alex@localhost moebi(3)`. */
  readonly file: string;
  /** Counts from 1 in the statement. */
  readonly line: number;
}

const STATEMENT = /^(?:moebi|pry)\(\d{1,9}\)$/u;
const ELSEWHERE = /^[^\s@/*]{1,255}@[^\s@/*]{1,255} (?:moebi|pry)\(\d{1,9}\)$/u;
const COMMENT = / \/\*(?<file>[^\s@/*]{1,255}@[^\s@/*]{1,255} (?:moebi|pry)\(\d{1,9}\)):(?<line>\d{1,9})\*\/$/u;

/** The source of a function of a node, with where it was typed behind it, there or elsewhere before it came. */
export function withPlace(source: string, fn: AnyFunction, node: string | undefined): string {
  const origin = originOf(fn);
  const { file = "", firstLine = 1, text = "" } = origin?.unit ?? {};
  const place = STATEMENT.test(file) && node !== undefined ? `${node} ${file}` : file;
  if (origin === undefined || !ELSEWHERE.test(place)) return source;
  return `${source} /*${place}:${String(firstLine + lineAt(text, origin.start))}*/`;
}

/** The source without it, and where it was typed; `undefined` where that is not told. */
export function takePlace(source: string): readonly [source: string, at: WrittenAt | undefined] {
  // The last thing there is, so that no more than that is looked at.
  const tail = Math.max(0, source.length - LONGEST);
  const found = source.endsWith("*/") ? COMMENT.exec(source.slice(tail)) : null;
  if (found === null) return [source, undefined];
  const { file = "", line = "1" } = found.groups ?? {};
  return [source.slice(0, tail + found.index), { file, line: Number(line) }];
}

const LONGEST = 600;
