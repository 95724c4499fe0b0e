/** What a string may be by the type of what it is given to: an argument, an option, a variable. */
import { callAt, type Cursor, cursorIn } from "./cursor.ts";
import { type DeclaredTypes, closing, endOfType, splitAt } from "./declared-types.ts";
import type { Documentation } from "./docs.ts";
import type { Expected } from "./expected.ts";

export type Wanted =
  { readonly texts: readonly string[] } | { readonly texts?: undefined; readonly expected: Expected };

export interface Types {
  /** The documentation of a function by its name. */
  document(name: string): Documentation | undefined;
  readonly declared?: DeclaredTypes | undefined;
}

/** Types whose texts only the node can tell. */
const KINDS: Readonly<Record<string, Expected["kind"] & ("node" | "name")>> = {
  NodeName: "node",
  Destination: "name",
  ServerRef: "name",
};

/** What the string that is open at the cursor may be, `undefined` if no type tells. */
export function wantedAt(cursor: Cursor, types: Types): Wanted | undefined {
  const { quoted, open, masked } = cursor;
  const [innermost, around] = [open.at(-1), open.at(-2)];
  if (quoted === undefined) return undefined;
  const annotated = ANNOTATION.exec(masked.slice(0, quoted.at))?.groups?.["type"];
  if (annotated !== undefined) return ofTypes([sourceOf(cursor, annotated, quoted.at)], types);
  if (innermost?.bracket === "(") {
    const call = callAt(cursor, innermost);
    // A string that is compared or joined is no argument by itself.
    if (call === undefined || masked.slice(call.starts.at(-1), quoted.at).trim() !== "") return undefined;
    const documented = types.document(call.callee);
    const texts = documented?.texts?.[call.argument];
    if (texts !== undefined) return { texts };
    return ofTypes(
      (documented?.signature ?? "").split("\n").map((one) => parametersIn(one)[call.argument] ?? ""),
      types,
    );
  }
  if (innermost?.bracket !== "{" || around === undefined) return undefined;
  const key = KEY.exec(masked.slice(innermost.at, quoted.at))?.groups?.["key"];
  const call = callAt(cursor, around);
  if (key === undefined || call === undefined) return undefined;
  const documented = types.document(call.callee);
  const option = documented?.options?.find(([name]) => name === key)?.[1];
  if (option !== undefined) return ofTypes([option], types);
  const parameter = parametersIn((documented?.signature ?? "").split("\n", 1)[0] ?? "")[call.argument];
  const member = parameter === undefined ? undefined : types.declared?.membersOf(parameter).get(key);
  return member === undefined ? undefined : ofTypes([member], types);
}

const KEY = /(?:[{,]|^)\s*(?<key>[\p{ID_Continue}$]+)\s*:\s*$/u;
const ANNOTATION = /(?:const|let|var)\s+[\p{ID_Continue}$]+\s*:(?<type>[^=;\n]+)=\s*$/u;

/** A type's text with the strings that are blank in the masked one. */
function sourceOf({ source, masked }: Cursor, type: string, before: number): string {
  const at = masked.slice(0, before).lastIndexOf(type);
  return source.slice(at, at + type.length);
}

function ofTypes(all: readonly string[], { declared }: Types): Wanted | undefined {
  const texts = new Set<string>();
  for (const type of all) for (const text of literalsIn(type, declared, 0)) texts.add(text);
  if (texts.size > 0) return { texts: [...texts] };
  for (const type of all) {
    const kind = splitAt(type, "|")
      .map((part) => KINDS[part.trim()])
      .find((one) => one !== undefined);
    if (kind !== undefined) return { expected: { kind } };
  }
  return undefined;
}

function literalsIn(type: string, declared: DeclaredTypes | undefined, depth: number): string[] {
  return splitAt(type, "|").flatMap((part) => {
    const text = part.trim();
    const literal = /^(["'])(?<text>[^"']*)\1$/u.exec(text)?.groups?.["text"];
    if (literal !== undefined) return [literal];
    const alias = depth < 5 && /^[\p{ID_Continue}$]+$/u.test(text) ? declared?.aliasOf(text) : undefined;
    return alias === undefined ? [] : literalsIn(alias, declared, depth + 1);
  });
}

/** The types of the parameters of `find(name: string, how?: "fast")`. */
function parametersIn(signature: string): string[] {
  const { masked } = cursorIn(signature);
  const generic = masked.indexOf("<");
  const first = masked.indexOf("(");
  const open = generic >= 0 && generic < first ? masked.indexOf("(", closing(masked, generic)) : first;
  const close = open < 0 ? -1 : closing(masked, open);
  if (close < 0) return [];
  return splitAt(signature.slice(open + 1, close), ",").map((parameter) => {
    const colon = /^\s*(?:\.\.\.)?[\p{ID_Continue}$]+\??\s*:\s*/u.exec(parameter)?.[0].length;
    if (colon === undefined) return "";
    const inside = cursorIn(parameter).masked;
    return parameter.slice(colon, endOfType(inside, colon)).trim();
  });
}
