import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import {
  checkConfiguration,
  type Configuration,
  type Environment,
  environmentName,
  mergeConfiguration,
} from "../otp/config.ts";
import { importFile } from "../shell/helpers/load-file.ts";
import { ArgumentError } from "../term/error.ts";

/**
 * Reads a configuration: a JSON file, or a TypeScript or JavaScript one whose default export is the configuration, or a
 * function of `{ env }` that gives it. What a file of the same name with the environment in it says (`config.prod.ts`
 * beside `config.ts`) goes on top.
 *
 * Throws `badarg` with the file and the place of what is wrong, and what the file throws itself.
 */
export async function readConfig(path: string, env: Environment = environmentName()): Promise<Configuration> {
  if (!existsSync(path)) throw new ArgumentError(`There is no configuration file ${path}`);
  const base = await readOne(path, env);
  const extension = extname(path);
  const special = `${path.slice(0, path.length - extension.length)}.${env}${extension}`;
  return existsSync(special) ? mergeConfiguration(base, await readOne(special, env)) : base;
}

async function readOne(path: string, env: Environment): Promise<Configuration> {
  const value = extname(path) === ".json" ? readJson(path) : (await importFile(path))["default"];
  if (value === undefined)
    throw new ArgumentError(`${path} has no default export: export default { app: { key: value } }`);
  return checkConfiguration(
    typeof value === "function" ? await (value as (about: object) => unknown)({ env }) : value,
    path,
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch (error) {
    throw new ArgumentError(`${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
