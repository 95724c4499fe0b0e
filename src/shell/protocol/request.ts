/** A line of the protocol, read: a request, or what is wrong with it. Pure. */
import { nearest } from "../../term/nearest.ts";
import { type Field, type FieldType, type Op, type OpName, OPS } from "./ops.ts";

/** What a request is called by whoever sent it. */
export type Id = string | number;

interface Types {
  readonly string: string;
  readonly number: number;
  readonly id: Id;
}

type Fields<O extends Op> = {
  readonly [F in keyof O["fields"] as O["fields"][F] extends { optional: true } ? never : F]: TypeOf<O["fields"][F]>;
} & {
  readonly [F in keyof O["fields"] as O["fields"][F] extends { optional: true } ? F : never]?: TypeOf<O["fields"][F]>;
};

type TypeOf<F> = F extends { type: infer T extends FieldType } ? Types[T] : never;

/** A request by the name of its operation. */
export type RequestOf<N extends OpName> = { readonly op: N; readonly id: Id } & Fields<(typeof OPS)[N]>;

/** Something a program asks. */
export type Request = { [N in OpName]: RequestOf<N> }[OpName];

/** Why a line is no request. `id` is there if one could be read. */
export interface Problem {
  readonly id?: Id;
  readonly code: "not_json" | "not_a_message" | "missing_field" | "unknown_field" | "bad_field" | "unknown_op";
  readonly message: string;
}

/** Reads a line. Never throws. */
export function readRequest(line: string): { readonly request: Request } | { readonly problem: Problem } {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch (error) {
    return wrong("not_json", `A message is JSON in one line: ${(error as Error).message}`);
  }
  if (typeof message !== "object" || message === null || Array.isArray(message))
    return wrong("not_a_message", 'A message is an object: {"id": 1, "op": "eval", "code": "1 + 1"}');
  const { id, op, ...given } = message as Readonly<Record<string, unknown>>;
  if (id === undefined) return wrong("missing_field", 'A message has an "id", which its answers carry');
  if (!isOfType("id", id)) return wrong("bad_field", '"id" is a text or a whole number from 0');
  if (op === undefined) return wrong("missing_field", `A message has an "op": ${names(Object.keys(OPS))}`, id);
  if (typeof op !== "string" || !Object.hasOwn(OPS, op)) {
    const meant = typeof op === "string" ? nearest(op, Object.keys(OPS)) : undefined;
    const all = `The operations are ${names(Object.keys(OPS))}`;
    const why = meant === undefined ? all : `Did you mean "${meant}"? ${all}`;
    return wrong("unknown_op", `There is no operation ${shown(op)}. ${why}`, id);
  }
  const { fields } = OPS[op as OpName] as Op;
  for (const [name, field] of Object.entries(fields)) {
    const problem = problemOf(op, name, field, given[name]);
    if (problem !== undefined) return { problem: { ...problem, id } };
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    const known = Object.keys(fields);
    const takes = known.length === 0 ? "none but id" : names(known);
    return wrong("unknown_field", `"${op}" has no field ${shown(unknown)}; its fields are ${takes}`, id);
  }
  return { request: { ...given, op, id } as unknown as Request };
}

function problemOf(op: string, name: string, { type, optional, doc }: Field, value: unknown): Problem | undefined {
  if (value === undefined) {
    if (optional === true) return undefined;
    return { code: "missing_field", message: `"${op}" needs the field "${name}": ${doc}` };
  }
  if (isOfType(type, value)) return undefined;
  return { code: "bad_field", message: `The field "${name}" of "${op}" is ${KINDS[type]}, not ${shown(value)}` };
}

const KINDS: Readonly<Record<FieldType, string>> = {
  string: "a text",
  number: "a whole number from 0",
  id: "a text or a whole number from 0",
};

function isOfType<T extends FieldType>(type: T, value: unknown): value is Types[T] {
  const number = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  if (type === "number") return number;
  return typeof value === "string" || (type === "id" && number);
}

function wrong(code: Problem["code"], message: string, id?: Id): { problem: Problem } {
  return { problem: id === undefined ? { code, message } : { id, code, message } };
}

function names(all: readonly string[]): string {
  return all.map((name) => `"${name}"`).join(", ");
}

const MOST_SHOWN = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
