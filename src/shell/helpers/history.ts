import { ArgumentError } from "../../term/error.ts";
import type { Helper } from "./context.ts";
import { print } from "./print.ts";

/** What was typed. */
export const history: Helper = {
  name: "history",
  usage: ["history()", "history(20)"],
  doc: "Lists the statements typed so far, in this session and earlier ones, or only the last n. Throws badarg if n is no count.",
  make:
    ({ entries }) =>
    (count = Infinity) => {
      if (typeof count !== "number" || !(count >= 0))
        throw new ArgumentError("history takes how many statements to list, or nothing for all");
      const all = entries();
      const first = Math.max(0, all.length - Math.floor(count));
      const cell = String(all.length).length;
      const lines = all.slice(first).map((entry, index) => {
        const number = String(first + index + 1).padStart(cell);
        return `${number}  ${entry.trimEnd().replaceAll("\n", `\n${" ".repeat(cell + 2)}`)}`;
      });
      return print(...lines);
    },
};
