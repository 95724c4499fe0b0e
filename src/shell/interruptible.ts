import { type Context, createContext, Script } from "node:vm";
import { hasCode, MoebiError } from "../term/error.ts";

let context: Context | undefined;
// Named as one of Node's own, so that stacks are shown without it.
const call = new Script("run()", { filename: "node:moebi" });

/**
 * Runs `run` so that Ctrl+C (SIGINT) stops it, even in an endless loop. Only for the main thread, and only for what runs
 * before it returns: the parts of an async function behind an `await` are out of reach.
 *
 * @throws MoebiError `"interrupted"` if it was stopped
 */
export function interruptible<T>(run: () => T): T {
  // The context only starts the function, which runs in its own realm: no global has to carry it over.
  context ??= createContext({});
  const before: unknown = context["run"];
  context["run"] = run;
  try {
    return call.runInContext(context, { breakOnSigint: true }) as T;
  } catch (error) {
    if (hasCode(error, "ERR_SCRIPT_EXECUTION_INTERRUPTED"))
      throw new MoebiError("interrupted", "Evaluation interrupted");
    throw error;
  } finally {
    context["run"] = before;
  }
}
