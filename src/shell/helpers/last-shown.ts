import type { Results } from "../results.ts";
import { PRINTED } from "./print.ts";

/** The last value of a session that was one: a helper that has printed something gives none. Throws if there is none. */
export function lastShown(results: Results): unknown {
  let back = -1;
  while (results.nth(back) === PRINTED) back--;
  return results.nth(back);
}
