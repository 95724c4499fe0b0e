import { isPid } from "./pid.ts";
import { isRef } from "./ref.ts";

/** Begins the keys of what is no primitive, so that no ordinary string is one. */
const STRUCTURE = "\0";

/**
 * A key for a `Map` under which equal terms are the same: primitives, pids and references are their own, whatever
 * else is told by what is in it. So a name may be `["room", 7]`.
 */
export function termKey(term: unknown): unknown {
  if (typeof term !== "object" || term === null || isPid(term) || isRef(term)) return term;
  return STRUCTURE + textOf(term);
}

function textOf(term: unknown): string {
  if (typeof term === "string") return JSON.stringify(term);
  if (typeof term === "bigint") return `${String(term)}n`;
  if (isPid(term)) return `<${term.node} ${String(term.id)} ${String(term.serial)} ${String(term.creation)}>`;
  if (isRef(term)) return `<ref ${term.node} ${String(term.id)} ${String(term.creation)}>`;
  if (Array.isArray(term)) return `[${term.map(textOf).join(",")}]`;
  if (term instanceof Date) return `Date(${String(term.getTime())})`;
  if (term instanceof Map) return `Map(${textOf([...term])})`;
  if (term instanceof Set) return `Set(${textOf([...term])})`;
  if (typeof term !== "object" || term === null) return String(term);
  const fields = Object.entries(term).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join(",")}}`;
}
