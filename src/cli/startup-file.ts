import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fullPath } from "../shell/helpers/full-path.ts";
import { ArgumentError } from "../term/error.ts";
import { configFolder } from "./config-folder.ts";

/** Statements that a shell starts with. */
export interface Startup {
  readonly path: string;
  readonly source: string;
}

/**
 * Reads the statements a shell starts with: those of the file that was named, else, for a prompt, those of `init.ts` or
 * `init.js` among a person's settings, if there is one. Throws `badarg` for a file that can't be read.
 */
export function readStartup(
  named: string | false | undefined,
  prompt: boolean,
  folder = configFolder(),
): Startup | undefined {
  if (named === false || (named === undefined && !prompt)) return undefined;
  const usual = ["init.ts", "init.js"].map((name) => join(folder, name));
  const path = named === undefined ? usual.find((file) => existsSync(file)) : fullPath(named);
  if (path === undefined) return undefined;
  try {
    return { path, source: readFileSync(path, "utf8") };
  } catch (error) {
    throw new ArgumentError(`Can't read ${path}: ${(error as Error).message}`, { cause: error });
  }
}
