import { peekProperty } from "../../code/peek.ts";
import { type AnyFunction, originOf } from "../../code/registry.ts";
import { parametersOf } from "../../code/shape.ts";
import { exportedFunction, exportsOf } from "../../process/modules.ts";
import type { Runtime } from "../../process/runtime.ts";
import { nameOfFunction } from "../../term/inspect-reflect.ts";
import { moduleNameOf } from "../../term/module-name.ts";
import type { Documentation } from "../docs.ts";

/** How a function is called, with the parameters as they were written: `sayName(name, times = 1)`. */
export function signatureOf(fn: AnyFunction, name: string): string {
  const parameters =
    parametersOf(sourceOf(fn)) ?? Array.from({ length: fn.length }, (_, index) => `arg${String(index + 1)}`).join(", ");
  return `${name}(${parameters})`;
}

function sourceOf(fn: AnyFunction): string {
  const origin = originOf(fn);
  return origin?.unit.text.slice(origin.start, origin.end) ?? Function.prototype.toString.call(fn);
}

/** The doc comment in front of a function that was typed, `""` if there is none. */
export function commentOf(fn: AnyFunction): string {
  const origin = originOf(fn);
  if (origin === undefined) return "";
  // Between comment and function stands at most what binds it to its name.
  const before = origin.unit.text.slice(0, origin.start);
  const comment =
    /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(?:export\s+)?(?:static\s+|async\s+|(?:const|let|var)?\s*[\p{ID_Continue}$]+\s*[=:]\s*)*$/u.exec(
      before,
    );
  return textOfComment(comment?.[1] ?? "");
}

/** The text of a doc comment, given what stands between its marks. */
export function textOfComment(comment: string): string {
  return comment.replace(/^[ \t]*\*[ \t]?/gmu, "").trim();
}

/** What a value is called that code of this node can name: `Task.async`, `spawn`, `Kate`; `undefined` if it has no such name. */
export function nameOf(runtime: Runtime, value: object): string | undefined {
  const { modules } = runtime;
  const module = moduleNameOf(value);
  if (module !== undefined) return module;
  const names = Object.keys(modules.lookup).concat(Object.keys(Object.getPrototypeOf(modules.lookup) as object));
  // Functions that stand alone go by that name, though Kernel has some of them too.
  const alone = names.find((name) => peekProperty(modules.lookup, name) === value);
  if (alone !== undefined) return alone;
  for (const name of [...names, ...modules.allNames()]) {
    const holder: unknown = modules.get(name) ?? peekProperty(modules.lookup, name);
    if ((typeof holder !== "object" && typeof holder !== "function") || holder === null) continue;
    const fun = exportsOf(holder).find((key) => exportedFunction(holder, key) === value);
    if (fun !== undefined) return `${name}.${fun}`;
  }
  return undefined;
}

/** What can be said of a function or module that has no documentation of the library's. */
export function describeOwn(value: object, name: string): Documentation {
  if (typeof value === "function" && moduleNameOf(value) === undefined) {
    return { signature: signatureOf(value as AnyFunction, name), doc: commentOf(value as AnyFunction) };
  }
  const functions = exportsOf(value).map((key) => {
    const fn = exportedFunction(value, key);
    return fn === undefined ? name : signatureOf(fn, `${name}.${key}`);
  });
  const doc = typeof value === "function" ? commentOf(value as AnyFunction) : "";
  return { signature: [name, ...functions.map((signature) => `  ${signature}`)].join("\n"), doc };
}

/** A name for a function that no module holds. */
export function ownName(value: object): string {
  return typeof value === "function" ? nameOfFunction(value) : "";
}
