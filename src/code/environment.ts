/**
 * Where evaluated code finds its names. There is nothing global about it: several nodes live in one operating system
 * process, so free names of evaluated code are properties of an object that each node makes for itself.
 *
 *     a session's variables -> its helpers -> the node's modules and the library -> globalThis, or a ReferenceError
 */

import { isCapitalised } from "./ast.ts";

/** What a node gives to the code that runs on it. */
export interface Environment {
  /** The node's modules and the library, by name. Looked at live; a plain object whose getters are never run to list it. */
  readonly lookup: object;
  /** Makes (or replaces) a module of the node. */
  defineModule(name: string, value: object): void;
  /** The second line for a capitalised name that is missing: `module Hello is not loaded on bar@localhost`. */
  describeMissing(name: string): string;
}

const environments = new WeakMap<object, Environment>();

/** The last object in the chain of every scope of a node. Made once a node; compiled code is kept with it. */
export function createScope(environment: Environment): object {
  const { lookup } = environment;
  const scope = new Proxy(Object.create(null) as object, {
    has: (_target, name) => typeof name === "string" && (name in lookup || name in globalThis),
    get(_target, name) {
      if (typeof name === "symbol") return undefined;
      if (name in lookup) return (lookup as Record<string, unknown>)[name];
      if (name in globalThis) return (globalThis as Record<string, unknown>)[name];
      throw new ReferenceError(
        isCapitalised(name)
          ? `${name} is not defined\n  ${environment.describeMissing(name)}`
          : `${name} is not defined`,
      );
    },
    // Reached by an assignment to a name that is no variable of the session.
    set(_target, name, value, receiver: object) {
      if (typeof name === "string" && isModule(name, value)) environment.defineModule(name, value);
      else declare(receiver, name, value);
      return true;
    },
    getOwnPropertyDescriptor: () => undefined,
    ownKeys: () => [],
  });
  environments.set(scope, environment);
  return scope;
}

/** The environment a scope was made from, wherever in its chain that is. */
export function environmentOf(scope: object): Environment | undefined {
  for (let at: object | null = scope; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = environments.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether `name` is a global of JavaScript or Node that nothing in `scope` stands in front of. */
export function isGlobal(scope: object, name: string): boolean {
  if (!(name in globalThis)) return false;
  const lookup = environmentOf(scope)?.lookup;
  if (lookup === undefined) return !(name in scope);
  if (name in lookup) return (lookup as Record<string, unknown>)[name] === (Object.prototype as never)[name];
  for (let at: object | null = scope; at !== null && !environments.has(at); at = Object.getPrototypeOf(at) as object) {
    if (Object.hasOwn(at, name)) return false;
  }
  return true;
}

/** Makes `name` an ordinary property of `scope`, in the place of whatever it was. */
export function declare(scope: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(scope, name, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * Whether binding `value` to `name` makes a module: a capitalised name, and code or a plain object. Data that was made
 * by a constructor (a `Pid`, a `Map`, an array) stays a variable of the session, as do primitives.
 */
export function isModule(name: string, value: unknown): value is object {
  if (!isCapitalised(name)) return false;
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
