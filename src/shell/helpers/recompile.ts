import type { Helper } from "./context.ts";
import { loadedFiles, loadFile } from "./load-file.ts";

/** All files anew. */
export const recompile: Helper = {
  name: "recompile",
  usage: ["recompile()"],
  doc: 'Loads again every file that was loaded with c or -r. Gives "ok", "noop" if there is none. Throws as c does, at the first that is wrong.',
  make:
    ({ runtime }) =>
    async () => {
      const files = [...loadedFiles(runtime).keys()];
      for (const file of files) await loadFile(runtime, file);
      return files.length === 0 ? "noop" : "ok";
    },
};
