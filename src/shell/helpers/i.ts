import type { Helper } from "./context.ts";
import { describe } from "./describe.ts";
import { print } from "./print.ts";

/** What a value is. */
export const i: Helper = {
  name: "i",
  usage: ["i(x)", "i()"],
  doc:
    "Prints what a value is: its type and details, for a process whether it lives, its name, links and mailbox, for a " +
    "node's name whether it is connected. Without an argument, of the last value. Throws if there is none.",
  make:
    ({ runtime, session }) =>
    (...given: readonly unknown[]) => {
      const value = given.length === 0 ? session().results.nth() : given[0];
      const lines = describe(runtime, value).flatMap(([title, text]) => [
        title,
        ...text.split("\n").map((line) => `  ${line}`),
      ]);
      return print(...lines);
    },
};
