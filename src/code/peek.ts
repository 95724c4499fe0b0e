/** Looking at values without running anything of the user's: no getter, no proxy. */

import { types } from "node:util";
import { valueOfVariable } from "./runtime.ts";

/** Whether a value has properties of its own. */
export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The properties of a value and of what it inherits from, nearest first, by name; a proxy in the chain ends it. */
export function propertiesOf(value: unknown): Map<string, PropertyDescriptor> {
  const found = new Map<string, PropertyDescriptor>();
  if (value === undefined || value === null) return found;
  for (let at: unknown = Object(value); isObject(at) && !types.isProxy(at); at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const descriptor = Object.getOwnPropertyDescriptor(at, name);
      if (descriptor !== undefined && !found.has(name)) found.set(name, descriptor);
    }
  }
  return found;
}

/** The value of a property, `undefined` if it is not there or would have to be asked for. */
export function peekProperty(value: unknown, name: string): unknown {
  if (value === undefined || value === null) return undefined;
  for (let at: unknown = Object(value); isObject(at) && !types.isProxy(at); at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor !== undefined) return valueOfVariable(descriptor)?.value;
  }
  return undefined;
}
