import { ask } from "../../io/ask.ts";
import { IO } from "../../io/io.ts";
import { current } from "../../process/context.ts";
import { inspect } from "../../term/inspect.ts";
import type { Helper } from "./context.ts";
import { lastShown } from "./last-shown.ts";
import { PRINTED, width } from "./print.ts";

/** All of a value, page by page. */
export const more: Helper = {
  name: "more",
  usage: ["more()", "more(x)"],
  doc:
    "Shows all of a value, by default of the last, page by page where there is a terminal: space and b turn pages, / " +
    "searches, q leaves. Nothing of it is left out. Throws if there is no last value.",
  make:
    ({ session, colors }) =>
    async (...given: readonly unknown[]) => {
      const value = given.length === 0 ? lastShown(session().results) : given[0];
      const text = inspect(value, {
        depth: Infinity,
        maxItems: Infinity,
        maxStringLength: Infinity,
        custom: true,
        breakLength: Math.min(80, await width()),
        colors: colors?.() ?? false,
      });
      const process = current();
      try {
        await ask(process, process.leader, ["page", "unicode", text]);
      } catch {
        // A leader without pages, such as another version's.
        await IO.write(`${text}\n`);
      }
      return PRINTED;
    },
};
