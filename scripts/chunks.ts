/**
 * Few chunks instead of many. esbuild makes one for every set of entries that share something: some seventy, most of
 * them small, and Node takes about a millisecond to find, read and link each. Here a module that is loaded later says
 * what is there by then, so that all of that has the same users, and becomes one chunk.
 */
import { readFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import { build, type BuildOptions, type Loader, type Metafile, type Plugin } from "esbuild";

interface Options extends BuildOptions {
  absWorkingDir: string;
  entryPoints: Record<string, string>;
}

/** What a module loads with itself, itself included. */
function loadedWith({ inputs }: Metafile, root: string): Set<string> {
  const found = new Set<string>();
  const waiting = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const { kind, path: other } of inputs[path]?.imports ?? []) if (kind !== "dynamic-import") waiting.push(other);
  }
  return found;
}

/** The modules that `import()` each module. */
function importersOf({ inputs }: Metafile): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { kind, path, external } of imports) {
      if (kind === "dynamic-import" && external !== true)
        importers.set(path, [...(importers.get(path) ?? []), importer]);
    }
  }
  return importers;
}

function common(sets: Iterable<Set<string>>): Set<string> {
  const [first = new Set<string>(), ...others] = sets;
  return new Set([...first].filter((path) => others.every((other) => other.has(path))));
}

/** For each entry, and each module that is only loaded by `import()`: those of them that are there whenever it is loaded. */
export function loadedBefore(metafile: Metafile, entries: readonly string[]): Map<string, Set<string>> {
  const importers = importersOf(metafile);
  const atOnce = new Set(entries.flatMap((entry) => [...loadedWith(metafile, entry)]));
  const later = [...importers.keys()].filter((path) => !atOnce.has(path));
  const roots = [...entries, ...later];
  const closures = roots.map((root) => [root, loadedWith(metafile, root)] as const);
  const loaders = (path: string): string[] => closures.filter(([, set]) => set.has(path)).map(([root]) => root);

  // Whatever there is, until a way to load it is found on which something is not there.
  const before = new Map(roots.map((root) => [root, new Set(entries.includes(root) ? [root] : roots)]));
  for (let changed = true; changed;) {
    changed = false;
    for (const root of later) {
      const ways = (importers.get(root) ?? [])
        .flatMap(loaders)
        .map((loader) => before.get(loader) ?? new Set<string>());
      const found = common(ways).add(root);
      changed ||= found.size !== before.get(root)?.size;
      before.set(root, found);
    }
  }
  for (const [root, set] of before) set.delete(root);
  return before;
}

/** The plugin for a build with these options, whose entries all load the module `first` before anything else. */
export async function fewChunks(options: Options, first: string): Promise<Plugin> {
  const { metafile } = await build({ ...options, metafile: true, write: false, logLevel: "silent" });
  const before = loadedBefore(metafile, Object.values(options.entryPoints));
  return {
    name: "few-chunks",
    setup({ onLoad }) {
      onLoad({ filter: /\.[jt]sx?$/ }, async ({ path }) => {
        const module = relative(options.absWorkingDir, path);
        const there = before.get(module);
        if (there === undefined || module === first) return undefined;
        const imports = [first, ...there].map(
          (other) => `import ${JSON.stringify(join(options.absWorkingDir, other))};`,
        );
        return {
          contents: `${imports.join("")}${await readFile(path, "utf8")}`,
          loader: extname(path).slice(1) as Loader,
        };
      });
    },
  };
}
