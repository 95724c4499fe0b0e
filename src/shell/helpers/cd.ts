import { hasCode } from "../../term/error.ts";
import type { Helper } from "./context.ts";
import { fullPath } from "./full-path.ts";
import { print } from "./print.ts";

/** Another directory. */
export const cd: Helper = {
  name: "cd",
  usage: ['cd("src")'],
  doc: "Goes to a directory and prints where that is. The whole program goes there, every node in it included. Says so if there is none.",
  make: () => async (path: string) => {
    const directory = fullPath(path);
    try {
      process.chdir(directory);
    } catch (error) {
      const missing = hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR");
      return print(missing ? `No directory ${path}` : `${path} can't be entered: ${(error as Error).message}`);
    }
    return print(process.cwd());
  },
};
