import type { Runtime } from "../../process/runtime.ts";
import { nameOfModule } from "../../process/modules.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { Helper } from "./context.ts";
import { loadedFiles, loadFile } from "./load-file.ts";

/** A module anew. */
export const r: Helper = {
  name: "r",
  usage: ["r(Kate)", 'r("Kate")'],
  doc:
    'Loads again the file that a module came from. Gives ["reloaded", names]. Throws badarg for a module that came from ' +
    "no file, and as c does.",
  make:
    ({ runtime }) =>
    async (module: unknown) => {
      const name = moduleName(module);
      const file = fileOf(runtime, name);
      if (file === undefined)
        throw new ArgumentError(`${name} was not loaded from a file: load it with c("…"), or define it again`);
      return ["reloaded", await loadFile(runtime, file)] as const;
    },
};

function moduleName(module: unknown): string {
  if (typeof module === "string" || (typeof module === "object" && module !== null) || typeof module === "function")
    return nameOfModule(module);
  throw new ArgumentError(`r takes a module or its name, not ${inspect(module)}`);
}

/** The file that defined a module last. */
function fileOf(runtime: Runtime, module: string): string | undefined {
  return [...loadedFiles(runtime)].findLast(([, names]) => names.includes(module))?.[0];
}
