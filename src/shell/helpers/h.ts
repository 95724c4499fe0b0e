import { types } from "node:util";
import { peekProperty, propertiesOf } from "../../code/peek.ts";
import { originOf } from "../../code/registry.ts";
import { constructorOf, prototypesOf } from "../../term/inspect-reflect.ts";
import { inspect } from "../../term/inspect.ts";
import { builtinNamed, builtinNames, builtinOf } from "../builtins.ts";
import { firstSentence } from "../candidate-detail.ts";
import { commandsOf } from "../commands.ts";
import { docPage, docTable, type PageOptions } from "../doc-page.ts";
import { documentation, type Documentation } from "../docs.ts";
import { opsText, OVERVIEW as PROTOCOL } from "../protocol/ops.ts";
import { nearest } from "../../term/nearest.ts";
import type { Helper, HelperContext } from "./context.ts";
import { describeOwn, nameOf, ownName } from "./documentation.ts";
import { overview } from "./overview.ts";
import { print, printSafe, width } from "./print.ts";

/** What stands for a helper where a value is looked up: the functions are made anew for each session. */
const helpersByFunction = new WeakMap<object, string>();

/** Lets `h(flush)` know the function by its name. */
export function nameHelper(fn: object, name: string): void {
  helpersByFunction.set(fn, name);
}

export function nameOfHelper(fn: object): string | undefined {
  return helpersByFunction.get(fn);
}

/** What is said of a helper; of the one that changes settings, which there are. */
export function documentOfHelper({ name, usage, doc }: Pick<Helper, "name" | "usage" | "doc">): Documentation {
  const options = name === "configure" ? documentation().get("Settings")?.options : undefined;
  return { signature: usage.join("\n"), doc, ...(options !== undefined && { options }) };
}

/** Provided by the session itself. */
const V = {
  usage: ["v()", "v(n)", 'v("error")'],
  doc:
    "Gives the value of the n-th input, counted from the last if n is negative; the last one by default. Throws if it is " +
    'out of bounds. v("error") is what was thrown last.',
};

/** Documentation. `helpers` are those it lists. */
export function makeH(helpers: () => readonly Helper[]): Helper {
  return {
    name: "h",
    usage: ["h()", "h(Task.async)", 'h("Task.async")'],
    doc:
      "Shows the documentation of a function, module or helper, given by itself or by name; of one's own functions, how " +
      "they are called and the comment in front of them. Without an argument, lists the helpers, by what they are for.",
    make: (context) => {
      const entries = new Map<string, { usage: readonly string[]; doc: string }>([
        ...helpers().map((helper) => [helper.name, helper] as const),
        ["v", V],
      ]);
      return async (...given: readonly unknown[]) => {
        const options = { columns: await width(), colors: context.colors?.() === true };
        if (given.length === 0) return printSafe(...overview(commandRows(context), options));
        const [about] = given;
        const isV = isDescribable(about) && about === valueAt(context, "v");
        const name = isV ? "v" : typeof about === "string" ? bare(about) : helpersByFunction.get(about as object);
        const helper = entries.get(name ?? "");
        const found =
          helper === undefined || name === undefined ? find(context, about) : documentOfHelper({ name, ...helper });
        return found === undefined
          ? print(`No documentation for ${called(context, about)} was found${hint(context, about, entries.keys())}`)
          : printSafe(...page(found, options));
      };
    },
  };
}

/** A page, with what belongs to it below: options, or what a module holds. */
function page(found: Documentation, options: PageOptions): string[] {
  const rows = [
    ...(found.options ?? []).map(([name, type, doc]) => [`${name}: ${shortType(type)}`, doc] as const),
    ...(found.members ?? []),
  ];
  return [...docPage(found, options), ...(rows.length === 0 ? [] : ["", ...docTable(rows, options)])];
}

/** A long type would push all that is said of others to the side. */
function shortType(type: string): string {
  return type.length > MOST_TYPE ? `${type.slice(0, MOST_TYPE - 1)}…` : type;
}

const MOST_TYPE = 28;

/** What else may have been meant. */
function hint({ runtime }: HelperContext, about: unknown, helpers: Iterable<string>): string {
  if (typeof about !== "string") return isDescribable(about) ? "; i(x) describes a value" : "";
  const names = [...helpers, ...documentation().keys(), ...runtime.modules.allNames(), ...builtinNames()];
  const meant = nearest(bare(about), names);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** Longer ones are told by `h(name)`. */
const LONGEST_SIGNATURE = 40;

/** One's own functions that have a doc comment, with what that begins with: those of the session, and of loaded files. */
function commandRows({ session, runtime }: HelperContext): (readonly [call: string, doc: string])[] {
  const found = new Map<string, unknown>([...commandsOf(runtime).functions, ...session().variables()]);
  return [...found].flatMap(([name, value]) => {
    if (typeof value !== "function" || types.isProxy(value)) return [];
    const { signature, doc } = describeOwn(value, name);
    if (doc === "") return [];
    const call = signature.includes("\n") || signature.length > LONGEST_SIGNATURE ? `${name}(…)` : signature;
    return [[call, firstSentence(doc)] as const];
  });
}

/** `Task.async/1` and `Task.async()` are asked for as `Task.async`. */
export function bare(name: string): string {
  return name.trim().replace(/(?:\/\d+|\(.*\))$/u, "");
}

/** What the library or the one who defined it says of a value, or of what a name stands for. */
export function find(context: Pick<HelperContext, "runtime" | "session">, about: unknown): Documentation | undefined {
  if (typeof about === "string") {
    const name = bare(about);
    const value = valueAt(context, name);
    // Whoever defined a name of the library's anew wants to know about theirs.
    if (isDescribable(value) && nameOf(context.runtime, value) !== name)
      return aboutValue(context, value) ?? describeOwn(value, name);
    const holder = context.runtime.modules.get(name.slice(0, Math.max(0, name.lastIndexOf("."))));
    return (
      aboutName(name) ??
      (isDescribable(value) ? describeOwn(value, name, holder) : (builtinNamed(name) ?? aboutTopic(name)))
    );
  }
  if (!isDescribable(about)) return undefined;
  return aboutValue(context, about) ?? (typeof about === "function" ? undefined : aboutClass(context, about));
}

/** Of an instance, what is said of its class. */
function aboutClass(context: Pick<HelperContext, "runtime">, value: object): Documentation | undefined {
  if (types.isProxy(value)) return undefined;
  const made = constructorOf(prototypesOf(value));
  if (made === undefined || made === Object || types.isProxy(made)) return undefined;
  // A class of the library's own that nobody can name is nobody's concern.
  const isKnown = originOf(made) !== undefined || nameOf(context.runtime, made) !== undefined;
  return isKnown ? aboutValue(context, made) : builtinOf(made);
}

function aboutValue({ runtime }: Pick<HelperContext, "runtime">, value: object): Documentation | undefined {
  const name = nameOf(runtime, value);
  const own = name ?? ownName(value);
  if (name === undefined && typeof value !== "function") return undefined;
  const builtin = name === undefined ? builtinOf(value) : undefined;
  if (builtin !== undefined) return builtin;
  const holder =
    name === undefined ? undefined : runtime.modules.get(name.slice(0, Math.max(0, name.lastIndexOf("."))));
  return (
    (name === undefined ? undefined : aboutName(name)) ?? describeOwn(value, own === "" ? "(anonymous)" : own, holder)
  );
}

/** What is no name of anything in the language. */
function aboutTopic(name: string): Documentation | undefined {
  return name === "protocol" ? { signature: "moebi --protocol", doc: `${PROTOCOL}\n\n${opsText()}` } : undefined;
}

/** A module's page lists what it holds. */
function aboutName(name: string): Documentation | undefined {
  const all = documentation();
  const found = all.get(name);
  if (found === undefined) return undefined;
  const members = [...all]
    .filter(([key]) => key.startsWith(`${name}.`) && !key.slice(name.length + 1).includes("."))
    .map(([key, { doc }]) => [key, firstSentence(doc)] as const);
  return members.length === 0 ? found : { ...found, members };
}

function isDescribable(value: unknown): value is object {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

/** Follows a dotted name through plain properties, running nothing. */
export function valueAt({ session }: Pick<HelperContext, "session">, path: string): unknown {
  const [first = "", ...rest] = path.split(".");
  const layer = session()
    .layers()
    .find((holder) => propertiesOf(holder).has(first));
  let value: unknown = layer === undefined ? undefined : peekProperty(layer, first);
  // A method is asked for by its class, `Stack.push`.
  for (const name of rest) value = peekProperty(value, name) ?? peekProperty(peekProperty(value, "prototype"), name);
  return value;
}

export function called({ runtime }: HelperContext, about: unknown): string {
  if (typeof about === "string") return bare(about);
  return (
    (isDescribable(about) ? nameOf(runtime, about) : undefined) ??
    inspect(about, { breakLength: Infinity, maxItems: 5, depth: 1 })
  );
}
