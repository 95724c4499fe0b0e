/**
 * The types that were declared at the prompt, which are gone from the code that runs: what members an interface, a type
 * or a class has, read from its text. Enough for completion, no checker.
 */
import { cursorIn } from "./cursor.ts";

/** The members of a type by name, each with its own type as written, `""` where none is. */
export type Members = ReadonlyMap<string, string>;

interface Declared {
  readonly parameters: readonly string[];
  /** Other types whose members it has as well. */
  readonly parents: readonly string[];
  readonly members: Members;
  /** What it stands for, of a type that has no members of its own. */
  readonly alias: string | undefined;
}

const NONE: Members = new Map();
const MODIFIERS = "(?:(?:public|private|protected|readonly|static|declare|override|abstract|async|get|set)\\s+)*";
const MEMBER = new RegExp(
  `^${MODIFIERS}(?<quote>["']?)(?<name>[\\p{ID_Start}$_][\\p{ID_Continue}$]*)\\k<quote>\\s*[?!]?\\s*(?:(?<call>[(<][^]*)|:\\s*(?<type>[^]*?)|(?:=[^]*)?)$`,
  "u",
);
const STATIC = /^\s*(?:(?:public|private|protected|declare|override)\s+)*static\s/u;
const GETTER = /^\s*(?:(?:public|private|protected|override)\s+)*get\s/u;
const DECLARATION =
  /\b(?<kind>interface|type|class)\s+(?<name>[\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:<(?<parameters>[^{}()=]*?)>)?\s*(?=[={]|extends\b|implements\b)/gu;

/** The types of one session. */
export class DeclaredTypes {
  readonly #types = new Map<string, Declared>();

  /** Takes in what a statement declares. A type declared again replaces the one before it. */
  add(source: string): void {
    if (!/\b(?:interface|type|class)\s/u.test(source)) return;
    for (const [name, declared] of declarationsIn(source)) this.#types.set(name, declared);
  }

  /** What a type of this name stands for, as written, if it is but another name. */
  aliasOf(name: string): string | undefined {
    return this.#types.get(name)?.alias;
  }

  /** What is known of a type by this name, its members with those of the types it extends. */
  members(name: string, args: readonly string[] = [], depth = 0): Members {
    const declared = this.#types.get(name);
    if (declared === undefined || depth > 10) return NONE;
    const given = new Map(declared.parameters.map((parameter, index) => [parameter, args[index] ?? "unknown"]));
    const filled = (type: string): string =>
      type.replace(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu, (word) => given.get(word) ?? word);
    const found = new Map<string, string>();
    for (const parent of declared.parents)
      for (const [key, type] of this.membersOf(filled(parent), depth + 1)) found.set(key, type);
    if (declared.alias !== undefined)
      for (const [key, type] of this.membersOf(filled(declared.alias), depth + 1)) found.set(key, type);
    for (const [key, type] of declared.members) found.set(key, filled(type));
    return found;
  }

  /** The members of a type as written: a name, `A & B`, `{ a: string }`, `Partial<A>`. Those of arrays are not among them. */
  membersOf(type: string, depth = 0): Members {
    if (depth > 10) return NONE;
    const parts = splitAt(plain(type), "&");
    if (parts.length > 1) {
      return new Map(parts.flatMap((part) => [...this.membersOf(part, depth + 1)]));
    }
    const text = plain(type);
    if (text.startsWith("{") && text.endsWith("}")) return membersIn(text.slice(1, -1));
    const [name, args] = genericParts(text);
    if (/^(?:Partial|Required|Readonly|NonNullable|Awaited)$/u.test(name))
      return this.membersOf(args[0] ?? "", depth + 1);
    return this.members(name, args, depth + 1);
  }
}

/** A type without what says that it may be missing or may not be written to. */
export function plain(type: string): string {
  const text = type.trim().replace(/^readonly\s+/u, "");
  if (text.startsWith("(") && closing(text, 0) === text.length - 1) return plain(text.slice(1, -1));
  const parts = splitAt(text, "|")
    .map((part) => part.trim())
    .filter((part) => !/^(?:|undefined|null)$/u.test(part));
  return parts[0] ?? "";
}

/** `Map<string, number>` as `["Map", ["string", "number"]]`. */
export function genericParts(type: string): readonly [name: string, args: readonly string[]] {
  const found = /^(?<name>[\p{ID_Continue}$.]+)\s*<(?<args>[^]*)>$/u.exec(type)?.groups;
  if (found === undefined) return [type, []];
  return [found["name"] ?? "", splitAt(found["args"] ?? "", ",").map((arg) => arg.trim())];
}

/** Where a type that begins at `start` ends. */
export function endOfType(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const character = text[at] ?? "";
    if ("([{<".includes(character)) {
      // A block's brace, not a type's: `f(): string {`.
      if (character === "{" && /[\p{ID_Continue}$\])>}]\s*$/u.test(text.slice(start, at))) return at;
      const end = closing(text, at);
      if (end < 0) return text.length;
      at = end + 1;
    } else if (text.startsWith("=>", at)) {
      // An arrow is a type's own only behind the parameters of a function type.
      if (!text.slice(start, at).trimEnd().endsWith(")")) return at;
      at += 2;
    } else if (",;)]}=".includes(character)) return at;
    else if (character === "\n" && !/[|&:]\s*$/u.test(text.slice(start, at)) && !/^\s*[|&]/u.test(text.slice(at)))
      return at;
    else at++;
  }
  return at;
}

function declarationsIn(source: string): [string, Declared][] {
  const { masked } = cursorIn(source);
  const found: [string, Declared][] = [];
  for (const match of masked.matchAll(DECLARATION)) {
    const { kind, name = "", parameters = "" } = match.groups ?? {};
    const start = match.index + match[0].length;
    const names = splitAt(parameters, ",").map(
      (one) => /^\s*(?:const\s+)?(?<name>[\p{ID_Continue}$]*)/u.exec(one)?.groups?.["name"] ?? "",
    );
    if (kind === "type") {
      const equals = /^\s*=\s*/u.exec(source.slice(start))?.[0].length ?? 0;
      const alias = source.slice(start + equals, endOfType(masked, start + equals));
      found.push([name, { parameters: names, parents: [], members: NONE, alias }]);
      continue;
    }
    const open = masked.indexOf("{", start);
    const end = open < 0 ? -1 : closing(masked, open);
    if (end < 0) continue;
    const parents = /\bextends\s+(?<parents>[^]*?)(?:\bimplements\b|$)/u.exec(source.slice(start, open))?.groups?.[
      "parents"
    ];
    const members = membersIn(source.slice(open + 1, end));
    found.push([name, { parameters: names, parents: splitAt(parents ?? "", ","), members, alias: undefined }]);
  }
  return found;
}

/** The members that stand between the braces of a type or a class. */
export function membersIn(body: string): Members {
  const found = new Map<string, string>();
  for (const piece of splitMembers(body)) {
    const groups = MEMBER.exec(piece.trim())?.groups;
    // What belongs to the class itself is there to be seen.
    if (groups === undefined || STATIC.test(piece)) continue;
    const { name = "", call, type } = groups;
    if (name === "constructor") {
      // `constructor(readonly name: string)` makes a field.
      for (const parameter of splitAt(call?.slice(1, Math.max(1, closing(call, 0))) ?? "", ",")) {
        if (!/^\s*(?:public|private|protected|readonly)\s/u.test(parameter)) continue;
        for (const [key, value] of membersIn(parameter)) found.set(key, value);
      }
    } else if (call !== undefined && GETTER.test(piece)) found.set(name, resultOf(signature(call)));
    else if (call !== undefined) found.set(name, signature(call));
    else found.set(name, type === undefined ? "" : type.slice(0, endOfType(cursorIn(type).masked, 0)).trim());
  }
  return found;
}

function resultOf(signed: string): string {
  return /^\(\s*\)\s*:\s*(?<type>[^]*)$/u.exec(signed)?.groups?.["type"]?.trim() ?? "";
}

/** `(to: string): void { … }` without its body. */
function signature(call: string): string {
  const { masked } = cursorIn(call);
  const open = masked.indexOf("(");
  const close = open < 0 ? -1 : closing(masked, open);
  if (close < 0) return call.trim();
  const result = /^\s*:\s*/u.exec(masked.slice(close + 1))?.[0].length;
  if (result === undefined) return call.slice(0, close + 1).trim();
  return call.slice(0, endOfType(masked, close + 1 + result)).trim();
}

function splitMembers(body: string): string[] {
  const { masked } = cursorIn(body);
  const ends: number[] = [];
  let at = 0;
  while (at < masked.length) {
    const character = masked[at] ?? "";
    if ("([{<".includes(character)) {
      at = Math.max(at, closing(masked, at));
      // Behind the body of a method the next member may begin.
      if (character === "{" && /\s/u.test(masked[at + 1] ?? "")) ends.push(at + 1);
    } else if (character === ";" || character === ",") ends.push(at);
    else if (character === "\n" && !/[|&:=]\s*$/u.test(masked.slice(0, at)) && !/^\s*[|&]/u.test(masked.slice(at)))
      ends.push(at);
    at++;
  }
  return cut(
    body.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/gu, (comment) => comment.replace(/[^\n]/gu, " ")),
    ends,
  );
}

/** `text` cut at a character where no bracket is open. */
export function splitAt(text: string, separator: string): string[] {
  const { masked } = cursorIn(text);
  const ends: number[] = [];
  for (let at = 0; at < masked.length; at++) {
    if ("([{<".includes(masked[at] ?? "")) at = Math.max(at, closing(masked, at));
    else if (masked[at] === separator) ends.push(at);
  }
  return text.trim() === "" ? [] : cut(text, ends);
}

function cut(text: string, ends: readonly number[]): string[] {
  return [...ends, text.length].map((end, index) => text.slice(index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, end));
}

/** Where the bracket that stands at `open` is closed, -1 if nowhere. Inside other brackets `<` and `>` compare. */
export function closing(masked: string, open: number): number {
  const angle = masked[open] === "<";
  let depth = 0;
  for (let at = open; at < masked.length; at++) {
    const character = masked[at] ?? "";
    if ("([{".includes(character) || (angle && character === "<")) depth++;
    else if (")]}".includes(character) || (angle && character === ">" && masked[at - 1] !== "=")) depth--;
    if (depth === 0) return at;
  }
  return -1;
}
