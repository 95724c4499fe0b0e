import { ask } from "../../io/ask.ts";
import { current } from "../../process/context.ts";
import { hasCode, MoebiError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { Helper } from "./context.ts";
import { lastShown } from "./last-shown.ts";
import { print } from "./print.ts";

/** Puts a value where it can be pasted from. */
export const copy: Helper = {
  name: "copy",
  usage: ["copy()", "copy(x)"],
  doc:
    "Puts a value into the clipboard of the terminal, by default the last: text as it is, anything else as it is printed. " +
    "Most terminals allow it (OSC 52). Fails with enotsup where there is no terminal, and throws if there is no last value.",
  make:
    ({ session }) =>
    async (...given: readonly unknown[]) => {
      const value = given.length === 0 ? lastShown(session().results) : given[0];
      const text =
        typeof value === "string"
          ? value
          : inspect(value, { depth: Infinity, maxItems: Infinity, maxStringLength: Infinity });
      const process = current();
      const note = await ask(process, process.leader, ["copy", "unicode", text]).catch((error: unknown) => {
        if (!hasCode(error, "enotsup")) throw error;
        throw new MoebiError("enotsup", "There is no clipboard: only a terminal that knows escape sequences has one");
      });
      const count = [...text].length;
      const hint = typeof note === "string" && note !== "ok" ? `; ${note}` : "";
      return print(`Copied ${String(count)} character${count === 1 ? "" : "s"}${hint}`);
    },
};
