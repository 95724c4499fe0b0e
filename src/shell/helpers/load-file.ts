import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, BuildResult, Message, Plugin } from "esbuild";
import { isModule } from "../../code/environment.ts";
import { withEsbuild } from "../../code/esbuild.ts";
import { type FileUnit, makeFileUnit, type SourceMap } from "../../code/file-unit.ts";
import { importFrom, libraryUrl } from "../../code/import.ts";
import { rememberFile } from "../../node/peer/channel.ts";
import { usersModules } from "../../process/modules.ts";
import type { Runtime } from "../../process/runtime.ts";
import { ArgumentError } from "../../term/error.ts";
import { nearest } from "../../term/nearest.ts";
import { commandsOf } from "../commands.ts";
import { rememberStamps } from "./file-stamps.ts";
import { fullPath } from "./full-path.ts";
import { rememberFiles } from "./loaded-from.ts";

/** What importing a file gave, with the files it was read from, and when that began. */
const sources = new WeakMap<object, { readonly inputs: readonly string[]; readonly since: number }>();

/** The files loaded on each node, in order, with the modules and commands each defined. */
const loaded = new WeakMap<Runtime, Map<string, readonly string[]>>();

/** The files loaded on a node, by absolute path, with the modules and commands each defined. */
export function loadedFiles(runtime: Runtime): ReadonlyMap<string, readonly string[]> {
  return loaded.get(runtime) ?? new Map<string, readonly string[]>();
}

/**
 * Loads a TypeScript or JavaScript file, with the files it imports by relative paths, afresh each time. Its capitalised
 * exports become modules of the node, in the place of those with their names, its other functions commands of the
 * node's shells; gives the names.
 *
 * Nothing is defined unless all of it could be loaded. Throws `badarg` if there is no such file, a `SyntaxError` with
 * place and cause, and whatever the file throws itself.
 */
export async function loadFile(runtime: Runtime, path: string): Promise<string[]> {
  return defineExports(runtime, path, await importFile(path, { instrumented: true }));
}

export interface ImportOptions {
  /** Changes the code as typed code is changed, so that its loops make way and can be stopped: what is tried at a prompt. */
  readonly instrumented?: boolean;
}

/** What a file exports, as {@link loadFile} loads it, without any of it becoming a module. Throws as that does. */
export async function importFile(
  path: string,
  { instrumented = false }: ImportOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const file = fullPath(path);
  checkFile(path, file);
  const since = Date.now();
  const { code, map, inputs } = await bundle(file);
  const unit = instrumented ? unitOf(code, map, dirname(file)) : undefined;
  const before = new Set(usersModules());
  const exported = await evaluate(
    unit === undefined ? mapped(code, map) : mapped(unit.code, { ...map, mappings: unit.mappings() }),
  );
  // A file may define modules by name, or import those that do.
  const defined = usersModules().filter((module) => !before.has(module));
  for (const value of [...defined, ...Object.values(exported)])
    if (typeof value === "function" || (typeof value === "object" && value !== null))
      rememberFiles(value, inputs, unit);
  sources.set(exported, { inputs, since });
  return exported;
}

/** What can be loaded. esbuild would take a text file for one of texts, and a folder for a package. */
const CODE = /\.[cm]?[jt]sx?$/u;

function checkFile(path: string, file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) {
    const near = neighbours(dirname(file)).filter((name) => CODE.test(name));
    const wanted = basename(file);
    const meant = near.find((name) => name.replace(CODE, "") === wanted) ?? nearest(wanted, near);
    const hint = meant === undefined ? "" : `; did you mean "${path.slice(0, path.length - wanted.length)}${meant}"?`;
    throw new ArgumentError(`Could not find file "${path}"${hint}`);
  }
  if (stats.isDirectory()) throw new ArgumentError(`"${path}" is a folder: give a file in it`);
  if (!CODE.test(file)) throw new ArgumentError(`"${path}" is no TypeScript or JavaScript: its name ends otherwise`);
}

function neighbours(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Makes modules and commands of what {@link importFile} gave. Gives their names. */
export function defineExports(runtime: Runtime, path: string, exported: Readonly<Record<string, unknown>>): string[] {
  const file = fullPath(path);
  const modules = Object.entries(exported).filter((entry): entry is [string, object] => isModule(...entry));
  const names = [...modules.map(([name]) => name), ...commandsOf(runtime).define(file, exported)];
  for (const [name, module] of modules) runtime.modules.define(name, module);
  const files = loaded.get(runtime) ?? new Map<string, readonly string[]>();
  // Last in order, as its modules are the ones that count.
  files.delete(file);
  loaded.set(runtime, files.set(file, names));
  rememberFile(runtime, file);
  const { inputs, since } = sources.get(exported) ?? { inputs: [file], since: Date.now() };
  rememberStamps(runtime, file, inputs, since);
  return names;
}

/** The code of a file with those it imports, and the paths of them all, its own first. */
async function bundle(file: string): Promise<{ code: string; map: SourceMap; inputs: readonly string[] }> {
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = await withEsbuild(({ build }) =>
      build({
        entryPoints: [file],
        absWorkingDir: dirname(file),
        bundle: true,
        write: false,
        metafile: true,
        outfile: `${file}.mjs`,
        format: "esm",
        platform: "node",
        target: "node22",
        // Frames of errors name the file that was written, not the one that is run.
        sourcemap: "external",
        sourceRoot: `${pathToFileURL(dirname(file)).href}/`,
        logLevel: "silent",
        define: {
          "import.meta.url": JSON.stringify(pathToFileURL(file).href),
          "import.meta.filename": JSON.stringify(file),
          "import.meta.dirname": JSON.stringify(dirname(file)),
        },
        plugins: [packages],
      }),
    );
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    throw first === undefined ? error : syntaxError(first, dirname(file));
  }
  const inputs = Object.keys(result.metafile.inputs).map((input) => resolve(dirname(file), input));
  const output = (name: string): string => result.outputFiles.find(({ path }) => path.endsWith(name))?.text ?? "";
  return {
    code: output(".mjs"),
    map: JSON.parse(output(".map")) as SourceMap,
    inputs: [file, ...inputs.filter((input) => input !== file)],
  };
}

function unitOf(code: string, map: SourceMap, folder: string): FileUnit {
  const files = map.sources.map((source) => resolve(folder, source));
  return makeFileUnit(code, map, files);
}

function mapped(code: string, map: SourceMap): string {
  const encoded = Buffer.from(JSON.stringify(map)).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
}

/**
 * What is not the user's own file is imported as it is, from where the user's file would find it. `moebi` is the one
 * that runs, whatever is installed there: another one would know nothing of the processes of this.
 */
const packages: Plugin = {
  name: "packages",
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === packages || kind === "entry-point" || path.startsWith("node:")) return undefined;
      const own = libraryUrl(path);
      if (own !== undefined) return { path: own, external: true };
      const found = await find(path, { kind, resolveDir, pluginData: packages });
      if (found.errors.length > 0) return { errors: found.errors };
      if (found.external || !/[\\/]node_modules[\\/]/u.test(found.path)) return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

/** From a file, as an address of its own is what has it evaluated again; the file is not needed once that has happened. */
async function evaluate(code: string): Promise<Record<string, unknown>> {
  process.setSourceMapsEnabled(true);
  const folder = await mkdtemp(join(tmpdir(), "moebi-"));
  try {
    const file = join(folder, "file.mjs");
    await writeFile(file, code, { mode: 0o600 });
    return await importFrom(pathToFileURL(file).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As the prompt shows an error of its own: place and cause, the line, and a mark below the column. */
function syntaxError({ text, location }: Message, folder: string): Error {
  let message = text;
  if (location !== null) {
    const { line, column, lineText } = location;
    const path = resolve(folder, location.file);
    const below = relative(process.cwd(), path);
    const file = below.startsWith("..") ? path : below;
    // esbuild counts columns in bytes, from 0.
    const before = Buffer.from(lineText).subarray(0, column).toString().length;
    const margin = " ".repeat(String(line).length);
    message = [
      `${file}:${String(line)}:${String(before + 1)}: ${text}`,
      `  ${margin} |`,
      `  ${String(line)} | ${lineText}`,
      `  ${margin} | ${" ".repeat(before)}^`,
    ].join("\n");
  }
  const error = new SyntaxError(message);
  // The frames would be those of the reader, not of what was read.
  error.stack = `SyntaxError: ${message}`;
  return Object.assign(error, { code: "syntax" });
}
