import { awareOfSite, placeOf, type Site } from "../code/site.ts";
import { current } from "../process/context.ts";
import { cleanStack } from "../process/clean-stack.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import type { Pried } from "./pry-session.ts";

/** How {@link pry} ended: somebody looked, or the process was not stopped. */
export type PryResult = "ok" | readonly ["error", "refused" | "no_shell"];

/**
 * Stops here, for a person to look around: the process asks at its shell, that of the one who spawned it, on whichever
 * node that is, and waits. Allowed, it gives a prompt in which the variables of the function can be read and assigned and
 * `this` is its `this`; `whereami()` shows the lines around, `continue()` or Ctrl+D goes on. Other processes go on
 * meanwhile. To be awaited: a function that is not async goes on, with its variables shown as they become.
 *
 * Code that was typed, loaded by `c()` or `-r`, or sent shows all variables; that of a program those it names:
 * `await pry({ order, total })`.
 *
 * Gives `"ok"` when the person has left the prompt, `["error", "refused"]` if they don't want it, and
 * `["error", "no_shell"]`, with a warning in the log, where nobody can be asked: in a script, behind a pipe, in a program
 * without a shell, if the shell's node is gone. Fails with `noprocess` outside a process, with `badarg` if the variables
 * are no object.
 *
 * ```ts
 * const total = 42;
 * await pry({ total }); // ["error", "no_shell"]
 * ```
 */
export function pry(variables: Readonly<Record<string, unknown>> = {}): Promise<PryResult> {
  return pryAt(siteOfCompiled(new Error()), variables);
}

awareOfSite(
  pry,
  (site) =>
    (variables: Readonly<Record<string, unknown>> = {}) =>
      pryAt(site, variables),
);

/** As {@link pry}, of what stands at a site. Where the process has no shell, that at `leader` is asked. */
export async function pryAt(
  site: Site,
  variables: Readonly<Record<string, unknown>>,
  leader?: Pid,
): Promise<PryResult> {
  const process = current();
  if (typeof variables !== "object" || (variables as unknown) === null)
    throw new ArgumentError(`pry takes an object of variables, as in pry({ name }), not ${inspect(variables)}`);
  const pried: Pried = { process, site, variables, stack: cleanStack(new Error()) };
  const { openPry } = await import("./pry-session.ts");
  let result = await openPry(pried, process.leader);
  if (result[1] === "no_shell" && leader !== undefined && leader !== process.leader)
    result = await openPry(pried, leader);
  if (result !== "ok" && result[1] === "no_shell") {
    const { runtime, pid } = process;
    runtime.log("warning", `Cannot pry ${inspect(pid)} at ${placeOf(site)}: there is no shell to ask`);
  }
  return result;
}

/** Of compiled code nothing is known but the line, which its stack tells. */
export function siteOfCompiled(error: Error): Site {
  const [frame] = cleanStack(error);
  const { file = "a program", line = 0, fun } = frame ?? {};
  return { file, line, source: "", firstLine: 1, fun, argument: "", self: nothing, locals: {}, scope: undefined };
}

const nothing = (): undefined => undefined;
