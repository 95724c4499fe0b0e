import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is written about one public name. */
export interface Documentation {
  /** How it is called, with types; each overload a line. */
  readonly signature: string;
  /** The text of its doc comment, `""` if it has none. */
  readonly doc: string;
  /** The options it takes, if it takes an object of them: key, type, and what is said of it. */
  readonly options?: readonly (readonly [name: string, type: string, doc: string])[];
  /** What it holds, each with what is said of it: of a module. */
  readonly members?: readonly (readonly [name: string, doc: string])[];
  /** The texts an argument may be, by its number from 0. */
  readonly texts?: Readonly<Record<number, readonly string[]>>;
}

let read: ReadonlyMap<string, Documentation> | undefined;

/**
 * The documentation of the library by name (`IO`, `IO.puts`, `spawn`), read when first asked for. It is taken from the
 * sources by `scripts/docs.ts`, which the build runs; empty where nothing has been built.
 */
export function documentation(): ReadonlyMap<string, Documentation> {
  return (read ??= readDocumentation(join(packageRoot(), "dist/docs.json")));
}

/** Reads such a file; one that is missing or damaged is empty, as help must not fail. */
export function readDocumentation(path: string): ReadonlyMap<string, Documentation> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, "utf8")) as Record<string, Documentation>));
  } catch {
    return new Map();
  }
}

/** The package's folder: the nearest with a package.json, above the sources and above what is built from them. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
