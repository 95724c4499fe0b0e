import { placeOf } from "../../code/site.ts";
import { frameText } from "../../process/format-exit.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { linesAround } from "../lines-around.ts";
import type { Helper } from "./context.ts";
import { print } from "./print.ts";

/** Where a process waits that is looked into. */
export const whereami: Helper = {
  name: "whereami",
  usage: ["whereami()", "whereami(10)"],
  doc:
    "Shows where the process waits that pry() or a break point has stopped: the place, so many lines before and after it, 2 " +
    "unless told, and how it came there. Throws badarg for what is no number of lines.",
  make:
    ({ pried }) =>
    (radius: unknown = 2) => {
      if (typeof radius !== "number" || !Number.isInteger(radius) || radius < 0)
        throw new ArgumentError(`whereami takes a number of lines, not ${inspect(radius)}`);
      if (pried === undefined) return print("No process is looked into: pry() and break points stop one");
      const { site, stack } = pried;
      const frames = stack.map((frame) => `    ${frameText(frame)}`);
      const lines = linesAround(site, radius);
      return print(
        `Location: ${placeOf(site)}`,
        ...(lines.length === 0 ? [] : ["", ...lines]),
        ...(frames.length === 0 ? [] : ["", ...frames]),
        "",
      );
    },
};
