/** What Tab fills in, found by looking at values and never by running anything: no getter, no proxy, no evaluation. */

import { originOf } from "../code/registry.ts";
import { isObject, peekProperty, propertiesOf } from "../code/peek.ts";
import { parametersOf } from "../code/shape.ts";
import { valueOfVariable } from "../code/runtime.ts";

/** A possible continuation. */
export interface Candidate {
  /** As it is listed; a function's carries its number of arguments, `sayName/0`. */
  readonly name: string;
  readonly detail?: string;
}

/** What {@link complete} gives. */
export interface Completion {
  /** Text to put at the cursor: as much as all candidates share, perhaps none. */
  readonly insert: string;
  /** What to list: empty if nothing fits, or if the only fit has been filled in. */
  readonly candidates: readonly Candidate[];
}

/** Where names are looked for. A `Session` is one. */
export interface Names {
  /** Objects whose properties are names, nearest first. */
  layers(): readonly object[];
}

const NOTHING: Completion = { insert: "", candidates: [] };

const KEYWORDS = [
  ...[
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "delete",
    "do",
    "else",
    "enum",
    "export",
  ],
  ...[
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "namespace",
  ],
  ...[
    "new",
    "null",
    "of",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "var",
  ],
  ...["void", "while", "yield"],
];

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const DOT = String.raw`(?:\?\.|\.)`;
const INDEX = String.raw`(?:\?\.)?\[(?:\d+|"[^"\\]*"|'[^'\\]*')\]`;
/** The last part of an input: `Kate.friends[0].na`, its beginning a plain name. */
const PATH = new RegExp(`(?:(?<path>${NAME}(?:${DOT}${NAME}|${INDEX})*)${DOT})?(?<last>(?:${NAME})?)$`, "u");
const STEP = new RegExp(String.raw`${NAME}|(?<=\[)\d+(?=\])|(?<=\["|\[')[^"']*(?=["']\])`, "gu");

/**
 * Completes what is before the cursor: the last part of it, so `1 + Kate.sa` is about `Kate.sa`. Case counts. Behind the
 * open parenthesis of a call the function's parameters are listed; inside quotes, the nodes.
 *
 * @param nodes names of nodes, for completing inside quotes
 */
export function complete(before: string, names: Names, nodes: readonly string[] = []): Completion {
  const quoted = openString(before);
  if (quoted !== undefined)
    return choose(
      quoted,
      nodes.map((name) => ({ text: name, name })),
    );

  const call = /(?<callee>[^\s(){};,=+*/<>!&|:]+)\(\s*$/u.exec(before)?.groups?.["callee"];
  if (call !== undefined) return signature(call, names);

  const match = PATH.exec(before);
  const { path = "", last = "" } = match?.groups ?? {};
  const previous = before[(match?.index ?? 0) - 1] ?? "";
  // A member of what only evaluation could tell: `f().`, `(a + b).`, `[1].`
  if (/[\p{ID_Continue}$.\])]/u.test(previous)) return NOTHING;
  return path === "" ? bareName(last, names) : member(path, last, names);
}

/** The text behind the quote of a string that is still open, if the end of `text` is in one. */
function openString(text: string): string | undefined {
  let open: { quote: string; at: number } | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (open !== undefined) {
      if (character === "\\") at += 1;
      else if (character === open.quote || (character === "\n" && open.quote !== "`")) open = undefined;
    } else if (character === '"' || character === "'" || character === "`") {
      open = { quote: character, at };
    }
  }
  return open === undefined ? undefined : text.slice(open.at + 1);
}

function bareName(prefix: string, names: Names): Completion {
  const found = new Map<string, Entry>();
  for (const layer of names.layers()) addAll(found, layer);
  // All of the language with nothing typed would hide what is the user's own.
  if (prefix !== "") {
    addAll(found, globalThis);
    for (const word of KEYWORDS) if (!found.has(word)) found.set(word, { text: word, name: word });
  }
  return choose(
    prefix,
    [...found.values()].filter(({ text }) => prefix !== "" || !isInherited(text)),
  );
}

function member(path: string, prefix: string, names: Names): Completion {
  const holder = valueAt(path, names);
  const found = new Map<string, Entry>();
  addAll(found, holder);
  const listed = [...found.values()].filter(({ text }) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text));
  return choose(
    prefix,
    listed.filter(({ text }) => prefix !== "" || !isInherited(text, holder)),
  );
}

/** What every object has (and every function) is only listed when asked for. */
function isInherited(name: string, holder?: unknown): boolean {
  if (name in Object.prototype) return true;
  return typeof holder === "function" && (name in Function.prototype || name === "prototype");
}

interface Entry extends Candidate {
  readonly text: string;
}

function addAll(found: Map<string, Entry>, holder: unknown): void {
  for (const [text, descriptor] of propertiesOf(holder)) {
    if (found.has(text) || text.startsWith("__")) continue;
    const value = valueOfVariable(descriptor)?.value;
    found.set(text, {
      text,
      name: typeof value === "function" && !isClass(value) ? `${text}/${String(value.length)}` : text,
    });
  }
}

function isClass(value: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(value, "prototype");
  return prototype !== undefined && prototype.writable === false;
}

/** Follows a path of plain properties; `undefined` as soon as something would have to be run. */
function valueAt(path: string, names: Names): unknown {
  const [first = "", ...rest] = path.match(STEP) ?? [];
  let value: unknown;
  const layer = names.layers().find((holder) => propertiesOf(holder).has(first));
  if (layer !== undefined) value = peekProperty(layer, first);
  else if (first === "process") value = process;
  else value = peekProperty(globalThis, first);
  for (const name of rest) value = peekProperty(value, name);
  return value;
}

function signature(callee: string, names: Names): Completion {
  const path = /^(?:new\s+)?(?<path>.*)$/u.exec(callee)?.groups?.["path"] ?? "";
  const value = valueAt(path, names);
  if (!isObject(value) || typeof value !== "function") return NOTHING;
  const origin = originOf(value);
  const text = origin?.unit.text.slice(origin.start, origin.end) ?? Function.prototype.toString.call(value);
  const shown =
    parametersOf(text) ?? Array.from({ length: value.length }, (_, index) => `arg${String(index + 1)}`).join(", ");
  const name = path.split(".").at(-1) ?? "";
  return { insert: "", candidates: [{ name: `${name}(${shown})` }] };
}

function choose(prefix: string, entries: readonly Entry[]): Completion {
  const fitting = entries
    .filter(({ text }) => text.startsWith(prefix))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const [only, ...others] = fitting;
  if (only === undefined) return NOTHING;
  if (others.length === 0) return { insert: only.text.slice(prefix.length), candidates: [] };
  let shared = only.text;
  for (const { text } of others) while (!text.startsWith(shared)) shared = shared.slice(0, -1);
  return { insert: shared.slice(prefix.length), candidates: fitting.map(({ text: _text, ...candidate }) => candidate) };
}
