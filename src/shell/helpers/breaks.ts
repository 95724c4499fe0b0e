import { breakPointsOf } from "../break-points.ts";
import type { Helper } from "./context.ts";
import { print } from "./print.ts";

/** The break points. */
export const breaks: Helper = {
  name: "breaks",
  usage: ["breaks()"],
  doc: "Lists the break points of this node, each with its number and how many calls are to stop still.",
  make:
    ({ runtime }) =>
    () => {
      const points = breakPointsOf(runtime).list;
      if (points.length === 0) return print("No breakpoints set");
      const rows = points.map(({ id, module, fun, original, stops }) => [
        String(id),
        `${module}.${fun}/${String(original.length)}`,
        String(stops),
      ]);
      const head = ["ID", "Module.function/arity", "Pending stops"];
      const widths = head.map(
        (title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)) + 2,
      );
      const line = (cells: readonly string[]): string =>
        cells
          .map((cell, column) => ` ${cell}`.padEnd(widths[column] ?? 0))
          .join(" ")
          .trimEnd();
      return print(line(head), widths.map((width) => "-".repeat(width)).join(" "), ...rows.map(line));
    },
};
