import { types } from "node:util";

/** The native classes of errors; the place of one is its number on the wire, so new ones go at the end. */
const NATIVE: readonly ErrorConstructor[] = [
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError as unknown as ErrorConstructor,
];
const names = NATIVE.map((native) => native.name);
const AGGREGATE = names.indexOf("AggregateError");

/** What crosses of an error. */
export interface ErrorParts {
  /** The native class it is an instance of, as a number. */
  readonly native: number;
  readonly name: unknown;
  readonly message: unknown;
  readonly stack: unknown;
  /** Non-enumerable fields that are there: `cause`, and the `errors` of an aggregate. */
  readonly hidden: readonly (readonly [string, unknown])[];
  /** The names of its own enumerable fields: `code` and the like. */
  readonly fields: readonly string[];
}

const OWN = new Set(["name", "message", "stack", "cause", "errors"]);

/** Takes an error apart. Reads every getter once and throws what they throw. */
export function takeError(error: Error): ErrorParts {
  const native = nativeOf(error);
  const hidden: [string, unknown][] = [];
  if (Object.hasOwn(error, "cause")) hidden.push(["cause", error.cause]);
  if (native === AGGREGATE && Object.hasOwn(error, "errors")) hidden.push(["errors", (error as AggregateError).errors]);
  const fields = Object.keys(error).filter((key) => !OWN.has(key) || (key === "errors" && native !== AGGREGATE));
  return { native, name: text(error.name), message: text(error.message), stack: text(error.stack), hidden, fields };
}

/** A name, message or stack that somebody set to something else is left out rather than sent. */
function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** By name up the chain of prototypes, as the error may come from another realm. */
function nativeOf(error: Error): number {
  for (
    let proto: unknown = Object.getPrototypeOf(error);
    typeof proto === "object" && proto !== null;
    proto = Object.getPrototypeOf(proto)
  ) {
    const made: unknown = Object.getOwnPropertyDescriptor(proto, "constructor")?.value;
    const index = typeof made === "function" ? names.indexOf(made.name) : -1;
    if (index >= 0) return index;
  }
  return 0;
}

/** A bare error of a native class, to be filled by {@link fillError}; `undefined` if there is no such class. */
export function makeError(native: number): Error | undefined {
  const make = NATIVE[native];
  if (make === undefined) return undefined;
  // Its stack is another's: collecting one here would be for nothing.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const error = native === AGGREGATE ? (new AggregateError([]) as Error) : new make();
    if (native === AGGREGATE) delete (error as Partial<AggregateError>).errors;
    return error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Sets what the native class does not give: as own data, so that nothing can be inherited by name from a peer. */
export function fillError(error: Error, name: unknown, message: unknown, stack: unknown): void {
  if (name !== error.name) hide(error, "name", name);
  if (message !== undefined) hide(error, "message", message);
  hide(error, "stack", stack);
}

/** An own field that does not show among the keys. */
export function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, enumerable: false, configurable: true });
}

/** Says in a stack on which node the error was thrown; once, so that an error that is passed on keeps its first node. */
export function onNode(stack: string, node: string): string {
  if (/^ {4}on [^\s@]+@\S+$/m.test(stack)) return stack;
  const frames = stack.search(/^ {4}at /m);
  const line = `    on ${node}`;
  if (frames < 0) return `${stack}\n${line}`;
  return `${stack.slice(0, frames)}${line}\n${stack.slice(frames)}`;
}

/**
 * The error with its name, message and stack only: what still crosses when one of its fields or causes cannot.
 * Anything but an error is returned as it is.
 */
export function bareError(value: unknown): unknown {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Error.isError is not there before Node 24
  if (!types.isNativeError(value) && !(value instanceof Error)) return value;
  const parts = takeError(value);
  const bare = makeError(parts.native)!;
  fillError(bare, parts.name, parts.message, parts.stack);
  const code: unknown = (value as { code?: unknown }).code;
  if (typeof code === "string" || typeof code === "number") (bare as { code?: unknown }).code = code;
  return bare;
}
