/**
 * What was imported from a module of Node itself. Its source can't be sent, and need not be: every node has it. So a
 * function that uses such a variable takes along where it is from.
 */

import { isBuiltin } from "node:module";
import { registerStruct } from "../term/codec-struct.ts";
import { ArgumentError } from "../term/error.ts";

/** A module of Node, or with `name` one of its exports. */
export class Builtin {
  readonly specifier: string;
  readonly name: string | undefined;

  constructor(specifier: string, name: string | undefined) {
    this.specifier = specifier;
    this.name = name;
  }
}

registerStruct<Builtin>("Builtin", {
  is: (value) => value instanceof Builtin,
  take: ({ specifier, name }) => [specifier, name],
  make: ([specifier, name]) => {
    if (typeof specifier !== "string" || !isBuiltin(specifier) || !(name === undefined || typeof name === "string"))
      throw new ArgumentError("What is built in has the name of a module of Node, and of an export");
    return new Builtin(specifier, name);
  },
});

const known = new WeakMap<object, Builtin>();

/** Remembers what an import gave, if it was of a module of Node. */
export function rememberBuiltin(specifier: string, exports: Readonly<Record<string, unknown>>): void {
  if (!isBuiltin(specifier)) return;
  known.set(exports, new Builtin(specifier, undefined));
  for (const [name, value] of Object.entries(exports)) {
    // Some are exports of several modules; any of them will do.
    if (isReferable(value) && !known.has(value))
      known.set(value, new Builtin(specifier, name === "default" ? undefined : name));
  }
}

/** Where a value is from, if it was imported from a module of Node. */
export function builtinOf(value: unknown): Builtin | undefined {
  return isReferable(value) ? known.get(value) : undefined;
}

/** What is meant, on this node, from where it can be sent on. Throws `badarg` if this Node has no such module or export. */
export function builtinValue(builtin: Builtin): unknown {
  const { specifier, name } = builtin;
  const module = process.getBuiltinModule(specifier) as unknown as Record<string, unknown> | undefined;
  // A name that came over a wire means an own export only.
  if (module === undefined || (name !== undefined && !Object.hasOwn(module, name)))
    throw new ArgumentError(`Node ${process.version} has no ${name === undefined ? "" : `${name} in `}${specifier}`);
  const value = name === undefined ? module : module[name];
  if (isReferable(value) && !known.has(value)) known.set(value, builtin);
  return value;
}

function isReferable(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
