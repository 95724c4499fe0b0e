/**
 * Modules are known by identity: the object or class that was defined under a capitalised name. They belong to a node
 * and never travel, so a module inside a message or an exit reason prints, and crosses the wire, as its name.
 */

const names = new WeakMap<object, string>();

/** Remembers that `module` was defined as `name`. A later definition under another name replaces the first. */
export function nameModule(module: object, name: string): void {
  names.set(module, name);
}

/** The name `value` was defined under as a module, `undefined` if it is not one. */
export function moduleNameOf(value: unknown): string | undefined {
  return (typeof value === "object" && value !== null) || typeof value === "function" ? names.get(value) : undefined;
}
