import { tagOf } from "../term/atom.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { moduleNameOf } from "../term/module-name.ts";
import { termKey } from "../term/term-key.ts";
import { exportedFunction, type Module, type ModuleTable } from "../process/modules.ts";
import { StartError } from "./start-error.ts";
import { type Mfa, mfaOf, type Restart } from "./task-protocol.ts";

/** How a supervisor starts, restarts and stops a child. */
export interface ChildSpec {
  /** What the child is known as to its supervisor: any term, each once. */
  readonly id: unknown;
  /**
   * Module, function and arguments that start it, linked, and give its pid; found by name at each start, so that a
   * module defined anew takes effect at the next. Or a function that does it.
   */
  readonly start: readonly [module: Module | string, fun: string, args?: readonly unknown[]] | (() => unknown);
  /** When it is started again: always (`"permanent"`, unless told), after a failure (`"transient"`), never (`"temporary"`). */
  readonly restart?: Restart | undefined;
  /**
   * Milliseconds it gets to end by itself, `Infinity`, or `"brutalKill"`: none. Unless told 5000, and `Infinity` for a
   * supervisor.
   */
  readonly shutdown?: number | "brutalKill" | undefined;
  /** `"worker"` unless told. */
  readonly type?: "worker" | "supervisor" | undefined;
  /** Whether its own end may end its supervisor, see `autoShutdown`. Not for a permanent one. */
  readonly significant?: boolean | undefined;
  /** The modules it runs, as `whichChildren` tells them: the one that starts it, unless told. */
  readonly modules?: readonly string[] | "dynamic" | undefined;
}

/** A child as it is written in a list: a module that says itself how it is started, alone or with its argument, or a spec. */
export type Child = ChildSpec | Module | string | readonly [module: Module | string, arg?: unknown];

/** A spec with nothing left open: what supervisors keep. */
export interface FullSpec {
  readonly id: unknown;
  readonly start: Mfa;
  readonly restart: Restart;
  readonly shutdown: number | "brutalKill";
  readonly type: "worker" | "supervisor";
  readonly significant: boolean;
  readonly modules: readonly string[] | "dynamic";
}

const FIELDS = ["id", "start", "restart", "shutdown", "type", "significant", "modules"];
const SHUTDOWN = 5000;
const RESTARTS: readonly unknown[] = ["permanent", "transient", "temporary"];

/**
 * The spec of a child as it is written: its module is asked, at `[module, arg]` with that argument.
 * Throws `undef` and `badarg`, saying with `path` which child is meant.
 */
export function specOf(table: ModuleTable, child: unknown, path = "child"): ChildSpec {
  if (typeof child === "object" && child !== null && !Array.isArray(child) && isSpec(child)) return child as ChildSpec;
  const pair = Array.isArray(child) ? (child as readonly unknown[]) : [child];
  const [what, arg] = pair;
  if (!isModule(what) || pair.length > 2) {
    throw new ArgumentError(
      `${path} is a child specification, a module, or [module, argument], not ${inspect(child)}: see Supervisor.childSpec`,
    );
  }
  const module = typeof what === "string" ? table.get(what) : what;
  if (module === undefined) throw new ArgumentError(`${path} is the module ${inspect(what)}, which is not loaded`);
  const { childSpec } = module as { readonly childSpec?: unknown };
  // A class inherits that of its behaviour, which finds the class in `this`.
  if (typeof childSpec === "function") return childSpec.call(module, arg) as ChildSpec;
  const name = typeof what === "string" ? what : moduleNameOf(module);
  if (name !== undefined && exportedFunction(module, "startLink") !== undefined) {
    return { id: name, start: [name, "startLink", [arg]] };
  }
  throw new ArgumentError(
    `${path} is ${inspect(module)}, which has neither childSpec nor startLink: give { id, start: [module, "fun", args] }`,
  );
}

function isSpec(value: object): boolean {
  return moduleNameOf(value) === undefined && ("start" in value || "id" in value);
}

function isModule(value: unknown): value is Module | string {
  return typeof value === "string" || typeof value === "function" || (typeof value === "object" && value !== null);
}

/** Checks a spec and fills in what it leaves open. Throws `badarg` with the path of what is wrong, as `child.restart`. */
export function fullSpec(spec: unknown, path = "child"): FullSpec {
  if (typeof spec !== "object" || spec === null) throw new ArgumentError(`${path} is an object, not ${inspect(spec)}`);
  const unknown = Object.keys(spec).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined)
    throw new ArgumentError(`${path} has no field ${inspect(unknown)}; it has ${FIELDS.join(", ")}`);
  const { id, start, type = "worker", modules, ...given } = spec as Readonly<Record<string, unknown>>;
  if (id === undefined) throw new ArgumentError(`${path}.id is missing: any term that no other child has`);
  const kind = oneOf(tagOf(type), ["worker", "supervisor"], `${path}.type`);
  const restart = oneOf(tagOf(given["restart"] ?? "permanent"), RESTARTS, `${path}.restart`) as Restart;
  const significant = given["significant"] ?? false;
  if (typeof significant !== "boolean")
    throw new ArgumentError(`${path}.significant is true or false, not ${inspect(significant)}`);
  if (significant && restart === "permanent") {
    throw new ArgumentError(
      `${path}.significant is for children that may end: with it, ${path}.restart is "transient" or "temporary"`,
    );
  }
  const mfa = startOf(start, `${path}.start`);
  return {
    id: typeof id === "function" || typeof id === "object" ? (moduleNameOf(id) ?? id) : id,
    start: mfa,
    restart,
    shutdown: shutdownOf(given["shutdown"] ?? (kind === "supervisor" ? Infinity : SHUTDOWN), `${path}.shutdown`),
    type: kind as FullSpec["type"],
    significant,
    modules: (modules as FullSpec["modules"] | undefined) ?? modulesOf(mfa),
  };
}

function startOf(start: unknown, path: string): Mfa {
  if (typeof start === "function") return mfaOf(start);
  if (!Array.isArray(start)) {
    throw new ArgumentError(
      `${path} is ${start === undefined ? "missing" : inspect(start)}: give [module, "fun", args], or a function that starts the child`,
    );
  }
  const [module, fun, args] = start as readonly unknown[];
  if (tagOf(module) === "erlang" && tagOf(fun) === "apply" && Array.isArray(args) && typeof args[0] === "function") {
    return ["erlang", "apply", args];
  }
  try {
    return mfaOf(tagOf(module) ?? module, tagOf(fun), args);
  } catch (error) {
    throw new ArgumentError(`${path} is [module, "fun", args], not ${inspect(start)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Where a behaviour's own function starts it, the child is what its first argument names. */
function modulesOf([module, , args]: Mfa): readonly string[] {
  const [first] = args;
  const name = module === "erlang" ? undefined : moduleNameOf(first);
  return [name ?? module];
}

function shutdownOf(value: unknown, path: string): number | "brutalKill" {
  if (typeof value === "number" && value >= 0) return value;
  const tag = tagOf(value);
  if (tag === "brutalKill" || tag === "brutal_kill") return "brutalKill";
  if (tag === "infinity") return Infinity;
  throw new ArgumentError(`${path} is a number of milliseconds, Infinity or "brutalKill", not ${inspect(value)}`);
}

function oneOf(value: unknown, values: readonly unknown[], path: string): unknown {
  if (values.includes(value)) return value;
  throw new ArgumentError(`${path} is ${orList(values)}, not ${inspect(value)}`);
}

/** `"a", "b" or "c"`. */
export function orList(values: readonly unknown[]): string {
  const shown = values.map((value) => inspect(value));
  return `${shown.slice(0, -1).join(", ")} or ${shown.at(-1) ?? ""}`;
}

/**
 * The full specs of a list of children. Throws as {@link specOf} and {@link fullSpec} do, with the place in the list, and
 * `duplicate_child_name` for an id that is there twice.
 */
export function fullSpecs(table: ModuleTable, children: unknown): FullSpec[] {
  if (!Array.isArray(children)) throw new ArgumentError(`children is an array, not ${inspect(children)}`);
  const specs = (children as readonly unknown[]).map((child, i) => {
    const path = `children[${i}]`;
    return fullSpec(specOf(table, child, path), path);
  });
  const seen = new Map<unknown, number>();
  for (const [i, { id }] of specs.entries()) {
    const first = seen.get(termKey(id));
    if (first !== undefined) {
      throw new StartError(
        "duplicate_child_name",
        `children[${i}].id is ${inspect(id)}, which children[${first}] is too: give one of them another id, as in ` +
          'Supervisor.childSpec(child, { id: "another" })',
        ["start_spec", ["duplicate_child_name", id]],
      );
    }
    seen.set(termKey(id), i);
  }
  return specs;
}
