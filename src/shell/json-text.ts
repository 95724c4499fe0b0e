import { types } from "node:util";
import { isAtom } from "../term/atom.ts";
import { hasCode, MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid } from "../term/pid.ts";
import { isRef } from "../term/ref.ts";

/**
 * A value as JSON, in one line, for scripts. What JSON has no form for: pids and references are the texts that a prompt
 * shows, atoms their text, a bigint its digits in a text, a Map an object (or pairs, if a key is no text), a Set and a typed
 * array an array, an Error its name, message, code and fields, a function its text at a prompt; a missing value is `null`.
 *
 * Throws `not_json` for a value that contains itself, and `too_large` for one whose JSON would have more than `most`
 * characters, about.
 */
export function jsonText(value: unknown, most = Infinity): string {
  let length = 0;
  const counted = (key: string, inner: unknown): unknown => {
    const shown = plain(inner);
    length += key.length + 4 + (typeof shown === "string" ? shown.length : 0);
    if (length > most) throw new MoebiError("too_large", `The result has more than ${String(most)} characters as JSON`);
    return shown;
  };
  try {
    return JSON.stringify(value, counted) ?? "null";
  } catch (error) {
    if (hasCode(error, "too_large")) throw error;
    const why = "The result can't be printed as JSON, as it contains itself";
    throw new MoebiError("not_json", `${why}: leave out --json. The function has run`, { cause: error });
  }
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function" || typeof value === "symbol" || isPid(value) || isRef(value)) return inspect(value);
  if (isAtom(value)) return String(value);
  if (types.isMap(value)) {
    const pairs = [...value];
    return pairs.every(([key]) => typeof key === "string") ? Object.fromEntries(pairs) : pairs;
  }
  if (types.isSet(value)) return [...value];
  if (types.isTypedArray(value)) return Array.from(value as Iterable<number | bigint>);
  if (value instanceof Error) return { ...value, name: value.name, message: value.message };
  return value;
}
