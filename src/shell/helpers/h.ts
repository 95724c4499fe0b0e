import { peekProperty, propertiesOf } from "../../code/peek.ts";
import { inspect } from "../../term/inspect.ts";
import { builtinNamed, builtinOf } from "../builtins.ts";
import { docPage, docTable, type PageOptions } from "../doc-page.ts";
import { documentation, type Documentation } from "../docs.ts";
import type { Helper, HelperContext } from "./context.ts";
import { describeOwn, nameOf, ownName } from "./documentation.ts";
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
  usage: ["v()", "v(n)"],
  doc: "Gives the value of the n-th input, counted from the last if n is negative; the last one by default. Throws if it is out of bounds.",
};

/** Documentation. `helpers` are those it lists. */
export function makeH(helpers: () => readonly Helper[]): Helper {
  return {
    name: "h",
    usage: ["h()", "h(Task.async)", 'h("Task.async")'],
    doc:
      "Shows the documentation of a function, module or helper, given by itself or by name; of one's own functions, how " +
      "they are called and the comment in front of them. Without an argument, lists the helpers.",
    make: (context) => {
      const entries = new Map<string, { usage: readonly string[]; doc: string }>([
        ...helpers().map((helper) => [helper.name, helper] as const),
        ["v", V],
      ]);
      return async (...given: readonly unknown[]) => {
        const options = { columns: await width(), colors: context.colors?.() === true };
        if (given.length === 0) return printSafe(...overview(entries, options));
        const [about] = given;
        const helper = entries.get(
          typeof about === "string" ? bare(about) : (helpersByFunction.get(about as object) ?? ""),
        );
        const found =
          helper === undefined ? find(context, about) : { signature: helper.usage.join("\n"), doc: helper.doc };
        return found === undefined
          ? print(`No documentation for ${called(context, about)} was found`)
          : printSafe(...docPage(found, options));
      };
    },
  };
}

function overview(
  entries: ReadonlyMap<string, { usage: readonly string[]; doc: string }>,
  options: PageOptions,
): string[] {
  const rows = [...entries.values()].map(
    ({ usage, doc }) => [usage[0] ?? "", /^.*?[.:;](?=\s|$)/u.exec(doc)?.[0].slice(0, -1) ?? doc] as const,
  );
  return [
    ...docPage({ signature: "", doc: OVERVIEW[0] }, options).slice(2),
    "",
    ...docTable(
      rows.sort(([a], [b]) => (a < b ? -1 : 1)),
      options,
    ),
    "",
    ...docPage({ signature: "", doc: OVERVIEW[1] }, options).slice(2),
  ];
}

const OVERVIEW = [
  "Helpers of the prompt; h(flush) tells more about one, h(Task.async) about a function of the library.",
  "#moebi:break on a line of its own gives up a statement that is not complete.",
] as const;

/** `Task.async/1` and `Task.async()` are asked for as `Task.async`. */
function bare(name: string): string {
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
    return aboutName(name) ?? (isDescribable(value) ? describeOwn(value, name) : builtinNamed(name));
  }
  return isDescribable(about) ? aboutValue(context, about) : undefined;
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

/** A module's page lists what it holds. */
function aboutName(name: string): Documentation | undefined {
  const all = documentation();
  const found = all.get(name);
  if (found === undefined) return undefined;
  const members = [...all.keys()].filter((key) => key.startsWith(`${name}.`));
  if (members.length === 0) return found;
  return {
    signature: found.signature,
    doc: [found.doc, "", ...members.map((member) => `  ${member}`)].join("\n").trim(),
  };
}

function isDescribable(value: unknown): value is object {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

/** Follows a dotted name through plain properties, running nothing. */
function valueAt({ session }: Pick<HelperContext, "session">, path: string): unknown {
  const [first = "", ...rest] = path.split(".");
  const layer = session()
    .layers()
    .find((holder) => propertiesOf(holder).has(first));
  let value: unknown = layer === undefined ? undefined : peekProperty(layer, first);
  for (const name of rest) value = peekProperty(value, name);
  return value;
}

function called({ runtime }: HelperContext, about: unknown): string {
  if (typeof about === "string") return bare(about);
  return (
    (isDescribable(about) ? nameOf(runtime, about) : undefined) ??
    inspect(about, { breakLength: Infinity, maxItems: 5, depth: 1 })
  );
}
