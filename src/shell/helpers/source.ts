import { ArgumentError } from "../../term/error.ts";
import { escapeControls } from "../../term/escape.ts";
import { inspect } from "../../term/inspect.ts";
import { moduleNameOf } from "../../term/module-name.ts";
import { documentation } from "../docs.ts";
import { highlighted } from "../highlight.ts";
import { type Source, sourceOf } from "../source-of.ts";
import type { Helper, HelperContext } from "./context.ts";
import { nameOf } from "./documentation.ts";
import { bare, valueAt } from "./h.ts";
import { print, printSafe } from "./print.ts";

/** How something was written. */
export const source: Helper = {
  name: "source",
  usage: ["source(Kate.sayName)", 'source("Kate.sayName")'],
  doc:
    "Shows the TypeScript a function, class or module was typed as, or that of the file it was loaded from, with the comments " +
    "above it, and where that stands. Of compiled code without a file, the JavaScript. Throws badarg for what is none of these.",
  make: (context) => (about: unknown) => {
    const value = namedValue(context, about, "source");
    const own = ownDocumentation(context, value);
    if (own !== undefined) return print(...own);
    const found = sourceOf(context.runtime, value);
    if (found === undefined) return print(`The source of ${inspect(value)} is not known`);
    const text = escapeControls(`// ${whereIs(found)}\n${found.text}`, { newlines: true });
    return printSafe(context.colors?.() === true ? highlighted(text) : text);
  },
};

/** The function or module that is given by itself or by name. Throws `badarg` for anything else. */
export function namedValue(context: HelperContext, about: unknown, helper: string): object {
  const value = typeof about === "string" ? valueAt(context, bare(about)) : about;
  if (typeof value === "function") return value;
  if (typeof value === "object" && value !== null && moduleNameOf(value) !== undefined) return value;
  if (typeof about === "string" && value === undefined) throw new ArgumentError(`${bare(about)} is not defined`);
  throw new ArgumentError(`${helper} takes a function, a class or a module, or its name, not ${inspect(value)}`);
}

/** `kate.ts:3`. */
export function whereIs({ file, line }: Source): string {
  return file === undefined ? "compiled code" : `${file}:${String(line)}`;
}

/** What can be said of a function or module of the library's own, whose source is no concern of the prompt. */
function ownDocumentation({ runtime }: HelperContext, value: object): string[] | undefined {
  const name = nameOf(runtime, value);
  const found = name === undefined ? undefined : documentation().get(name);
  if (name === undefined || found === undefined || runtime.modules.names().includes(name.split(".")[0] ?? ""))
    return undefined;
  return [found.signature, `It is one of moebi's own: h(${name}) shows its documentation`];
}
