import { readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { hasCode } from "../../term/error.ts";
import type { Helper } from "./context.ts";
import { fullPath } from "./full-path.ts";
import { columns, print, width } from "./print.ts";

/** What is in a directory. */
export const ls: Helper = {
  name: "ls",
  usage: ["ls()", 'ls("src")'],
  doc: "Lists a directory, by default the one the program is in; directories end with /. Says so if there is none.",
  make:
    () =>
    async (path = ".") => {
      const directory = fullPath(path);
      try {
        if (!statSync(directory).isDirectory()) return await print(directory);
        const entries = readdirSync(directory, { withFileTypes: true });
        const names = entries.map((entry) =>
          entry.isDirectory() || leadsToDirectory(directory, entry.name) ? `${entry.name}/` : entry.name,
        );
        return await print(...columns(names.sort(), await width()));
      } catch (error) {
        if (hasCode(error, "ENOENT")) return print(`No such file or directory ${path}`);
        return print(`${path} can't be listed: ${(error as Error).message}`);
      }
    },
};

function leadsToDirectory(directory: string, name: string): boolean {
  return statSync(resolve(directory, name), { throwIfNoEntry: false })?.isDirectory() === true;
}
