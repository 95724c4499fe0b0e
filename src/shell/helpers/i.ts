import type { Helper } from "./context.ts";
import { lastShown } from "./last-shown.ts";
import { current } from "../../process/context.ts";
import type { Runtime } from "../../process/runtime.ts";
import { describe } from "./describe.ts";
import { inquire } from "./inquire.ts";
import { print, width } from "./print.ts";
import { indented } from "../doc-page.ts";

/** What a value is. */
export const i: Helper = {
  name: "i",
  usage: ["i(x)", "i()"],
  doc:
    "Prints what a value is: its type and details, for a process whether it lives, its name, links and mailbox, for a " +
    "node's name whether it is connected, how far it is and what it holds. Other nodes are asked, for a second at most, " +
    "if they are connected. Without an argument, of the last value. Throws if there is none.",
  make:
    ({ runtime, session }) =>
    async (...given: readonly unknown[]) => {
      const value = given.length === 0 ? lastShown(session().results) : given[0];
      return print(...(await infoLines(runtime, value, await width())));
    },
};

/** What is said of a value, as lines that are not yet safe to print. In a process. */
export async function infoLines(runtime: Runtime, value: unknown, columns: number): Promise<string[]> {
  const asked = await inquire(current(), value);
  const said = new Set(asked.map(([title]) => title));
  const details = [...describe(runtime, value).filter(([title]) => !said.has(title)), ...asked];
  return details.flatMap(([title, text]) => [
    title,
    // How a value is printed stays as it is; sentences and lists are filled.
    ...(title === "Term" || title === "State"
      ? text.split("\n").map((line) => `  ${line}`)
      : indented(text, { columns })),
  ]);
}
