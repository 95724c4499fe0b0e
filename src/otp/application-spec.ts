import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { processOrUndefined } from "../process/context.ts";
import type { Module } from "../process/modules.ts";
import type { Runtime } from "../process/runtime.ts";
import { checkOptions } from "./options.ts";

/** How much an application's end matters: not at all but for the log, if it is a failure, or in any case. */
export type ApplicationType = "temporary" | "transient" | "permanent";

/** What a module of an application, or the application itself, does when. */
export interface ApplicationCallbacks {
  /**
   * Starts its processes under one supervisor, linked, and gives that one's pid, or `[pid, state]`. Runs in a process of
   * the application, whose output goes to the node's own device.
   */
  start?(type: "normal", args: never): unknown;
  /** One phase of `startPhases`, after `start`. */
  startPhase?(phase: string, type: "normal", args: never): unknown;
  /** Before its processes are ended. Gives the state that `stop` gets. */
  prepStop?(state: never): unknown;
  /** When its processes are gone. */
  stop?(state: never): unknown;
}

/** An application: what it is made of, and what has to run before it. */
export interface ApplicationSpec extends ApplicationCallbacks {
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  /** The applications that have to run before it starts. */
  readonly applications?: readonly string[];
  /** Its settings, where no configuration says otherwise. */
  readonly env?: Readonly<Record<string, unknown>>;
  /** The module with its callbacks, found by name at each start; with the arguments of `start`. */
  readonly mod?: Module | string | readonly [module: Module | string, args: unknown];
  /** Phases that follow its start, in order, each with its arguments. */
  readonly startPhases?: Readonly<Record<string, unknown>>;
}

const FIELDS = [
  "name",
  "description",
  "version",
  "applications",
  "env",
  "mod",
  "start",
  "startPhases",
  "startPhase",
  "prepStop",
  "stop",
];

const program = new Map<string, ApplicationSpec>();
const nodes = new WeakMap<Runtime, Map<string, ApplicationSpec>>();

/**
 * Defines an application: for the caller's node, or outside a process for every node of this program. It is not started
 * with that: see `Application.ensureAllStarted`. Gives it back. Throws `badarg` for a field that is wrong.
 *
 * ```ts
 * defineApplication({ name: "shop", env: { open: true }, start: () => Supervisor.startLink([], { strategy: "oneForOne" }) });
 * await Application.ensureAllStarted("shop"); // ["shop"]
 * Application.getEnv("shop", "open"); // true
 * ```
 */
export function defineApplication<S extends ApplicationSpec>(spec: S): S {
  check(spec);
  const process = processOrUndefined();
  if (process === undefined) program.set(spec.name, spec);
  else {
    const own = nodes.get(process.runtime) ?? new Map<string, ApplicationSpec>();
    nodes.set(process.runtime, own.set(spec.name, spec));
  }
  return spec;
}

/** The names of the applications that are defined on a node. */
export function applicationNames(runtime: Runtime): string[] {
  return [...new Set([...(nodes.get(runtime)?.keys() ?? []), ...program.keys()])];
}

/** The application of that name, as a node knows it. Throws `badarg`, naming those there are. */
export function findApplication(runtime: Runtime, name: string): ApplicationSpec {
  const own = nodes.get(runtime);
  const spec = own?.get(name) ?? program.get(name);
  if (spec !== undefined) return spec;
  const known = applicationNames(runtime);
  throw new ArgumentError(
    `There is no application ${inspect(name)}; ${known.length === 0 ? "defineApplication makes one" : `there is: ${known.join(", ")}`}`,
  );
}

function check(spec: ApplicationSpec): void {
  const { name, applications = [], env = {}, mod, start } = spec;
  if (typeof name !== "string" || !/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name)) {
    throw new ArgumentError(`The name of an application is a word, as "chat", not ${inspect(name)}`);
  }
  checkOptions(`The application ${inspect(name)}`, spec, FIELDS);
  if (!Array.isArray(applications) || !applications.every((other) => typeof other === "string"))
    throw new ArgumentError(`applications of ${inspect(name)} is an array of names, not ${inspect(applications)}`);
  if (typeof env !== "object" || Array.isArray(env))
    throw new ArgumentError(`env of ${inspect(name)} is an object, not ${inspect(env)}`);
  if (mod !== undefined && start !== undefined)
    throw new ArgumentError(`The application ${inspect(name)} has mod or start, not both`);
}
