import { readFileSync } from "node:fs";
import type { FileUnit } from "../../code/file-unit.ts";

/** Which files the modules were read from that `c()` and `-r` define, for what is written in them. */
const files = new WeakMap<object, readonly string[]>();
const units = new WeakMap<object, FileUnit>();

/** Remembers where a module, or what a file exports, came from. */
export function rememberFiles(value: object, from: readonly string[], unit?: FileUnit): void {
  files.set(value, from);
  if (unit === undefined) units.delete(value);
  else units.set(value, unit);
}

/** A file of a module as it was when the module was loaded, or as it is now; `undefined` if it can't be read any more. */
export function textOfFile(module: object, file: string): string | undefined {
  const loaded = units.get(module)?.source(file);
  if (loaded !== undefined) return loaded;
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The files a module was made from, the one that was asked for first; none for what was typed. */
export function filesOf(value: object): readonly string[] {
  return files.get(value) ?? [];
}
