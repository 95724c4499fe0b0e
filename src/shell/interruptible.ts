import { type Context, createContext, Script } from "node:vm";
import { hasCode, MoebiError } from "../term/error.ts";

let context: Context | undefined;
// Named as one of Node's own, so that stacks are shown without it.
const call = new Script("run()", { filename: "node:moebi" });

/**
 * Runs `run` so that Ctrl+C (SIGINT) stops it, even in an endless loop. Only for the main thread, and only for what runs
 * before it returns: the parts of an async function behind an `await` are out of reach.
 *
 * @param signals lets the terminal send SIGINT, or no longer. It does so only while `run` is guarded: Node takes our own
 *   listeners away to guard it, and a signal just before would end the program.
 * @throws MoebiError `"interrupted"` if it was stopped
 */
export function interruptible<T>(run: () => T, signals: (on: boolean) => void = () => undefined): T {
  // The context only starts the function, which runs in its own realm: no global has to carry it over.
  context ??= createContext({});
  const before: unknown = context["run"];
  context["run"] = () => {
    signals(true);
    try {
      return run();
    } finally {
      signals(false);
    }
  };
  try {
    return call.runInContext(context, { breakOnSigint: true }) as T;
  } catch (error) {
    if (hasCode(error, "ERR_SCRIPT_EXECUTION_INTERRUPTED"))
      throw new MoebiError("interrupted", "Evaluation interrupted");
    throw error;
  } finally {
    // What is stopped runs no `finally` of its own.
    signals(false);
    context["run"] = before;
  }
}
