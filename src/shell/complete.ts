/** What Tab fills in, found by looking at values and never by running anything: no getter, no proxy, no evaluation. */

import { originOf } from "../code/registry.ts";
import { isObject, propertiesOf } from "../code/peek.ts";
import { parametersOf } from "../code/shape.ts";
import { valueOfVariable } from "../code/runtime.ts";
import { moduleNameOf } from "../term/module-name.ts";
import { detailOf, firstSentence, kindOf } from "./candidate-detail.ts";
import { callAt, type Cursor, cursorIn } from "./cursor.ts";
import type { Documentation } from "./docs.ts";
import { infer, inferBefore, type Known, type Names, PATH } from "./infer.ts";

export type { Names } from "./infer.ts";

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

/** What else is known where names are completed. */
export interface Surroundings {
  /** What may stand inside the string the cursor is in. */
  readonly texts?: readonly string[];
  /** The documentation of a function or module by its name. */
  document?(name: string): Documentation | undefined;
  /** The documentation of a function by itself. */
  documentOf?(value: unknown): Documentation | undefined;
  /** It was asked for before, so that signatures and types are wanted as well. */
  readonly again?: boolean;
}

const NOTHING: Completion = { insert: "", candidates: [] };
/** More candidates than this are listed without details, for which there would be no room. */
const MOST_DETAILED = 40;

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
/** The last part of an input, and the dot in front of it if there is one. */
const LAST = new RegExp(`(?<dot>(?<!\\.)${DOT}\\s*)?(?<last>(?:${NAME})?)$`, "u");
const WHOLE_PATH = new RegExp(`(?<![\\p{ID_Continue}$.)\\]])${PATH}$`, "u");

/**
 * Completes what is before the cursor: the last part of it, so `1 + Kate.sa` is about `Kate.sa`. Case counts. Behind the
 * open parenthesis of a call the function's parameters are listed; in an object among its arguments, its options; inside
 * quotes, the texts that may stand there. What is all there already is answered with what is known of it.
 */
export function complete(before: string, names: Names, surroundings: Surroundings = {}): Completion {
  const found = find(before, names, surroundings);
  return "entries" in found ? choose(found, surroundings.again) : found;
}

/** What a name stands for. */
export type CandidateKind =
  "class" | "function" | "keyword" | "module" | "option" | "property" | "signature" | "text" | "variable";

/** A possible continuation, as a program is told of it. */
export interface OfferedCandidate {
  /** What stands there if it is taken; of a `signature`, nothing to take. */
  readonly text: string;
  readonly kind: CandidateKind;
  /** How a function is called, or a type. */
  readonly signature?: string;
  /** What it does, in a sentence. */
  readonly doc?: string;
}

/** All that {@link complete} knows: the candidates, and where the text begins that one of them takes the place of. */
export interface Offer {
  readonly start: number;
  readonly candidates: readonly OfferedCandidate[];
}

/** As {@link complete}, for a program: every candidate, the only one as well, apart in what is known of it. */
export function offer(before: string, names: Names, surroundings: Surroundings = {}): Offer {
  const found = find(before, names, surroundings);
  if (!("entries" in found)) {
    const candidates = found.candidates.map(({ name, detail }) => ({
      ...{ text: "", kind: "signature" as const, signature: name },
      ...(detail !== undefined && { doc: detail }),
    }));
    return { start: before.length, candidates };
  }
  const fitting = fits(found);
  const detailed = fitting.length <= MOST_OFFERED_DETAILED;
  const candidates = fitting.map((entry): OfferedCandidate => {
    const told: OfferedCandidate = { text: entry.text, kind: found.kind ?? kindOfEntry(entry, found) };
    const about = detailed ? found.detail(entry) : undefined;
    if (about === undefined || about === "") return told;
    if (typeof about !== "string")
      return { ...told, signature: about.map(({ name }) => name).join("\n"), ...docOf(about[0]?.detail) };
    return isCallOrType(entry, about) ? { ...told, signature: about } : { ...told, doc: about };
  });
  return { start: before.length - found.prefix.length, candidates };
}

/** More candidates than this are told of without what is known of each. */
const MOST_OFFERED_DETAILED = 200;

function docOf(doc: string | undefined): { doc?: string } {
  return doc === undefined ? {} : { doc };
}

/** What is said of an entry is its type, how it is called, or what its documentation says. */
function isCallOrType({ text, type, value }: Entry, about: string): boolean {
  return (type ?? "") !== "" || about.startsWith(`${text}(`) || about === kindOf(value);
}

function kindOfEntry({ value, type, text }: Entry, { member = false }: Choice): CandidateKind {
  if (typeof value === "function" && isClass(value)) return "class";
  if (isObject(value) && moduleNameOf(value) !== undefined) return "module";
  if (typeof value === "function") return "function";
  if (type?.startsWith("(") === true) return "function";
  if (!member && value === undefined && KEYWORDS.includes(text)) return "keyword";
  return member ? "property" : "variable";
}

/** What fits behind `prefix` is among the entries. `detail` says more of one. */
interface Choice {
  readonly prefix: string;
  readonly entries: readonly Entry[];
  readonly detail: (entry: Entry) => string | readonly Candidate[] | undefined;
  /** What all of them are, where that is no matter of what they hold. */
  readonly kind?: CandidateKind;
  /** Whether they are members of something. */
  readonly member?: boolean;
}

function find(before: string, names: Names, surroundings: Surroundings): Choice | Completion {
  const cursor = cursorIn(before);
  if (cursor.comment) return NOTHING;
  if (cursor.quoted !== undefined) {
    const keys = keysAt(cursor, names);
    if (keys !== undefined)
      return { prefix: cursor.quoted.text, entries: keys, detail: (entry) => detailOf(entry), member: true };
    const texts = (surroundings.texts ?? []).map((text) => ({ text, name: text }));
    return { prefix: cursor.quoted.text, entries: texts, detail: () => undefined, kind: "text" };
  }
  const innermost = cursor.open.at(-1);
  if (innermost?.bracket === "(" && before.slice(innermost.at + 1).trim() === "") {
    const call = callAt(cursor, innermost);
    if (call !== undefined) return signature(call.callee, before, cursor, names, surroundings);
  }
  const options = optionsAt(cursor, surroundings);
  if (options !== undefined) return options;

  const match = LAST.exec(before);
  const { dot, last = "" } = match?.groups ?? {};
  // `5.` may yet become `5.2`.
  if (dot === "." && /(?<![\p{ID_Continue}$.])\d+$/u.test(before.slice(0, match?.index))) return NOTHING;
  if (dot !== undefined) return member(match?.index ?? 0, last, cursor, names, surroundings);
  // The digits of a number, the rest of a spread.
  if (/[\p{ID_Continue}$]/u.test(before[(match?.index ?? 0) - 1] ?? "")) return NOTHING;
  return bareName(last, names, surroundings);
}

/** The keys of what stands before the bracket in `kate["`; `undefined` elsewhere, as in a list. */
function keysAt({ quoted, open, masked, source }: Cursor, names: Names): Entry[] | undefined {
  const innermost = open.at(-1);
  if (quoted === undefined || innermost?.bracket !== "[") return undefined;
  const { at } = innermost;
  if (masked.slice(at + 1, quoted.at).trim() !== "") return undefined;
  const known = inferBefore(/\?\.\s*$/u.test(masked.slice(0, at)) ? at - 2 : at, source, masked, names);
  if (known === undefined) return undefined;
  const found = new Map<string, Entry>();
  for (const [text, type] of known.members ?? []) found.set(text, { text, name: text, type });
  addAll(found, known.value);
  return [...found.values()].filter(({ text }) => !isInherited(text, known.value));
}

function bareName(prefix: string, names: Names, { document }: Surroundings): Choice {
  const found = new Map<string, Entry>();
  for (const layer of names.layers()) addAll(found, layer);
  // All of the language with nothing typed would hide what is the user's own.
  if (prefix !== "") {
    addAll(found, globalThis);
    for (const word of KEYWORDS) if (!found.has(word)) found.set(word, { text: word, name: word });
  }
  const entries = [...found.values()].filter(({ text }) => prefix !== "" || !isInherited(text));
  return { prefix, entries, detail: (entry) => detailOf(entry, document?.(entry.text)) };
}

/** Members of what ends at `end`. */
function member(
  end: number,
  prefix: string,
  { source, masked }: Cursor,
  names: Names,
  { document, documentOf }: Surroundings,
): Choice {
  const known: Known = inferBefore(end, source, masked, names) ?? {};
  const path = WHOLE_PATH.exec(masked.slice(0, end))?.[0];
  const found = new Map<string, Entry>();
  for (const [text, type] of known.members ?? []) found.set(text, { text, name: text, type });
  addAll(found, known.value);
  const entries = [...found.values()].filter(
    ({ text }) =>
      /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text) && (prefix !== "" || !isHidden(text, known.value)),
  );
  const about = (entry: Entry): Documentation | undefined =>
    (path === undefined ? undefined : document?.(`${path}.${entry.text}`)) ?? documentOf?.(entry.value);
  return { prefix, entries, detail: (entry) => detailOf(entry, about(entry)), member: true };
}

/** What every object has (and every function) is only listed when asked for. */
function isInherited(name: string, holder?: unknown): boolean {
  if (name in Object.prototype) return true;
  return typeof holder === "function" && (name in Function.prototype || name === "prototype");
}

/** Made for pages of 1995, in everybody's way since. */
const MARKUP = new Set(
  "anchor big blink bold fixed fontcolor fontsize italics link small strike sub substr sup".split(" "),
);

function isHidden(name: string, holder: unknown): boolean {
  if (isInherited(name, holder)) return true;
  return MARKUP.has(name) && (typeof holder === "string" || holder === String.prototype);
}

interface Entry extends Candidate {
  readonly text: string;
  readonly value?: unknown;
  readonly type?: string;
}

function addAll(found: Map<string, Entry>, holder: unknown): void {
  for (const [text, descriptor] of propertiesOf(holder)) {
    if (found.has(text) || text.startsWith("__")) continue;
    const value = valueOfVariable(descriptor)?.value;
    const name = typeof value === "function" && !isClass(value) ? `${text}/${String(value.length)}` : text;
    found.set(text, { text, name, value });
  }
}

function isClass(value: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(value, "prototype");
  return prototype !== undefined && prototype.writable === false;
}

function signature(
  callee: string,
  before: string,
  { masked }: Cursor,
  names: Names,
  { document }: Surroundings,
): Completion {
  const documented = document?.(callee);
  const name = callee.split(".").at(-1) ?? "";
  const known = infer(callee, before, masked, names);
  const { value } = known ?? {};
  if (!isObject(value) || typeof value !== "function") {
    const holder = infer(callee.slice(0, Math.max(0, callee.lastIndexOf("."))), before, masked, names);
    const type = holder?.members?.get(name);
    return type?.startsWith("(") ? { insert: "", candidates: [{ name: name + type }] } : NOTHING;
  }
  if (documented !== undefined && documented.signature.includes("("))
    return { insert: "", candidates: described(documented) };
  const origin = originOf(value);
  const text = origin?.unit.text.slice(origin.start, origin.end) ?? Function.prototype.toString.call(value);
  const shown =
    parametersOf(text) ?? Array.from({ length: value.length }, (_, index) => `arg${String(index + 1)}`).join(", ");
  return { insert: "", candidates: [{ name: `${name}(${shown})` }] };
}

/** The ways to call something, a line each, the first with what it does. */
export function described({ signature: text, doc }: Documentation): Candidate[] {
  const sentence = firstSentence(doc);
  return text
    .split("\n")
    .map((name, index) => (index === 0 && sentence !== "" ? { name, detail: sentence } : { name }));
}

/** The keys of an object that is an argument of a documented function; `undefined` where the cursor is at no such key. */
function optionsAt(cursor: Cursor, { document }: Surroundings): Choice | undefined {
  const [innermost, around] = [cursor.open.at(-1), cursor.open.at(-2)];
  if (innermost?.bracket !== "{" || around === undefined) return undefined;
  const call = callAt(cursor, around);
  const inside = cursor.masked.slice(innermost.at + 1);
  const key = /(?:^|,)\s*(?<prefix>[\p{ID_Continue}$]*)$/u.exec(inside)?.groups?.["prefix"];
  if (call === undefined || key === undefined) return undefined;
  const options = document?.(call.callee)?.options ?? [];
  const taken = new Set(
    [...inside.matchAll(/(?:^|,)\s*(?<key>[\p{ID_Continue}$]+)\s*[:,]/gu)].map(({ groups }) => groups?.["key"]),
  );
  const left = options.filter(([name]) => !taken.has(name));
  if (!left.some(([name]) => name.startsWith(key))) return undefined;
  const entries = left.map(([name, type, doc]) => ({ text: name, name, type, value: doc }));
  const detail = ({ type, value }: Entry): string => [type, value].filter((part) => part !== "").join("  ");
  return { prefix: key, entries, detail, kind: "option" };
}

function fits({ prefix, entries }: Choice): Entry[] {
  return entries
    .filter(({ text }) => text.startsWith(prefix))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
}

function choose(choice: Choice, again = false): Completion {
  const { prefix, detail } = choice;
  const fitting = fits(choice);
  const [only, ...others] = fitting;
  if (only === undefined) return NOTHING;
  if (others.length === 0) {
    const insert = only.text.slice(prefix.length);
    if (insert !== "") return { insert, candidates: [] };
    const about = detail(only);
    if (about === undefined || about === "") return NOTHING;
    return { insert, candidates: typeof about === "string" ? [{ name: only.name, detail: about }] : about };
  }
  let shared = only.text;
  for (const { text } of others) while (!text.startsWith(shared)) shared = shared.slice(0, -1);
  const detailed = again && fitting.length <= MOST_DETAILED;
  const candidates = fitting.map((entry): Candidate => {
    const about = detailed ? detail(entry) : undefined;
    const text = typeof about === "string" ? about : about && ofFunction(about[0]);
    return text === undefined || text === "" ? { name: entry.name } : { name: entry.name, detail: text };
  });
  return { insert: shared.slice(prefix.length), candidates };
}

/** How a function is called and what it does, beside its name. */
function ofFunction(first: Candidate | undefined): string | undefined {
  if (first === undefined) return undefined;
  const call = first.name.slice(Math.max(0, first.name.search(/[(<]/u)));
  return first.detail === undefined ? call : `${call}  ${first.detail}`;
}
