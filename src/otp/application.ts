import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { current } from "../process/context.ts";
import { defineProgramModule } from "../process/modules.ts";
import { controllerOf } from "./application-controller.ts";
import { environmentOf } from "./application-environment.ts";
import type { ApplicationSpec, ApplicationType } from "./application-spec.ts";
import { orList } from "./child-spec.ts";

/** Whether a setting outlasts the loading of its application, which else enters its own. */
export interface EnvOptions {
  readonly persistent?: boolean | undefined;
}

/** An application as lists tell it. */
export type ApplicationInfo = readonly [name: string, description: string, version: string];

const TYPES: readonly unknown[] = ["temporary", "transient", "permanent"];

/**
 * Starts an application of the caller's node; it is loaded first if need be. `"ok"` when it has started. If it is
 * `"permanent"`, the node stops when it ends; if `"transient"`, when it fails; `"temporary"`, unless told: its end is
 * only logged.
 *
 * Throws `badarg` for one that is not defined, `already_started`, `not_started` with the one in `reason` that has to run
 * before, and what its start throws, with `[reason, [module, "start", args]]` in `reason`.
 */
async function start(app: string, type: ApplicationType = "temporary"): Promise<"ok"> {
  checkType(type);
  await controllerOf(current().runtime).start(app, type);
  return "ok";
}

/** As {@link start}, and no error if it runs already. */
async function ensureStarted(app: string, type: ApplicationType = "temporary"): Promise<"ok"> {
  try {
    return await start(app, type);
  } catch (error) {
    if (running(app) && (error as { readonly code?: unknown }).code === "already_started") return "ok";
    throw error;
  }
}

/**
 * Starts applications and all that they need, in order, each unless it runs. Gives the names of those it started. If one
 * fails those are ended again, and that is thrown; `circular` if some need each other.
 */
async function ensureAllStarted(
  apps: string | readonly string[],
  type: ApplicationType = "temporary",
): Promise<string[]> {
  checkType(type);
  return controllerOf(current().runtime).startAll(typeof apps === "string" ? [apps] : apps, type);
}

/** Ends an application and waits until its processes are gone. `"ok"`; it stays loaded. Throws `not_started`. */
async function stop(app: string): Promise<"ok"> {
  await controllerOf(current().runtime).stop(app);
  return "ok";
}

/** Makes an application's settings known, without starting it. `"ok"`. Throws `already_loaded`, `badarg`. */
function load(app: string): "ok" {
  controllerOf(current().runtime).load(app);
  return "ok";
}

/** As {@link load}, and no error if it is loaded already. */
function ensureLoaded(app: string): "ok" {
  return controllerOf(current().runtime).loaded.has(app) ? "ok" : load(app);
}

/**
 * What a loaded application is made of, `null` if it is not loaded: its `name`, `description`, `version`,
 * `applications`, `mod`, `startPhases` and the `env` it brings; with a key, that of these, `null` if it has none.
 *
 * ```ts
 * defineApplication({ name: "shop", version: "1.2.0" });
 * Application.load("shop");
 * Application.spec("shop", "version"); // "1.2.0"
 * Application.spec("nothing"); // null
 * ```
 */
function spec(app: string): ApplicationSpec | null;
function spec<K extends keyof ApplicationSpec>(app: string, key: K): NonNullable<ApplicationSpec[K]> | null;
function spec(app: string, key?: keyof ApplicationSpec): unknown {
  const found = controllerOf(current().runtime).loaded.get(app);
  if (found === undefined) return null;
  return key === undefined ? { ...found } : (found[key] ?? null);
}

/** Forgets an application and its settings. `"ok"`. Throws `not_loaded`, `running`. */
function unload(app: string): "ok" {
  controllerOf(current().runtime).unload(app);
  return "ok";
}

/** The applications that run, the last started first: `[name, description, version]`. */
function startedApplications(): ApplicationInfo[] {
  return controllerOf(current().runtime).started.map(infoOf);
}

/** The applications that are loaded: `[name, description, version]`. */
function loadedApplications(): ApplicationInfo[] {
  return [...controllerOf(current().runtime).loaded.values()].map(infoOf);
}

/** A setting of an application on the caller's node; `otherwise`, or `null`, if it is not set. */
function getEnv(app: string, key: string, otherwise: unknown = null): unknown {
  const found = environmentOf(current().runtime).get(app, key);
  return found === undefined ? otherwise : found.value;
}

/** A setting of an application. Throws `badarg`, saying whether the application or the setting is missing. */
function fetchEnv(app: string, key: string): unknown {
  const environment = environmentOf(current().runtime);
  const found = environment.get(app, key);
  if (found === undefined) throw environment.missing(app, key);
  return found.value;
}

/** All settings of an application, by key. */
function getAllEnv(app: string): Record<string, unknown> {
  return environmentOf(current().runtime).all(app);
}

/** Sets one on the caller's node. `"ok"`. With `persistent` it wins over what the application brings when it is loaded. */
function putEnv(app: string, key: string, value: unknown, options: EnvOptions = {}): "ok" {
  environmentOf(current().runtime).put(checkKey(app, "app"), checkKey(key, "key"), value, options.persistent);
  return "ok";
}

/**
 * Sets many, `{ app: { key: value } }`: a whole configuration, with `persistent` before anything starts. `"ok"`. Throws
 * `badarg` with the place of what is wrong, and sets nothing then.
 *
 * ```ts
 * Application.putAllEnv({ shop: { open: false, port: 80 } }, { persistent: true });
 * Application.getEnv("shop", "port"); // 80
 * ```
 */
function putAllEnv(
  config: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  options: EnvOptions = {},
): "ok" {
  const { runtime } = current();
  if (!isRecord(config)) throw new ArgumentError(`A configuration is { app: { key: value } }, not ${inspect(config)}`);
  for (const [app, settings] of Object.entries(config)) {
    if (!isRecord(settings))
      throw new ArgumentError(`The configuration of ${inspect(app)} is { key: value }, not ${inspect(settings)}`);
  }
  const environment = environmentOf(runtime);
  for (const [app, settings] of Object.entries(config)) {
    for (const [key, value] of Object.entries(settings)) environment.put(app, key, value, options.persistent);
  }
  return "ok";
}

/** Unsets one. `"ok"`, also if it was not set. With `persistent` it does not come back when the application is loaded. */
function deleteEnv(app: string, key: string, options: EnvOptions = {}): "ok" {
  environmentOf(current().runtime).delete(app, key, options.persistent);
  return "ok";
}

/** Elixir's `Application`: parts of a program that are started and stopped as one, and their settings. Of the caller's node. */
export const Application = {
  start,
  ensureStarted,
  ensureAllStarted,
  stop,
  load,
  ensureLoaded,
  spec,
  unload,
  startedApplications,
  loadedApplications,
  getEnv,
  fetchEnv,
  getAllEnv,
  putEnv,
  putAllEnv,
  deleteEnv,
};
defineProgramModule("Application", Application);

function running(app: string): boolean {
  return controllerOf(current().runtime).started.some(({ name }) => name === app);
}

function infoOf({ name, description = name, version = "0.0.0" }: ApplicationSpec): ApplicationInfo {
  return [name, description, version];
}

function checkType(type: unknown): void {
  if (!TYPES.includes(type))
    throw new ArgumentError(`The type of an application is ${orList(TYPES)}, not ${inspect(type)}`);
}

function checkKey(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ArgumentError(`The ${what} of a setting is a string, not ${inspect(value)}`);
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
