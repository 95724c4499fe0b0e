import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Settings, SettingsStore } from "../shell/settings.ts";
import { configFolder } from "./config-folder.ts";

/** What a file of settings says; or what is wrong with it, and then nothing of it holds. */
export interface SettingsFile {
  readonly settings: Partial<Settings>;
  /** A sentence with the file and the setting. */
  readonly problem?: string;
}

/** Reads the settings of a person, `settings.json`. There need be no such file. Never throws: a prompt opens all the same. */
export function readSettings(path = join(configFolder(), "settings.json")): SettingsFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? { settings: {} } : wrong(`Can't read the settings in ${path}: ${message}`);
  }
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    return wrong(`The settings in ${path} are no JSON: ${(error as Error).message}`);
  }
  if (typeof settings !== "object" || settings === null || Array.isArray(settings))
    return wrong(`The settings in ${path} are no object such as { "editing": "vi" }`);
  try {
    new SettingsStore().configure(settings);
    return { settings };
  } catch (error) {
    return wrong(`${path}: ${(error as Error).message}`);
  }
}

function wrong(problem: string): SettingsFile {
  return { settings: {}, problem: `${problem}. The prompt has its default settings` };
}
