import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";

/** The settings of applications: `{ app: { key: value } }`. */
export type Configuration = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** For which use a node runs. */
export type Environment = "dev" | "test" | "prod";

/** The environment that `MOEBI_ENV` names, `"dev"` unless told. Throws `badarg` for one that there is not. */
export function environmentName(env: NodeJS.ProcessEnv = process.env): Environment {
  const name = env["MOEBI_ENV"] ?? "dev";
  if (name === "dev" || name === "test" || name === "prod") return name;
  throw new ArgumentError(`MOEBI_ENV is dev, test or prod, not ${inspect(name)}`);
}

/** Takes a value for a configuration. Throws `badarg` with the file it is from and the place of what is wrong. */
export function checkConfiguration(value: unknown, file: string): Configuration {
  if (!isPlain(value)) throw new ArgumentError(`${file} gives ${inspect(value)}, not { app: { key: value } }`);
  for (const [app, settings] of Object.entries(value)) {
    if (!isPlain(settings)) throw new ArgumentError(`${file}: ${app} is ${inspect(settings)}, not { key: value }`);
  }
  return value as Configuration;
}

/** Puts `over` on `base`: objects key by key, however deep, everything else as a whole. */
export function mergeConfiguration(base: Configuration, over: Configuration): Configuration {
  return merge(base, over) as Configuration;
}

function merge(base: unknown, over: unknown): unknown {
  if (!isPlain(base) || !isPlain(over)) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over))
    merged[key] = Object.hasOwn(base, key) ? merge(base[key], value) : value;
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
