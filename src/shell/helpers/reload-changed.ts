/** Files that have changed are loaded again: what the setting `autoReload` does before each statement. */
import { relative } from "node:path";
import { formatThrown, type ThrownOptions } from "../../process/format-exit.ts";
import type { Runtime } from "../../process/runtime.ts";
import { escapeControls } from "../../term/escape.ts";
import { hasChanged } from "./file-stamps.ts";
import { loadedFiles, loadFile } from "./load-file.ts";

/** A file loaded again, or why it was not: its old code is kept then. */
export interface Reloaded {
  /** As a person would write it. */
  readonly path: string;
  readonly names: readonly string[];
  readonly failure?: { readonly thrown: unknown };
}

/**
 * Loads again those files that have changed, or of whose imports by relative paths one has. One that can't be loaded is
 * tried again once it changes once more; several shells of a node load it once. Never rejects.
 */
export async function reloadChanged(runtime: Runtime): Promise<Reloaded[]> {
  const reloaded: Reloaded[] = [];
  for (const file of [...loadedFiles(runtime).keys()]) {
    if (!hasChanged(runtime, file)) continue;
    const below = relative(process.cwd(), file);
    const path = below.startsWith("..") ? file : below;
    try {
      reloaded.push({ path, names: await loadFile(runtime, file) });
    } catch (thrown) {
      reloaded.push({ path, names: [], failure: { thrown } });
    }
  }
  return reloaded;
}

/** What is said of it. Safe to print. */
export function reloadedText({ path, names, failure }: Reloaded, options: ThrownOptions): string {
  if (failure !== undefined)
    return `${escapeControls(path)} is kept as it was:\n${formatThrown(failure.thrown, options)}`;
  const text = escapeControls(`(reloaded ${path}: ${names.join(", ")})`);
  return options.colors === true ? `\u001b[2m${text}\u001b[22m` : text;
}
