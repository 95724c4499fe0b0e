import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, createContext, type RunningScriptInNewContextOptions, Script } from "node:vm";
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
  const guarded = (): T => {
    signals(true);
    try {
      return run();
    } finally {
      signals(false);
    }
  };
  try {
    return guard(guarded, { breakOnSigint: true });
  } catch (error) {
    if (hasCode(error, "ERR_SCRIPT_EXECUTION_INTERRUPTED"))
      throw new MoebiError("interrupted", "Evaluation interrupted");
    throw error;
  } finally {
    // What is stopped runs no `finally` of its own.
    signals(false);
  }
}

/**
 * Runs `run` so that it is stopped, even in an endless loop, after `ms` milliseconds. For the same part of it as
 * {@link interruptible}.
 *
 * @throws MoebiError `"timeout"` if it was stopped
 */
export function within<T>(ms: number, run: () => T): T {
  try {
    return guard(run, { timeout: ms });
  } catch (error) {
    if (!hasCode(error, "ERR_SCRIPT_EXECUTION_TIMEOUT")) throw error;
    throw new MoebiError(
      "timeout",
      `Stopped after ${String(ms / 1000)} s without a pause, in which the node could do nothing else: await Process.yield() now and then, or compute in a Peer`,
    );
  }
}

function guard<T>(run: () => T, options: RunningScriptInNewContextOptions): T {
  // The context only starts the function, which runs in its own realm: no global has to carry it over.
  context ??= createContext({});
  const before: unknown = context["run"];
  context["run"] = run;
  try {
    // What is stopped leaves no `AsyncLocalStorage.run` of its own either: who runs then would be somebody else.
    return AsyncLocalStorage.snapshot()(() => call.runInContext(context as Context, options) as T);
  } finally {
    context["run"] = before;
  }
}
