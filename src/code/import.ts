import * as nodeModule from "node:module";
import { constants, Script } from "node:vm";
import { rememberBuiltin } from "./builtin.ts";

type Import = (specifier: string, options?: ImportCallOptions) => Promise<Record<string, unknown>>;

let load: Import | undefined;

/** The address of the library that runs, whose names are `moebi` and `moebi/testing`; `undefined` for any other name. */
export function libraryUrl(specifier: string): string | undefined {
  const own = /^moebi(?:\/(?<entry>testing))?$/u.exec(specifier);
  if (own === null) return undefined;
  const entry = own.groups?.["entry"] ?? "index";
  const here = import.meta.url;
  return here.endsWith(".ts")
    ? `${here.slice(0, here.lastIndexOf("/src/"))}/src/${entry}.ts`
    : `${here.slice(0, here.lastIndexOf("/dist/"))}/dist/${entry}.js`;
}

/** `import()` as evaluated code has it: relative names and packages are found from the working directory. */
export async function importFrom(
  specifier: string,
  options?: ImportCallOptions,
  wanted: readonly string[] = [],
): Promise<Record<string, unknown>> {
  // Node before 22.15 has no hooks.
  const module = await (load ??= importer())(libraryUrl(specifier) ?? specifier, options);
  rememberBuiltin(specifier, module);
  const missing = wanted.find((name) => !(name in module));
  if (missing !== undefined) {
    throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${missing}'`);
  }
  return module;
}

function importer(): Import {
  // A file, or what is typed, that imports `moebi` means the one that runs: any other knows nothing of its processes.
  nodeModule.registerHooks?.({
    resolve: (specifier, context, next) => {
      const url = libraryUrl(specifier);
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
  });
  const imported = new Script("(specifier, options) => import(specifier, options)", {
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Import;
  const { emitWarning } = process;
  // The one loader that finds packages from the working directory warns, when it is first called, that it is new.
  process.emitWarning = () => undefined;
  try {
    void imported("node:vm");
  } finally {
    process.emitWarning = emitWarning;
  }
  return imported;
}
