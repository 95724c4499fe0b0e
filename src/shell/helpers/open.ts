import { ask } from "../../io/ask.ts";
import { current } from "../../process/context.ts";
import { ArgumentError, hasCode } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { sourceOf } from "../source-of.ts";
import type { Helper } from "./context.ts";
import { nameOf } from "./documentation.ts";
import { print } from "./print.ts";
import { namedValue, whereIs } from "./source.ts";

/** Something in its file. */
export const open: Helper = {
  name: "open",
  usage: ["open(Kate.sayName)", 'open("Kate")'],
  doc:
    "Opens the file that a function, class or module was loaded from in the editor, $VISUAL or $EDITOR, at its line. An editor " +
    "that wants it otherwise is told so in the command: myedit --at __LINE__ __FILE__. Throws badarg for what came from no file, " +
    "and where there is no terminal of this node's own, as in a shell of another node.",
  make: (context) => async (about: unknown) => {
    const { runtime } = context;
    const value = namedValue(context, about, "open");
    const found = sourceOf(runtime, value);
    const name = nameOf(runtime, value);
    if (found?.file === undefined || !found.isFile) {
      const where = found?.file === undefined ? "" : `; it was typed, at ${whereIs(found)}`;
      throw new ArgumentError(
        `${name ?? inspect(value)} came from no file${where}: source() shows what is known of it`,
      );
    }
    const process = current();
    let problem: unknown;
    try {
      problem = await ask(process, process.leader, ["edit", found.file, found.line]);
    } catch (error) {
      if (hasCode(error, "eacces"))
        throw new ArgumentError(
          `${whereIs(found)} is a file of ${runtime.name}, which only a terminal of that node opens`,
        );
      if (!hasCode(error, "enotsup") && !hasCode(error, "request")) throw error;
      throw new ArgumentError(`There is no terminal to edit ${whereIs(found)} at`);
    }
    if (problem !== "ok") return print(String(problem));
    const module =
      name === undefined ? undefined : runtime.modules.get(name) === value ? name : name.replace(/\.[^.]*$/u, "");
    return print(module === undefined ? `c(${JSON.stringify(found.file)}) loads it` : `r(${module}) loads it`);
  },
};
