import { nameOfModule } from "../../process/modules.ts";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { breakPointsOf } from "../break-points.ts";
import type { Helper } from "./context.ts";

/** No more break points. */
export const removeBreaks: Helper = {
  name: "removeBreaks",
  usage: ["removeBreaks()", "removeBreaks(Kate)"],
  doc: 'Removes all break points of this node, or those of a module. Gives "ok". Throws badarg for what is no module.',
  make:
    ({ runtime }) =>
    (...given: readonly unknown[]) => {
      const [module] = given;
      if (
        given.length > 0 &&
        ((typeof module !== "object" && typeof module !== "function" && typeof module !== "string") || module === null)
      )
        throw new ArgumentError(`removeBreaks takes a module or its name, not ${inspect(module)}`);
      breakPointsOf(runtime).remove(given.length === 0 ? undefined : nameOfModule(module as object | string));
      return "ok";
    },
};
