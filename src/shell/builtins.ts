/** What is written about the language's own functions, by name and by value. */
import { join } from "node:path";
import { peekProperty } from "../code/peek.ts";
import { type Documentation, packageRoot, readDocumentation } from "./docs.ts";

let read: ReadonlyMap<string, Documentation> | undefined;
let names: Map<unknown, string> | undefined;

/**
 * The documentation of the language by name (`Math.max`, `Array.prototype.map`), read when first asked for. It is taken
 * from TypeScript's declarations by `scripts/builtin-docs.ts`, which the build runs; empty where nothing has been built.
 */
function builtins(): ReadonlyMap<string, Documentation> {
  return (read ??= readDocumentation(join(packageRoot(), "dist/builtins.json")));
}

/** Of a name, `Array.map` for short too. */
export function builtinNamed(name: string): Documentation | undefined {
  const all = builtins();
  return all.get(name) ?? all.get(name.replace(/\.(?=[^.]+$)/u, ".prototype."));
}

/** Of one of the language's functions. */
export function builtinOf(value: unknown): Documentation | undefined {
  if (typeof value !== "function") return undefined;
  if (names === undefined) {
    names = new Map();
    for (const name of builtins().keys()) {
      const found = name.split(".").reduce<unknown>(peekProperty, globalThis);
      if (found !== undefined && !names.has(found)) names.set(found, name);
    }
  }
  const name = names.get(value);
  return name === undefined ? undefined : builtins().get(name);
}

/** Their names. */
export function builtinNames(): IterableIterator<string> {
  return builtins().keys();
}
