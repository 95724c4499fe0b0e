import { homedir } from "node:os";
import { resolve } from "node:path";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";

/** An absolute path; `~` is the home directory. Throws `badarg` for what is no text. */
export function fullPath(path: unknown): string {
  if (typeof path !== "string" || path === "")
    throw new ArgumentError(`A path is a non-empty string, not ${inspect(path)}`);
  return resolve(/^~(?:\/|$)/u.test(path) ? homedir() + path.slice(1) : path);
}
