/** Code that arrived: a function's source, compiled where it arrived, with what it captured beside it. */

import { Script } from "node:vm";
import type { AnyNode } from "acorn";
import { MoebiError } from "../term/error.ts";
import { isFunctionNode, parseWhole } from "./ast.ts";
import { Builtin, builtinValue } from "./builtin.ts";
import { Edits } from "./edits.ts";
import { isGlobal } from "./environment.ts";
import { Instrumenter, unusedName } from "./instrument.ts";
import { LruMap } from "./lru.ts";
import { type AnyFunction, rename, type Unit } from "./registry.ts";
import { type Support, supportOf } from "./runtime.ts";
import { analyse } from "./scope.ts";
import { takePlace, type WrittenAt } from "./written-at.ts";

/** The `$$` of a function that arrived. */
interface ArrivedRuntime extends Support {
  /** The captured values, in front of the names of the node. */
  readonly env: object;
  /** Whether a name was captured, which goes before a global of that name. */
  own(name: string): boolean;
}

type Factory = (runtime: ArrivedRuntime) => AnyFunction;

interface Compiled {
  readonly factory: Factory;
  readonly source: string;
  readonly at: WrittenAt | undefined;
}

const compiled = new WeakMap<object, LruMap<string, Compiled>>();

/** Distinct sources kept compiled for each node. */
const KEPT = 500;

/**
 * Compiles the source of a function that was sent. Nothing of it runs before its first call, and `captures` is first
 * read then, so whoever decodes a message may still be filling it. Names it neither declares nor captured are looked up
 * in `scope`. The function can be sent on. Its frames name the statement it was typed in, if that is told behind it.
 *
 * @throws MoebiError `"syntax"` if the source is not a function expression and nothing else
 */
export function compileClosure(sent: string, captures: Readonly<Record<string, unknown>>, scope: object): AnyFunction {
  let kept = compiled.get(scope);
  if (kept === undefined) compiled.set(scope, (kept = new LruMap(KEPT)));
  let known = kept.get(sent);
  if (known === undefined) {
    const [text, at] = takePlace(sent);
    kept.set(sent, (known = { factory: compile(text, scope, at), source: text, at }));
  }
  const { factory, source, at } = known;

  let env: object | undefined;
  const environment = (): object => (env ??= environmentFor(captures, scope));
  const unit: Unit = {
    text: enclosed(source),
    shown: source,
    file: at?.file,
    firstLine: at?.line,
    variable: (name) =>
      Object.hasOwn(environment(), name) ? { value: (environment() as Record<string, unknown>)[name] } : undefined,
    knows: (name) => name in scope || name in globalThis,
  };
  return factory({
    ...supportOf(unit, environment),
    get env() {
      return environment();
    },
    own: (name) => Object.hasOwn(environment(), name),
  });
}

function environmentFor(captures: Readonly<Record<string, unknown>>, scope: object): object {
  const env = Object.create(scope) as object;
  // Compilers that keep names (esbuild, tsx) leave calls of this helper in the text of functions.
  Object.defineProperty(env, "__name", { value: NAME_HELPER, writable: true, configurable: true });
  for (const name of Object.keys(captures)) {
    const sent = captures[name];
    const value = sent instanceof Builtin ? builtinValue(sent) : sent;
    Object.defineProperty(env, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return env;
}

const NAME_HELPER = (fn: AnyFunction, name: string): AnyFunction => {
  rename(fn, name);
  return fn;
};

/** These mean themselves wherever they are read. */
const FIXED = new Set(["undefined", "NaN", "Infinity", "globalThis"]);

function compile(source: string, scope: object, at: WrittenAt | undefined): Factory {
  let tree: AnyNode;
  try {
    tree = parseWhole(enclosed(source));
  } catch (error) {
    throw new MoebiError("syntax", "The source of a function that arrived can't be read", { cause: error });
  }
  if (!isBareFunction(tree)) {
    throw new MoebiError("syntax", "The source of a function that arrived is something else than a function");
  }
  const text = enclosed(source);
  const analysis = analyse(tree);
  const runtime = unusedName("$$", analysis);
  const edits = new Edits(text);
  const write = (name: string): string => `${runtime}.env.${name}`;
  const read = (name: string): string => {
    if (FIXED.has(name)) return name;
    return isGlobal(scope, name)
      ? `(${runtime}.own("${name}") ? ${runtime}.env.${name} : ${name})`
      : `${runtime}.env.${name}`;
  };
  new Instrumenter(text, analysis, edits, runtime, { read, write }).visit(tree);
  const prefix = `(function (${runtime}) {"use strict"; return `;
  return new Script(`${prefix}${edits.toString()}\n})`, {
    filename: at?.file ?? "moebi(fn)",
    lineOffset: (at?.line ?? 1) - 1,
    columnOffset: -prefix.length,
  }).runInThisContext() as Factory;
}

/** The source as an expression, whatever it begins or ends with. */
function enclosed(source: string): string {
  return `(${source}\n)`;
}

/** A function expression, or the one member of an object that only holds it to give it its name. */
function isBareFunction(node: AnyNode): boolean {
  if (isFunctionNode(node)) return true;
  if (node.type !== "MemberExpression" || node.object.type !== "ObjectExpression") return false;
  const [property, ...others] = node.object.properties;
  return (
    others.length === 0 &&
    property?.type === "Property" &&
    property.kind === "init" &&
    !property.computed &&
    isFunctionNode(property.value) &&
    (node.property.type === "Literal" || !node.computed)
  );
}
