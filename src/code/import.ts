import { constants, Script } from "node:vm";

type Import = (specifier: string, options?: ImportCallOptions) => Promise<Record<string, unknown>>;

let load: Import | undefined;

/** `import()` as evaluated code has it: relative names and packages are found from the working directory. */
export async function importFrom(
  specifier: string,
  options?: ImportCallOptions,
  wanted: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const module = await (load ??= importer())(specifier, options);
  const missing = wanted.find((name) => !(name in module));
  if (missing !== undefined) {
    throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${missing}'`);
  }
  return module;
}

function importer(): Import {
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
