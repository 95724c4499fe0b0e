import { readFileSync } from "node:fs";
import { types } from "node:util";
import { plainText } from "../../code/file-unit.ts";
import { isObject, peekProperty } from "../../code/peek.ts";
import { type AnyFunction, originOf } from "../../code/registry.ts";
import { parametersOf } from "../../code/shape.ts";
import { exportedFunction, exportsOf } from "../../process/modules.ts";
import type { Runtime } from "../../process/runtime.ts";
import { nameOfFunction } from "../../term/inspect-reflect.ts";
import { moduleNameOf } from "../../term/module-name.ts";
import { docCommentFor, docCommentsIn, lineOf, textOfComment, typedSignature } from "../doc-comments.ts";
import type { Documentation } from "../docs.ts";
import { filesOf } from "./loaded-from.ts";

/** How a function is called, with parameters and types as they were written: `sayName(name: string, times = 1)`. */
export function signatureOf(fn: AnyFunction, name: string): string {
  const origin = originOf(fn);
  const { source } = origin?.unit ?? {};
  const typed =
    origin === undefined || source === undefined || source === origin.unit.text || fn.name === ""
      ? undefined
      : typedSignature(source, fn.name, lineOf(origin.unit.text, origin.start));
  const found = typed ?? (origin === undefined ? signatureInFiles(fn) : undefined);
  if (found !== undefined) return name + found.slice(fn.name.length);
  const parameters =
    parametersOf(sourceOf(fn)) ?? Array.from({ length: fn.length }, (_, index) => `arg${String(index + 1)}`).join(", ");
  return `${name}(${parameters})`;
}

/** With its types, of what a file exports. */
function signatureInFiles(fn: AnyFunction): string | undefined {
  if (fn.name === "") return undefined;
  for (const file of filesOf(fn)) {
    const found = typedSignature(readText(file), fn.name, 0);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sourceOf(fn: AnyFunction): string {
  const origin = originOf(fn);
  return origin?.unit.text.slice(origin.start, origin.end) ?? plainText(fn);
}

/** The doc comment in front of a function that was typed, `""` if there is none. */
export function commentOf(fn: AnyFunction): string {
  const origin = originOf(fn);
  if (origin === undefined) return "";
  const { text, source = text } = origin.unit;
  // Types and comments are taken off together.
  if (source !== text && fn.name !== "")
    return docCommentFor(docCommentsIn(source), fn.name, lineOf(text, origin.start))?.doc ?? "";
  // Between comment and function stands at most what binds it to its name.
  const before = text.slice(0, origin.start);
  const comment =
    /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(?:export\s+)?(?:static\s+|async\s+|(?:const|let|var)?\s*[\p{ID_Continue}$]+\s*[=:]\s*)*$/u.exec(
      before,
    );
  return textOfComment(comment?.[1] ?? "");
}

/** What the one who wrote a module says of it, or of the function at `path` in it: `Kate`, `Kate.sayName`. */
function commentInModule(module: object, path: string): string {
  for (const key of exportsOf(module)) {
    const fn = exportedFunction(module, key);
    const unit = fn && originOf(fn)?.unit;
    if (unit !== undefined) return docCommentFor(docCommentsIn(unit.source ?? unit.text), path)?.doc ?? "";
  }
  for (const file of filesOf(module)) {
    const found = docCommentFor(docCommentsIn(readText(file)), path);
    if (found !== undefined) return found.doc;
  }
  return "";
}

/** How a function of a module from a file is called, with types as they are written there, `undefined` for any other. */
function signatureInFile(module: object, key: string, name: string): string | undefined {
  for (const file of filesOf(module)) {
    const found = typedSignature(readText(file), key, 0);
    if (found !== undefined) return `${name}.${found}`;
  }
  return undefined;
}

/** The methods of a class, as they are called. */
function methodsOf(value: object): string[] {
  if (typeof value !== "function") return [];
  const prototype = peekProperty(value, "prototype");
  if (typeof prototype !== "object" || prototype === null || types.isProxy(prototype)) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([key, descriptor]) => {
    const method: unknown = descriptor.value;
    if (key === "constructor" || typeof method !== "function") return [];
    return [signatureOf(method as AnyFunction, key)];
  });
}

/** A file may be gone since it was loaded. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
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

/** As {@link nameOf}, and of a method of a module that is a class `Counter.next`. */
export function pathOf(runtime: Runtime, fn: object): string | undefined {
  const path = nameOf(runtime, fn);
  if (path !== undefined) return path;
  for (const module of runtime.modules.allNames()) {
    const prototype = prototypeOf(runtime.modules.get(module));
    const method = prototype && exportsOf(prototype).find((name) => exportedFunction(prototype, name) === fn);
    if (method !== undefined) return `${module}.${method}`;
  }
  return undefined;
}

/** What has the methods of a class. */
export function prototypeOf(module: unknown): object | undefined {
  const prototype = typeof module === "function" ? peekProperty(module, "prototype") : undefined;
  return isObject(prototype) && !types.isProxy(prototype) ? prototype : undefined;
}

/** What can be said of a function or module that has no documentation of the library's. `holder` is the module it is in. */
export function describeOwn(value: object, name: string, holder?: object): Documentation {
  if (typeof value === "function" && moduleNameOf(value) === undefined) {
    const doc = commentOf(value as AnyFunction);
    const written = doc === "" ? commentInModule(holder ?? value, name) : doc;
    const dot = name.lastIndexOf(".");
    const typed = holder === undefined ? undefined : signatureInFile(holder, name.slice(dot + 1), name.slice(0, dot));
    return { signature: typed ?? signatureOf(value as AnyFunction, name), doc: written };
  }
  const functions = exportsOf(value).map((key) => {
    const fn = exportedFunction(value, key);
    return fn === undefined ? name : (signatureInFile(value, key, name) ?? signatureOf(fn, `${name}.${key}`));
  });
  functions.push(...methodsOf(value));
  const own = typeof value === "function" ? commentOf(value as AnyFunction) : "";
  const doc = own === "" ? commentInModule(value, name) : own;
  return { signature: [name, ...functions.map((signature) => `  ${signature}`)].join("\n"), doc };
}

/** A name for a function that no module holds. */
export function ownName(value: object): string {
  return typeof value === "function" ? nameOfFunction(value) : "";
}
