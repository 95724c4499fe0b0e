import { standFor } from "../../code/registry.ts";
import type { Module } from "../../process/modules.ts";

/** Is told of a call before it is made; gives what is to be told of its end, if anything. */
export type CallListener = (
  fun: string,
  args: readonly unknown[],
) => ((how: "returned" | "exception", value: unknown) => void) | undefined;

type Fn = (this: unknown, ...args: unknown[]) => unknown;

interface Hook {
  readonly wrapper: Fn;
  readonly original: PropertyDescriptor;
  readonly listeners: Set<CallListener>;
}

/** The functions that are hooked, by what holds them. However many listen, a function is wrapped once. */
const hooks = new WeakMap<object, Map<string, Hook>>();

/**
 * Has a listener told of all calls of a module's functions, a class's static ones and its methods, or of `only` one, by
 * whoever finds them in the module. Gives how many there are, and what ends it: then the functions are those that were there.
 */
export function hookCalls(
  module: Module,
  listener: CallListener,
  only?: string,
): { readonly count: number; unhook(): void } {
  const prototype: unknown = typeof module === "function" ? module.prototype : undefined;
  const holders = [module, ...(typeof prototype === "object" && prototype !== null ? [prototype] : [])];
  const ends: (() => void)[] = [];
  for (const holder of holders) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (name === "constructor" || name === "prototype" || (only !== undefined && name !== only)) continue;
      const end = hook(holder, name, listener);
      if (end !== undefined) ends.push(end);
    }
  }
  return {
    count: ends.length,
    unhook: () => {
      for (const end of ends.splice(0)) end();
    },
  };
}

function hook(holder: object, name: string, listener: CallListener): (() => void) | undefined {
  const held = hooks.get(holder) ?? new Map<string, Hook>();
  const present = Object.getOwnPropertyDescriptor(holder, name);
  let found = held.get(name);
  if (found === undefined || found.wrapper !== present?.value) {
    // Classes among the functions are called with `new`, and a frozen module's functions can't be wrapped.
    if (typeof present?.value !== "function" || isClass(present.value as Fn)) return undefined;
    if (present.configurable !== true && present.writable !== true) return undefined;
    const listeners = new Set<CallListener>();
    const wrapper = wrapped(present.value as Fn, name, listeners);
    found = { wrapper, original: present, listeners };
    Object.defineProperty(holder, name, { ...present, value: wrapper });
    held.set(name, found);
    hooks.set(holder, held);
  }
  const hooked = found;
  hooked.listeners.add(listener);
  return () => {
    hooked.listeners.delete(listener);
    if (hooked.listeners.size > 0) return;
    if (held.get(name) === hooked) held.delete(name);
    // Somebody may have put another function there.
    if (Object.getOwnPropertyDescriptor(holder, name)?.value === hooked.wrapper)
      Object.defineProperty(holder, name, hooked.original);
  };
}

function wrapped(original: Fn, name: string, listeners: ReadonlySet<CallListener>): Fn {
  const wrapper: Fn = function (this: unknown, ...args) {
    const ends = [...listeners].flatMap((listener) => listener(name, args) ?? []);
    const told = (how: "returned" | "exception", value: unknown): void => {
      for (const end of ends) end(how, value);
    };
    let result: unknown;
    try {
      result = Reflect.apply(original, this, args);
    } catch (thrown) {
      told("exception", thrown);
      throw thrown;
    }
    if (ends.length === 0) return result;
    if (!(result instanceof Promise)) told("returned", result);
    else
      result.then(
        (value) => told("returned", value),
        (thrown: unknown) => told("exception", thrown),
      );
    return result;
  };
  for (const key of ["name", "length"] as const)
    Object.defineProperty(wrapper, key, { value: original[key], configurable: true });
  // It travels as the function that it stands for.
  standFor(wrapper, original);
  return wrapper;
}

function isClass(fn: Fn): boolean {
  return Object.getOwnPropertyDescriptor(fn, "prototype")?.writable === false;
}
