/** What is said beside a candidate: how it is called and what it does, or what kind of value it is. Runs nothing of the value's. */
import { types } from "node:util";
import { constructorOf, nameOfFunction, prototypesOf } from "../term/inspect-reflect.ts";
import { moduleNameOf } from "../term/module-name.ts";
import type { Candidate } from "../io/device.ts";
import type { Documentation } from "./docs.ts";
import { signatureOf } from "./helpers/documentation.ts";

/** Something that may be completed: its name, and its value or what a type says of it. */
export interface Described {
  readonly text: string;
  readonly value?: unknown;
  readonly type?: string;
}

/** A text, or where there are several ways to call it, a line for each. */
export function detailOf(
  { text, value, type }: Described,
  documented?: Documentation,
): string | readonly Candidate[] | undefined {
  if (type !== undefined && type !== "") return type;
  if (documented !== undefined) {
    const sentence = firstSentence(documented.doc);
    const [first = "", ...others] = documented.signature.split("\n");
    if (!first.includes("(")) return sentence === "" ? kindOf(value) : sentence;
    return [sentence === "" ? { name: first } : { name: first, detail: sentence }, ...others.map((name) => ({ name }))];
  }
  if (typeof value === "function" && !types.isProxy(value) && moduleNameOf(value) === undefined) {
    return signatureOf(value as (...args: never[]) => unknown, text);
  }
  return value === undefined ? undefined : kindOf(value);
}

/** The first sentence of a doc comment, on one line. */
export function firstSentence(doc: string): string {
  const paragraph =
    doc
      .split(/\n\s*\n/u)[0]
      ?.replace(/\s+/gu, " ")
      .trim() ?? "";
  return /^.*?[.:;](?=\s|$)/u.exec(paragraph)?.[0].slice(0, -1) ?? paragraph;
}

/** What kind of value it is, in a word or two. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object" && typeof value !== "function") return typeof value;
  if (types.isProxy(value)) return "Proxy";
  if (moduleNameOf(value) !== undefined) return "module";
  if (Array.isArray(value)) return `Array of ${String(value.length)}`;
  const constructor = constructorOf(prototypesOf(value));
  return (constructor && nameOfFunction(constructor)) || "Object";
}
