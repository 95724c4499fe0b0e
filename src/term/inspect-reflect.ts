/**
 * Looking at a value without running any of its code: no getter, no proxy trap, no `toString`, no `Symbol.hasInstance`.
 */

import { types } from "node:util";

const MAX_PROTOTYPES = 64;

/** The prototypes of `value`, nearest first. Ends before a proxy, whose trap would run. */
export function prototypesOf(value: object): object[] {
  const found: object[] = [];
  for (let at = value; found.length < MAX_PROTOTYPES && !types.isProxy(at);) {
    const next = Object.getPrototypeOf(at) as object | null;
    if (next === null || types.isProxy(next)) break;
    found.push((at = next));
  }
  return found;
}

/** What `value[key]` is, own or inherited, if that is plain data; `undefined` if it is not there or is an accessor. */
export function dataOf(value: object, key: PropertyKey, prototypes: readonly object[] = prototypesOf(value)): unknown {
  if (types.isProxy(value)) return undefined;
  for (const holder of [value, ...prototypes]) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return descriptor.value;
  }
  return undefined;
}

/** The class of `value`: the `constructor` its prototypes name, `undefined` if none does. */
export function constructorOf(prototypes: readonly object[]): object | undefined {
  for (const holder of prototypes) {
    const constructor: unknown = Object.getOwnPropertyDescriptor(holder, "constructor")?.value;
    if (typeof constructor === "function" && !types.isProxy(constructor)) return constructor;
  }
  return undefined;
}

/** The name of a function or class as it was written, `""` if it has none. */
export function nameOfFunction(fun: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fun, "name")?.value;
  return typeof name === "string" ? name : "";
}

/**
 * The function behind an accessor of a built-in prototype, so that it can be asked of a value that hides it behind a
 * property of its own.
 */
export function getterOf<T>(prototype: object, key: PropertyKey): (value: object) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  return (value) => Reflect.apply(get as () => T, value, []);
}
