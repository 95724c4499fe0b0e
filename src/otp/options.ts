import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { nearest } from "../term/nearest.ts";

/**
 * Throws `badarg` for an option that there is not, and for what is no object of options: one that is misspelt would have
 * no effect, and nobody would notice.
 *
 * @param what whose options they are, as the error says it
 */
export function checkOptions(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new ArgumentError(`The options of ${what} are an object, not ${inspect(options)}`);
  for (const option in options) {
    if (known.includes(option)) continue;
    const meant = nearest(option, known);
    const hint = meant === undefined ? `it has ${known.join(", ")}` : `did you mean ${meant}?`;
    throw new ArgumentError(`${what} has no option ${inspect(option)}; ${hint}`);
  }
}
