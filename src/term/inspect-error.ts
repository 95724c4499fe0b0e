import { types } from "node:util";
import { MoebiError } from "./error.ts";
import { constructorOf, dataOf, getterOf, nameOfFunction, prototypesOf } from "./inspect-reflect.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$.]{0,99}$/u;

const domName = getterOf<string>(DOMException.prototype, "name");
const domMessage = getterOf<string>(DOMException.prototype, "message");

/** Whether `value` is an error, of whatever realm. Runs none of its code. */
export function isErrorValue(value: unknown): value is Error {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Error.isError is not there before Node 24
  return types.isNativeError(value) || prototypesOf(value).includes(Error.prototype);
}

/**
 * The name an error is printed under: its `name` if that reads as one, else its class's. A subclass that says nothing
 * of its name (`class NotFound extends Error {}`) goes by the class's. Runs no code of the error's, except the `name`
 * that a class of this library defines.
 */
export function errorName(error: Error): string {
  const prototypes = prototypesOf(error);
  const name = isDomException(prototypes) ? askDom(domName, error) : nameIn(error, prototypes);
  const constructor = constructorOf(prototypes);
  const className = constructor === undefined ? "" : nameOfFunction(constructor);
  if (IDENTIFIER.test(name)) return name;
  return IDENTIFIER.test(className) ? className : "Error";
}

/** An error's `message`, `""` if it has none, `undefined` if it is no text. Runs no code of the error's. */
export function errorMessage(error: Error): string | undefined {
  const prototypes = prototypesOf(error);
  const message = isDomException(prototypes) ? askDom(domMessage, error) : dataOf(error, "message", prototypes);
  return typeof message === "string" ? message : message === undefined ? "" : undefined;
}

function nameIn(error: Error, prototypes: readonly object[]): string {
  for (const holder of [error, ...prototypes]) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, "name");
    if (descriptor === undefined) continue;
    if (holder !== error && descriptor.get !== undefined && prototypes.includes(MoebiError.prototype))
      return ownName(error);
    // "Error" that is merely inherited from the built-in class says nothing.
    if (holder !== error && holder !== prototypes[0] && isBuiltIn(holder)) return "";
    return typeof descriptor.value === "string" ? descriptor.value : "";
  }
  return "";
}

/** What `AbortSignal` and `fetch` fail with: name and message are accessors, of the platform's own. */
function isDomException(prototypes: readonly object[]): boolean {
  return prototypes.includes(DOMException.prototype);
}

/** Something merely made to inherit from it fails the platform's check. */
function askDom(get: (value: object) => string, error: Error): string {
  try {
    return get(error);
  } catch {
    return "";
  }
}

function ownName(error: Error): string {
  try {
    return String(error.name);
  } catch {
    return "";
  }
}

function isBuiltIn(prototype: object): boolean {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return (
    typeof constructor === "function" &&
    !types.isProxy(constructor) &&
    /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(constructor))
  );
}
