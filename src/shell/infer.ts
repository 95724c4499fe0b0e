/**
 * What a dotted path in an unfinished statement stands for: a live value where there is one, else what the text says of
 * it, by an annotation, an initialiser, or the list it is an element of. Nothing is run.
 */
import { types as utilTypes } from "node:util";
import { isObject, peekProperty, propertiesOf } from "../code/peek.ts";
import {
  closing,
  type DeclaredTypes,
  endOfType,
  genericParts,
  type Members,
  membersIn,
  plain,
} from "./declared-types.ts";

/** Where names are looked for. A `Session` is one. */
export interface Names {
  /** Objects whose properties are names, nearest first. */
  layers(): readonly object[];
  /** The types declared so far. */
  readonly types?: DeclaredTypes | undefined;
}

/** What is known of something: the properties of a value, and members that only a type tells of. */
export interface Known {
  readonly value?: unknown;
  readonly members?: Members | undefined;
  /** The type of an element, of a list whose values are not there. */
  readonly element?: string | undefined;
}

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const DOT = String.raw`(?:\?\.|\.)`;
const INDEX = String.raw`(?:\?\.)?\[(?:\d+|"[^"\\]*"|'[^'\\]*')\]`;
/** A path of plain steps: `Kate.friends[0].name`. */
export const PATH = `${NAME}(?:${DOT}${NAME}|${INDEX})*`;
const STEP = new RegExp(String.raw`${NAME}|(?<=\[)\d+(?=\])|(?<=\["|\[')[^"']*(?=["']\])`, "gu");
const WHOLE_PATH = new RegExp(`^(?:await\\s+)?(?<path>${PATH})$`, "u");
const MOST_STEPS = 8;

/** What prototype values of a built-in type have. */
const PRIMITIVES: Readonly<Record<string, object>> = {
  string: String.prototype,
  number: Number.prototype,
  boolean: Boolean.prototype,
  bigint: BigInt.prototype,
  symbol: Symbol.prototype,
  NodeName: String.prototype,
};

/** What `path` stands for at the end of `source`. `masked` is that text with strings and comments blanked out. */
export function infer(path: string, source: string, masked: string, names: Names, depth = 0): Known | undefined {
  if (depth > MOST_STEPS) return undefined;
  const [first = "", ...rest] = path.match(STEP) ?? [];
  let known = first === "this" ? enclosingClass(source, masked, names) : bound(first, source, masked, names, depth);
  known ??= liveName(first, names);
  for (const name of rest) known = known && step(known, name, names);
  return known;
}

/** A name of the session, the node or the language. */
function liveName(name: string, names: Names): Known {
  const layer = names.layers().find((holder) => propertiesOf(holder).has(name));
  if (layer !== undefined) return { value: peekProperty(layer, name) };
  return { value: name === "process" ? process : peekProperty(globalThis, name) };
}

function step(known: Known, name: string, names: Names): Known | undefined {
  const type = known.members?.get(name);
  if (type !== undefined) return ofType(type, names);
  if (known.element !== undefined && /^\d+$/u.test(name)) return ofType(known.element, names);
  return { value: peekProperty(known.value, name) };
}

/** What a value of a type has. */
export function ofType(type: string, names: Names): Known | undefined {
  const text = plain(type);
  if (/^["'`]/u.test(text)) return { value: String.prototype };
  if (/^\d/u.test(text)) return { value: Number.prototype };
  if (Object.hasOwn(PRIMITIVES, text)) return { value: PRIMITIVES[text] };
  if (text.endsWith("[]")) return { value: Array.prototype, element: text.slice(0, -2) };
  const [name, args] = genericParts(text);
  if (text.startsWith("[")) return { value: Array.prototype };
  if (name === "Array" || name === "ReadonlyArray") return { value: Array.prototype, element: args[0] };
  if (text.startsWith("(") || text.includes("=>")) return { value: Function.prototype };
  const members = names.types?.membersOf(text);
  const live = liveName(name.replace(/^typeof\s+/u, ""), names).value;
  if (name.startsWith("typeof ")) return { value: live, members };
  const prototype = typeof live === "function" ? peekProperty(live, "prototype") : undefined;
  return prototype === undefined && (members?.size ?? 0) === 0 ? undefined : { value: prototype, members };
}

/** What one element of a list is. */
function elementOf(known: Known | undefined, names: Names): Known | undefined {
  if (known?.element !== undefined) return ofType(known.element, names);
  if (!isObject(known?.value) || utilTypes.isProxy(known.value) || !Array.isArray(known.value)) return undefined;
  return { value: Object.getOwnPropertyDescriptor(known.value, 0)?.value };
}

/** What the statement itself says of a name: the last place that binds it. */
function bound(name: string, source: string, masked: string, names: Names, depth: number): Known | undefined {
  const word = `(?<![\\p{ID_Continue}$.])${name.replaceAll("$", "\\$")}(?![\\p{ID_Continue}$])`;
  const list = `[^{}\\[\\]();]*?${word}[^{}\\[\\]();]*?`;
  const path = (text: string | undefined): Known | undefined =>
    text === undefined ? undefined : infer(text, source, masked, names, depth + 1);
  const rules: readonly (readonly [
    pattern: string,
    give: (match: RegExpExecArray, end: number) => Known | undefined,
  ])[] = [
    [`${word}\\s*[?!]?\\s*:\\s*`, (_match, end) => ofType(source.slice(end, endOfType(masked, end)), names)],
    [
      `\\{(?<list>${list})\\}\\s*:\\s*`,
      (match, end) => {
        const known = ofType(source.slice(end, endOfType(masked, end)), names);
        return known && step(known, originalName(match.groups?.["list"] ?? "", name), names);
      },
    ],
    [
      `\\{(?<list>${list})\\}\\s*=\\s*(?:await\\s+)?(?<path>${PATH})`,
      (match) => {
        const known = path(match.groups?.["path"]);
        return known && step(known, originalName(match.groups?.["list"] ?? "", name), names);
      },
    ],
    [
      `(?:const|let|var)\\s+${word}\\s+of\\s+(?<path>${PATH})`,
      (match) => elementOf(path(match.groups?.["path"]), names),
    ],
    [
      `(?<path>${PATH})${DOT}(?:map|flatMap|filter|forEach|find|findLast|findIndex|some|every)\\(\\s*(?:async\\s*)?\\(?\\s*${word}\\s*(?=[,)=])`,
      (match) => elementOf(path(match.groups?.["path"]), names),
    ],
    [`catch\\s*\\(\\s*${word}\\s*\\)`, () => ({ value: Error.prototype })],
    [
      `(?:const|let|var)\\s+${word}\\s*=\\s*`,
      (_match, end) => ofInitialiser(source.slice(end), masked.slice(end), names, path),
    ],
  ];
  let found: Known | undefined;
  let at = -1;
  for (const [pattern, give] of rules) {
    for (const match of masked.matchAll(new RegExp(pattern, "gu"))) {
      const end = match.index + match[0].length;
      // What is still being typed binds nothing yet.
      if (match.index <= at || end >= masked.length) continue;
      const known = give(match, end);
      if (known !== undefined) [found, at] = [known, match.index];
    }
  }
  return found;
}

/** `{ name: first }` gives `first` the property `name`. */
function originalName(list: string, name: string): string {
  const renamed = new RegExp(`(?<from>${NAME})\\s*:\\s*${name.replaceAll("$", "\\$")}(?![\\p{ID_Continue}$])`, "u");
  return renamed.exec(list)?.groups?.["from"] ?? name;
}

function ofInitialiser(
  source: string,
  masked: string,
  names: Names,
  path: (text: string) => Known | undefined,
): Known | undefined {
  const end = /[;\n]/u.exec(masked)?.index ?? masked.length;
  const text = source.slice(0, end).trim();
  const made = new RegExp(`^new\\s+(?<name>${PATH})`, "u").exec(text)?.groups?.["name"];
  if (made !== undefined) return ofType(made, names);
  if (/^["'`]/u.test(text)) return { value: String.prototype };
  if (/^-?\d/u.test(text)) return { value: Number.prototype };
  if (text.startsWith("[")) return { value: Array.prototype };
  const plainPath = WHOLE_PATH.exec(text)?.groups?.["path"];
  return plainPath === undefined ? undefined : path(plainPath);
}

/** What `this` has inside the class that is being typed. */
function enclosingClass(source: string, masked: string, names: Names): Known | undefined {
  const head = new RegExp(`\\bclass\\s+${NAME}?\\s*(?:extends\\s+(?<base>${PATH}))?[^{]*\\{`, "gu");
  let found: Known | undefined;
  for (const match of masked.matchAll(head)) {
    const open = match.index + match[0].length - 1;
    if (closing(masked, open) >= 0) continue;
    const base = match.groups?.["base"];
    found = { ...(base === undefined ? {} : ofType(base, names)), members: membersIn(source.slice(open + 1)) };
  }
  return found;
}
