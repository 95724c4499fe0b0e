import { writeFileSync } from "node:fs";
import { ArgumentError } from "../../term/error.ts";
import { isSecret } from "../secret.ts";
import type { Helper } from "./context.ts";
import { fullPath } from "./full-path.ts";

interface SaveOptions {
  readonly overwrite?: boolean;
}

/** What was typed, as a script. */
export const save: Helper = {
  name: "save",
  usage: ['save("session.ts")', 'save("session.ts", { overwrite: true })'],
  doc:
    "Writes the statements of this session that succeeded into a file, to be run again by moebi session.ts, or at the " +
    "start of a prompt, with what they declare, by --dot-moebi session.ts. Gives how many there are. Statements that set " +
    "a cookie or begin with a space are left out. Throws badarg if the file is there, unless it is to be overwritten, " +
    "and if it can't be written.",
  make:
    ({ succeeded = () => [] }) =>
    (file: string, { overwrite = false }: SaveOptions = {}) => {
      const path = fullPath(file);
      // As in the history, a space before a statement keeps it off the disk.
      const statements = succeeded().filter((statement) => !isSecret(statement) && !statement.startsWith(" "));
      try {
        const text = statements.map((statement) => `${statement}\n`).join("");
        writeFileSync(path, text, { mode: 0o600, flag: overwrite ? "w" : "wx" });
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        const cause = code === "EEXIST" ? `it is there already; save("…", { overwrite: true }) replaces it` : message;
        // The error's own words are in it.
        throw new ArgumentError(`Can't save into ${path}: ${cause}`);
      }
      return statements.length;
    },
};
