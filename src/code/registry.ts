/** Where functions came from: the text they were written as, and how to read the variables they use. */

import { setFunctionPlaces } from "../term/inspect-object.ts";
import { turn, turns } from "./turns.ts";

/** Any function at all. */
export type AnyFunction = (...args: never[]) => unknown;

/** The piece of code a function was written in. */
export interface Unit {
  /** The text as typed, types taken off. */
  readonly text: string;
  /** As it was typed, with types and comments, on the same lines. */
  readonly source?: string | undefined;
  /** What a person is shown of it, on the same lines, if that is neither. */
  readonly shown?: string | undefined;
  /** What stack frames call it: `moebi(3)`, or the path of a file. */
  readonly file?: string | undefined;
  /** The line of `file` it begins in. Default 1. */
  readonly firstLine?: number | undefined;
  /** A variable of the session, or one that came along with the code; nothing for any other name. */
  variable(name: string): { readonly value: unknown } | undefined;
  /** Whether the name means something wherever the code runs: the library's, a module's, a global. */
  knows(name: string): boolean;
}

/** Readers of the variables declared around a function, run when it is sent. */
export type Locals = () => Readonly<Record<string, () => unknown>>;

/** What is known of one function. */
export interface Origin {
  readonly unit: Unit;
  readonly start: number;
  readonly end: number;
  readonly locals: Locals | undefined;
}

const origins = new WeakMap<object, Origin>();
const originals = new WeakMap<object, AnyFunction>();

/** Has `fn` travel, and be shown, as the function that it stands for. */
export function standFor(fn: object, original: AnyFunction): void {
  originals.set(fn, original);
}

/** The function that `fn` stands for, if it does for another. */
export function originalOf(fn: AnyFunction): AnyFunction {
  const original = originals.get(fn);
  return original === undefined ? fn : originalOf(original);
}

/** Whether `fn` is `other`, or stands for it, maybe through others that stand for one another. */
export function standsFor(fn: AnyFunction, other: AnyFunction): boolean {
  if (fn === other) return true;
  const original = originals.get(fn);
  return original !== undefined && standsFor(original, other);
}

/** The origin of a function that was typed or has travelled; `undefined` for one of a compiled program. */
export function originOf(fn: object): Origin | undefined {
  const original = originals.get(fn);
  return original === undefined ? origins.get(fn) : originOf(original);
}

const defined = new WeakMap<object, Unit>();

/** Remembers which code made a module. */
export function rememberUnit(module: object, unit: Unit): void {
  defined.set(module, unit);
}

/** The typed code that made a module; `undefined` for one that came otherwise. */
export function unitOfModule(module: object): Unit | undefined {
  return defined.get(module);
}

/** Where a function was written: `moebi(3)`, with the line if there are several; `undefined` for one of a compiled program. */
export function placeOf(fn: object): string | undefined {
  const origin = originOf(fn);
  if (origin === undefined) return undefined;
  const { file, firstLine = 1, text, shown = text } = origin.unit;
  if (file === undefined || (firstLine === 1 && !shown.includes("\n"))) return file;
  return `${file}:${String(text.slice(0, origin.start).split("\n").length - 1 + firstLine)}`;
}

setFunctionPlaces(placeOf);

/** One method of an object or class: key, start, end, and readers if it uses variables around it. */
export type Member = readonly [key: string, isStatic: boolean, start: number, end: number, locals?: Locals];

/** What instrumented code calls to have its functions known. */
export interface Instruments {
  fn<F extends AnyFunction>(f: F, start: number, end: number, locals?: Locals | 0, name?: string): F;
  members<T extends object>(holder: T, members: readonly Member[]): T;
  named<C extends AnyFunction>(constructor: C, name: string): C;
  readonly turn: typeof turn;
  readonly turns: typeof turns;
}

/** The instruments of one unit. */
export function instrumentsOf(unit: Unit): Instruments {
  return {
    turn,
    turns,
    fn(f, start, end, locals, name) {
      if (name !== undefined && f.name === "") rename(f, name);
      origins.set(f, { unit, start, end, locals: locals === 0 ? undefined : locals });
      return f;
    },
    members(holder, members) {
      for (const [key, isStatic, start, end, locals] of members) {
        const home = typeof holder !== "function" || isStatic ? holder : (holder as { prototype: object }).prototype;
        const method: unknown = Object.getOwnPropertyDescriptor(home, key)?.value;
        if (typeof method === "function") origins.set(method, { unit, start, end, locals });
      }
      return holder;
    },
    named(constructor, name) {
      if (constructor.name === "") rename(constructor, name);
      return constructor;
    },
  };
}

/** Gives a function its name. */
export function rename(fn: AnyFunction, name: string): void {
  Object.defineProperty(fn, "name", { value: name, configurable: true });
}
