/** Functions that travel: as the text they were written as, and the values of the variables they use. */

import { ArgumentError, MoebiError } from "../term/error.ts";
import type { FunctionCodec } from "../term/codec.ts";
import { isCapitalised } from "./ast.ts";
import { builtinOf } from "./builtin.ts";
import { compileClosure } from "./compile.ts";
import { plainText } from "./file-unit.ts";
import { type AnyFunction, originalOf, originOf } from "./registry.ts";
import { shapeOf } from "./shape.ts";
import { withPlace } from "./written-at.ts";

export { compileClosure } from "./compile.ts";
export type { AnyFunction } from "./registry.ts";

/** A function as it is sent: an expression, and the variables it uses by name. */
export interface Closure {
  readonly source: string;
  readonly captures: Record<string, unknown>;
}

const byHand = new WeakMap<object, Readonly<Record<string, unknown>>>();

/**
 * Names the variables a function uses, so that it can be sent from a compiled program, where they can't be read:
 * `Node.spawn(n, capture({ name }, () => Kate.sayName(name)))`. The values are as they are when the function is sent;
 * what is typed at a prompt has no need of this.
 *
 * @returns `fn` itself
 * @throws ArgumentError if `captures` is no object or `fn` no function
 */
export function capture<F extends AnyFunction>(captures: Readonly<Record<string, unknown>>, fn: F): F {
  if (typeof captures !== "object" || (captures as unknown) === null) {
    throw new ArgumentError("The first argument of capture must be an object of variables, as in { name }");
  }
  if (typeof fn !== "function") throw new ArgumentError("The second argument of capture must be a function");
  byHand.set(fn, captures);
  return fn;
}

/**
 * What a function is sent as. Variables, and the functions it uses among them, are captured with the value they have
 * now; capitalised names, names of the library and globals mean what they mean at the target.
 *
 * @param knows whether a name means something at every node, as the library's do; asked for functions of a compiled program
 * @throws MoebiError `"not_sendable"`, naming what stands in the way: a variable that can't be read, `this` or another
 *   thing that only exists around the function, a bound or built-in function, a class
 */
export function closureOf(given: AnyFunction, knows: (name: string) => boolean = () => false): Closure {
  const fn = originalOf(given);
  const origin = originOf(fn);
  const text = origin?.unit.text.slice(origin.start, origin.end) ?? plainText(fn);
  const shape = shapeOf(text);
  const label = fn.name === "" ? "the function" : `the function "${fn.name}"`;
  const refuse = (why: string, options?: ErrorOptions): never => {
    throw new MoebiError("not_sendable", why, options);
  };
  if (typeof shape === "string") {
    return refuse(`${label} can't be sent: ${shape}; call by module, function and arguments`);
  }
  if (shape.bound !== undefined) {
    refuse(
      `${label} uses "${shape.bound}", which only exists where it was written; call by module, function and arguments`,
    );
  }

  const captures: Record<string, unknown> = {};
  const hand = byHand.get(fn) ?? {};
  const locals = origin?.locals?.() ?? {};
  for (const name of shape.free) {
    let value: unknown;
    if (Object.hasOwn(hand, name)) {
      value = hand[name];
    } else if (name === "__name") {
      // A compiler's helper, which is there wherever code is compiled.
      continue;
    } else if (origin === undefined) {
      if (isCapitalised(name) || name in globalThis || knows(name)) continue;
      refuse(
        `the function captures "${name}", which can't be read from here; pass it with capture({ ${name} }, fn) or call by module, function and arguments`,
      );
    } else if (Object.hasOwn(locals, name)) {
      try {
        value = locals[name]?.();
      } catch (error) {
        refuse(`${label} uses "${name}", which has no value yet`, { cause: error });
      }
    } else {
      const variable = origin.unit.variable(name);
      if (variable === undefined) {
        if (isCapitalised(name) || origin.unit.knows(name)) continue;
        refuse(`${label} uses "${name}", which is not defined`);
      }
      value = variable?.value;
    }
    value = builtinOf(value) ?? value;
    Object.defineProperty(captures, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return { source: shape.expression(fn.name), captures };
}

/**
 * The codec of a node: functions that arrive find their names in `scope`, and what is in `scope` is not captured. Those
 * that were typed at the node say so where they arrive, by its name.
 */
export function functionCodec(scope: object, node?: string): FunctionCodec {
  return {
    encode(fn) {
      const { source, captures } = closureOf(fn as AnyFunction, (name) => name in scope);
      return { source: withPlace(source, fn as AnyFunction, node), captures };
    },
    decode: (source, captures) => compileClosure(source, captures, scope),
  };
}
