import { exportedFunction, exportsOf, type Module, type ModuleTable } from "../../process/modules.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { Helper } from "./context.ts";
import { columns, print, width } from "./print.ts";

/** What a module can do. */
export const exports: Helper = {
  name: "exports",
  usage: ["exports(Kate)", 'exports("Kate")', "exports()"],
  doc: "Lists the functions of a module, with how many arguments each takes. Without a module, those of Kernel. Throws badarg for what is no module.",
  make:
    ({ runtime }) =>
    async (module: unknown = "Kernel") => {
      const names = namesWithArity(moduleFor(runtime.modules, module));
      return print(...columns(names, await width()));
    },
};

/** `["ping/0", "sayName/1"]`, in alphabetical order. */
export function namesWithArity(module: Module): string[] {
  return exportsOf(module)
    .sort()
    .map((name) => `${name}/${String(exportedFunction(module, name)?.length ?? 0)}`);
}

function moduleFor(modules: ModuleTable, given: unknown): Module {
  if ((typeof given === "object" && given !== null) || typeof given === "function") return given;
  const found = typeof given === "string" ? (modules.get(given) ?? modules.lookup[given]) : undefined;
  if (typeof found === "object" && found !== null) return found;
  if (typeof found === "function") return found;
  throw new ArgumentError(`${typeof given === "string" ? given : inspect(given)} is not a module of this node`);
}
