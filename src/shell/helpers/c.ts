import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { Helper } from "./context.ts";
import { loadFile } from "./load-file.ts";

/** Modules from files. */
export const c: Helper = {
  name: "c",
  usage: ['c("kate.ts")', 'c(["kate.ts", "alex.ts"])'],
  doc:
    "Loads a TypeScript or JavaScript file: its capitalised exports become modules of this node, in the place of those " +
    "with their names, its other functions commands of the node's shells. Gives the names. Throws badarg if there is no such file, and what is wrong with it; nothing of it " +
    "is loaded then.",
  make:
    ({ runtime }) =>
    async (path: string | readonly string[]) => {
      const names: string[] = [];
      if (typeof path !== "string" && !Array.isArray(path))
        throw new ArgumentError(`c takes the path of a file, or a list of them, not ${inspect(path)}`);
      for (const file of typeof path === "string" ? [path] : path) names.push(...(await loadFile(runtime, file)));
      return names;
    },
};
