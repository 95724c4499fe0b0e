/**
 * Where a call stands in code that was typed, loaded or sent, with the variables that can be seen from there. Functions
 * that look at their caller (`pry`, `dbg`) get it from the rewritten call; called from compiled code they have none.
 */

import type { AnyFunction } from "./registry.ts";

/** How a variable is read and assigned, by the function it belongs to. */
export type Accessor = readonly [read: () => unknown, assign: (value: never) => unknown];

export type Accessors = Readonly<Record<string, Accessor>>;

/** Where a call stands. */
export interface Site {
  /** The file, or `moebi(3)` for what was typed at the third prompt. */
  readonly file: string;
  /** Counts from 1, as the file does. */
  readonly line: number;
  /** The text around, as it was written, and the number of its first line. */
  readonly source: string;
  readonly firstLine: number;
  /** The function around it, `Kate.sayName/1`; `undefined` at the top. */
  readonly fun: string | undefined;
  /** The code of the first argument, `""` if there is none. */
  readonly argument: string;
  /** `this`, as it is there. */
  self(): unknown;
  /** The variables of the functions around it. */
  readonly locals: Accessors;
  /** Where the code finds its other names; `undefined` for a file's, which has none beyond its own and its node's. */
  readonly scope: object | undefined;
}

/** What a rewritten call tells of itself. */
export type SiteArguments = readonly [
  start: number,
  fun: string | undefined,
  argument: string,
  self: () => unknown,
  locals: Accessors,
];

const aware = new WeakMap<object, (site: Site) => AnyFunction>();

/** Has rewritten calls of `fn` call what `bind` gives for their site instead. */
export function awareOfSite(fn: AnyFunction, bind: (site: Site) => AnyFunction): void {
  aware.set(fn, bind);
}

/** What is called at a site instead of `fn`: itself, for most. */
export function atSite(fn: unknown, site: () => Site): unknown {
  const bind = typeof fn === "function" ? aware.get(fn) : undefined;
  return bind === undefined ? fn : bind(site());
}

/** The line of `text` a position is on, from 0. */
export function lineAt(text: string, position: number): number {
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < position; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** `Kate.sayName/1 (moebi(3):2)`. */
export function placeOf({ fun, file, line }: Pick<Site, "fun" | "file" | "line">): string {
  const place = `${file}:${String(line)}`;
  return fun === undefined ? place : `${fun} (${place})`;
}
