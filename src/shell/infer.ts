/**
 * What a dotted path in an unfinished statement stands for: a live value where there is one, else what the text says of
 * it, by an annotation, an initialiser, or the list it is an element of. Nothing is run.
 */
import { types as utilTypes } from "node:util";
import { isObject, peekProperty, propertiesOf } from "../code/peek.ts";
import { originOf } from "../code/registry.ts";
import { type Chain, chainBefore } from "./chain.ts";
import { commasBelow, cursorIn } from "./cursor.ts";
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
  /** How a function is called, with types, `find(name: string): Person`, where that is known. */
  signatureOf?(fn: object): string | undefined;
  /** The members of a type of the library's. */
  libraryType?(name: string): Members | undefined;
}

/** What is known of something: the properties of a value, and members that only a type tells of. */
export interface Known {
  readonly value?: unknown;
  readonly members?: Members | undefined;
  /** The type of an element, of a list whose values are not there. */
  readonly element?: string | undefined;
  /** What is known of its first item, of a list that is written out. */
  readonly first?: Known | undefined;
  /** The type of a function whose value is not there: `(name: string) => Person`. */
  readonly call?: string | undefined;
  /** What its own types stand for, `T` of an array, `K` and `V` of a Map. */
  readonly args?: Readonly<Record<string, string>> | undefined;
}

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const DOT = String.raw`(?:\?\.|\.)`;
const INDEX = String.raw`(?:\?\.)?\[(?:\d+|"[^"\\]*"|'[^'\\]*')\]`;
/** A path of plain steps: `Kate.friends[0].name`. */
export const PATH = `${NAME}(?:${DOT}${NAME}|${INDEX})*`;
const STEP = new RegExp(String.raw`${NAME}|(?<=\[)\d+(?=\])|(?<=\["|\[')[^"']*(?=["']\])`, "gu");
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

/** What the expression stands for that ends at `end`: a path, a call, something that is written out. */
export function inferBefore(end: number, source: string, masked: string, names: Names, depth = 0): Known | undefined {
  const chain = depth > MOST_STEPS ? undefined : chainBefore(source, masked, end);
  return chain && ofChain(chain, source, masked, names, depth);
}

function ofChain(
  { primary, steps, awaited }: Chain,
  source: string,
  masked: string,
  names: Names,
  depth: number,
): Known | undefined {
  let known = ofPrimary(primary, source, masked, names, depth);
  let holder: Known | undefined;
  for (const one of steps) {
    if (known === undefined) return undefined;
    const before: Known = known;
    if (one.kind === "member") known = step(before, one.name, names);
    else if (one.kind === "element") known = elementOf(before, names);
    else known = resultOf(before, holder, names, depth);
    holder = before;
  }
  return awaited && known?.args?.["T"] !== undefined && known.value === Promise.prototype
    ? ofType(known.args["T"], names)
    : known;
}

function ofPrimary(
  primary: Chain["primary"],
  source: string,
  masked: string,
  names: Names,
  depth: number,
): Known | undefined {
  switch (primary.kind) {
    case "name":
      return infer(primary.name, source, masked, names, depth);
    case "new":
      return ofType(primary.path, names);
    case "text":
      return { value: String.prototype };
    case "number":
      return { value: Number.prototype };
    case "regexp":
      return { value: RegExp.prototype };
    case "group":
      return ofText(source.slice(primary.from, primary.to), names, depth + 1);
    case "list": {
      const inside = source.slice(primary.from, primary.to);
      const [comma = inside.length] = commasBelow(cursorIn(inside).masked, 0);
      const first = ofText(inside.slice(0, comma), names, depth + 1);
      return { value: Array.prototype, first };
    }
  }
}

/** An expression that is written out whole, with nothing around it. */
function ofText(text: string, names: Names, depth: number): Known | undefined {
  const source = text.trim();
  const { masked } = cursorIn(source);
  if (source.startsWith("{") && closing(masked, 0) === source.length - 1)
    return { members: keysIn(source.slice(1, -1)) };
  const chain = depth > MOST_STEPS ? undefined : chainBefore(source, masked, source.length);
  return chain?.start === 0 ? ofChain(chain, source, masked, names, depth) : undefined;
}

/** The keys of an object that is written out, with what kind their values are if that is written too. */
function keysIn(body: string): Members {
  const { masked } = cursorIn(body);
  const found = new Map<string, string>();
  const starts = [0, ...commasBelow(masked, 0).map((comma) => comma + 1)];
  for (const [at, start] of starts.entries()) {
    const piece = body.slice(start, starts[at + 1] === undefined ? body.length : (starts[at + 1] ?? 0) - 1).trim();
    const { key, rest = "" } =
      /^(?:async\s+)?\*?(?<key>[\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?<rest>[^]*)$/u.exec(piece)?.groups ?? {};
    if (key === undefined) continue;
    const value = rest.replace(/^:\s*/u, "");
    if (rest.startsWith("(")) found.set(key, rest.slice(0, closing(cursorIn(rest).masked, 0) + 1));
    else if (/^["'`]/u.test(value)) found.set(key, "string");
    else found.set(key, /^-?\d+(?:\.\d+)?$/u.test(value) ? "number" : /^(?:true|false)$/u.test(value) ? "boolean" : "");
  }
  return found;
}

/** What a call gives: by the types of what is called, or by a body that is but one expression. */
function resultOf(called: Known, holder: Known | undefined, names: Names, depth: number): Known | undefined {
  const { value, call } = called;
  const fn = typeof value === "function" && !utilTypes.isProxy(value) ? value : undefined;
  const signature = call ?? (fn && names.signatureOf?.(fn));
  const type = signature === undefined ? undefined : resultType(signature.split("\n", 1)[0] ?? "");
  if (type === undefined) return fn && ofBody(textOf(fn), names, depth + 1);
  const bare = plain(type);
  if (bare === "this") return holder;
  // The parts of a live value need no type.
  if (/^[TV]$/u.test(bare) && holder?.args?.[bare] === undefined) return holder && elementOf(holder, names);
  const filled = Object.entries(holder?.args ?? {}).reduce(
    (text, [name, given]) =>
      text.replace(new RegExp(`(?<![\\p{ID_Continue}$])${name}(?![\\p{ID_Continue}$])`, "gu"), () => given),
    bare,
  );
  const known = ofType(filled, names);
  // `filter` gives such items as there were.
  return /^[ST]\[\]$/u.test(filled) && known !== undefined
    ? { ...known, element: undefined, first: holder && elementOf(holder, names) }
    : known;
}

/** The type behind the parameters of `find(name: string): Person` and of `(name: string) => Person`. */
function resultType(signature: string): string | undefined {
  const { masked } = cursorIn(signature);
  const open = masked.indexOf("(");
  const generic = masked.indexOf("<");
  const start = generic >= 0 && generic < open ? masked.indexOf("(", closing(masked, generic)) : open;
  const close = start < 0 ? -1 : closing(masked, start);
  const type =
    close < 0 ? undefined : /^\s*(?::|=>)\s*(?<type>[^]+)$/u.exec(signature.slice(close + 1))?.groups?.["type"];
  return type?.trim();
}

/** A function as it was written. */
function textOf(fn: object): string {
  const origin = originOf(fn);
  return origin?.unit.text.slice(origin.start, origin.end) ?? Function.prototype.toString.call(fn);
}

/** What `(…) => expression` gives. */
function ofBody(text: string, names: Names, depth: number): Known | undefined {
  const { masked } = cursorIn(text);
  const arrow = /^(?:async\s*)?(?:[\p{ID_Continue}$]+|\([^]*?\))\s*=>\s*/u.exec(masked)?.[0].length;
  if (arrow === undefined || masked[arrow] === "{" || text.startsWith("async") || depth > MOST_STEPS) return undefined;
  return ofText(text.slice(arrow), names, depth);
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
  if (known.value === Array.prototype && /^\d+$/u.test(name)) return elementOf(known, names);
  return { value: peekProperty(known.value, name) };
}

/** What a value of a type has. */
export function ofType(type: string, names: Names): Known | undefined {
  const text = plain(type);
  if (/^["'`]/u.test(text)) return { value: String.prototype };
  if (/^\d/u.test(text)) return { value: Number.prototype };
  if (Object.hasOwn(PRIMITIVES, text)) return { value: PRIMITIVES[text] };
  if (text.endsWith("[]")) return list(text.slice(0, -2));
  const [name, args] = genericParts(text);
  if (text.startsWith("[")) return { value: Array.prototype };
  if (name === "Array" || name === "ReadonlyArray") return list(args[0]);
  if (text.startsWith("(") || text.includes("=>")) return { value: Function.prototype, call: text };
  const declared = names.types?.membersOf(text);
  const members = declared !== undefined && declared.size > 0 ? declared : names.libraryType?.(name);
  const live = liveName(name.replace(/^typeof\s+/u, ""), names).value;
  if (name.startsWith("typeof ")) return { value: live, members };
  const prototype = typeof live === "function" ? peekProperty(live, "prototype") : undefined;
  const parameters = Object.hasOwn(PARAMETERS, name) ? (PARAMETERS[name] ?? []) : [];
  const given = Object.fromEntries(parameters.flatMap((key, at) => (args[at] === undefined ? [] : [[key, args[at]]])));
  return prototype === undefined && (members?.size ?? 0) === 0
    ? undefined
    : { value: prototype, members, ...(parameters.length > 0 && { args: given }) };
}

function list(element: string | undefined): Known {
  return { value: Array.prototype, element, ...(element !== undefined && { args: { T: element } }) };
}

/** What the language's own types call the types they are given. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = { Promise: ["T"], Set: ["T"], Map: ["K", "V"] };

/** As they were when this was loaded, so that nothing of anybody else's is run. */
const mapValues = Map.prototype.values;

/** What one element of a list is. */
function elementOf(known: Known | undefined, names: Names): Known | undefined {
  if (known?.element !== undefined) return ofType(known.element, names);
  if (known?.first !== undefined) return known.first;
  if (utilTypes.isMap(known?.value) && known.value !== Map.prototype)
    return { value: Reflect.apply(mapValues, known.value, []).next().value };
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
      `${DOT}(?:map|flatMap|filter|forEach|find|findLast|findIndex|some|every)\\(\\s*(?:async\\s*)?\\(?\\s*${word}\\s*(?=[,)=])`,
      (match) => elementOf(inferBefore(match.index, source, masked, names, depth + 1), names),
    ],
    [`catch\\s*\\(\\s*${word}\\s*\\)`, () => ({ value: Error.prototype })],
    [`(?:const|let|var)\\s+${word}\\s*=\\s*`, (_match, end) => ofInitialiser(end, source, masked, names, depth)],
  ];
  let found: Known | undefined;
  let at = -1;
  for (const [pattern, give] of rules) {
    for (const match of masked.matchAll(new RegExp(pattern, "gu"))) {
      const behind = match.index + match[0].trimEnd().length;
      // A string is blank in the masked text, so that space ends earlier than that says.
      const end = behind + (/^\s*/u.exec(source.slice(behind))?.[0].length ?? 0);
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

function ofInitialiser(start: number, source: string, masked: string, names: Names, depth: number): Known | undefined {
  const length = /[;\n](?!\s*[.?])/u.exec(masked.slice(start))?.index ?? masked.length - start;
  const text = source.slice(start, start + length).trim();
  if (/^-?\d/u.test(text)) return { value: Number.prototype };
  if (/^["'`]/u.test(text)) return { value: String.prototype };
  if (text.startsWith("{")) return ofText(text, names, depth + 1);
  const end = start + length;
  const chain = depth > MOST_STEPS ? undefined : chainBefore(source, masked, end);
  if (chain?.start !== start + (/^\s*/u.exec(masked.slice(start))?.[0].length ?? 0)) return undefined;
  // Where it stands at the top it is awaited, as the prompt does.
  const known = ofChain(chain, source.slice(0, end), masked.slice(0, end), names, depth + 1);
  const isTop = cursorIn(source.slice(0, start)).open.length === 0;
  const promised = isTop && known?.value === Promise.prototype ? known.args?.["T"] : undefined;
  return promised === undefined ? known : ofType(promised, names);
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
