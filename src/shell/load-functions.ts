import { current } from "../process/context.ts";
import { exportsOf, type Module } from "../process/modules.ts";

/** Modules that were made here for functions from another node, which are replaced in place. */
const made = new WeakSet<Module>();

/**
 * Makes sure that there is a module to take functions from another node, so that those which name it find it when they
 * arrive: a function that comes to a node names modules by what is there then. One of another make is replaced.
 */
export function expectModule(name: string): void {
  const { modules } = current().runtime;
  const present = modules.get(name);
  if (present !== undefined && made.has(present)) return;
  const module = {};
  made.add(module);
  modules.define(name, module);
}

/** Gives the module that {@link expectModule} made these functions, in the place of all it had. */
export function loadFunctions(name: string, functions: Readonly<Record<string, unknown>>): void {
  expectModule(name);
  const module = current().runtime.modules.get(name) ?? {};
  for (const old of exportsOf(module)) if (!Object.hasOwn(functions, old)) Reflect.deleteProperty(module, old);
  for (const [key, value] of Object.entries(functions))
    Object.defineProperty(module, key, { value, writable: true, enumerable: true, configurable: true });
}
