import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DEFAULT_SETTINGS, SETTING_NAMES, type Settings, SettingsStore } from "../shell/settings.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { configFolder } from "./config-folder.ts";

/** What a file of settings says; or what is wrong with it, and then nothing of it holds. */
export interface SettingsFile {
  readonly settings: Partial<Settings>;
  /** A sentence with the file and the setting. */
  readonly problem?: string;
}

/** JSON has no number for it. */
const INFINITY = "Infinity";

/** Where the settings of a person are. */
export function settingsPath(): string {
  return join(configFolder(), "settings.json");
}

/** Reads the settings of a person, `settings.json`. There need be no such file. Never throws: a prompt opens all the same. */
export function readSettings(path = settingsPath()): SettingsFile {
  try {
    const settings = settingsIn(readObject(path) ?? {});
    new SettingsStore().configure(settings);
    return { settings };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === "badarg" && !message.includes(path) ? `${path}: ${message}` : message;
    return { settings: {}, problem: `${problem}. The prompt has its default settings` };
  }
}

/**
 * Writes settings into `settings.json`: those that the file has already, and those that are not what they are without
 * it. What else it holds stays. It is replaced as a whole, so that there is never half of one. Gives what to say of it.
 * Throws `badarg` where the file can't be read as settings, which is then left as it is, and what the system says of one
 * that can't be written.
 */
export function saveSettings(settings: Settings, path = settingsPath()): string {
  const kept = readObject(path) ?? {};
  const values = new Map(Object.entries(kept));
  for (const name of SETTING_NAMES) {
    const value = settings[name];
    if (values.has(name) || inspect(value) !== inspect(DEFAULT_SETTINGS[name]))
      values.set(name, value === Infinity ? INFINITY : value);
  }
  replaceFile(path, `${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`);
  const unknown = [...values.keys()].find((name) => !isSetting(name));
  if (unknown === undefined) return `Saved to ${path}`;
  return `Saved to ${path}, which is not read until "${unknown}" is taken out: there is no such setting`;
}

function isSetting(name: string): boolean {
  return (SETTING_NAMES as readonly string[]).includes(name);
}

/** The object that a file holds, `undefined` if there is no file. Throws `badarg` for what is none. */
function readObject(path: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new ArgumentError(`Can't read the settings in ${path}: ${message}`);
  }
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    throw new ArgumentError(`The settings in ${path} are no JSON: ${(error as Error).message}`);
  }
  if (typeof settings !== "object" || settings === null || Array.isArray(settings))
    throw new ArgumentError(`The settings in ${path} are no object such as { "editing": "vi" }`);
  return settings as Record<string, unknown>;
}

function settingsIn(read: Record<string, unknown>): Partial<Settings> {
  const numbers: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  return Object.fromEntries(
    Object.entries(read).map(([name, value]) => [
      name,
      value === INFINITY && typeof numbers[name] === "number" ? Infinity : value,
    ]),
  );
}

/** Puts a file with this text where `path` leads, which may be a link to it, in the place of what is there. */
function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const [target, mode] = existing(path) ?? [path, 0o666];
  const beside = `${target}.${String(process.pid)}.tmp`;
  try {
    const file = openSync(beside, "w", mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function existing(path: string): readonly [target: string, mode: number] | undefined {
  try {
    const target = realpathSync(path);
    return [target, statSync(target).mode & 0o777];
  } catch {
    return undefined;
  }
}
