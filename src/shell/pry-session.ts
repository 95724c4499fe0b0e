/** The prompt that looks into a process: a shell of its node, for whoever is at the terminal of its group leader. */
import { environmentOf } from "../code/environment.ts";
import { declareAccess } from "../code/runtime.ts";
import { placeOf, type Site } from "../code/site.ts";
import { pryingAt, signalsAt } from "../io/group.ts";
import { ask } from "../io/ask.ts";
import type { PryAllowed } from "../io/io-protocol.ts";
import { localNodeOf } from "../node/local-node.ts";
import type { StackFrame } from "../process/clean-stack.ts";
import { runAs } from "../process/context.ts";
import { DeadProcessError } from "../process/exit.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { terminate } from "../process/terminate.ts";
import { hasCode } from "../term/error.ts";
import type { Pid } from "../term/pid.ts";
import { attend, AT_MOST_MS } from "./attended.ts";
import { isEvaluator } from "./evaluator.ts";
import { linesAround } from "./lines-around.ts";
import type { PryResult } from "./pry.ts";
import { Shell } from "./server.ts";

/** A process that waits to be looked into. */
export interface Pried {
  readonly process: Process;
  readonly site: Site;
  /** What it names itself, in front of what the site has. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** How it came there. */
  readonly stack: readonly StackFrame[];
}

/**
 * Asks at a group leader, and if it is allowed gives the prompt there. Settles when the process may go on; rejects with
 * `dead` if it exits before.
 */
export function openPry(pried: Pried, leader: Pid): Promise<PryResult> {
  const { process } = pried;
  const { runtime } = process;
  const { promise, resolve, reject } = Promise.withResolvers<PryResult>();
  const session = runtime.spawn(
    async () => {
      try {
        resolve(await serve(session, pried, leader));
      } catch (error) {
        if (!session.alive) return;
        if (hasCode(error, "terminated") || hasCode(error, "enotsup") || hasCode(error, "request"))
          resolve(["error", "no_shell"]);
        else reject(error);
      }
    },
    { leader, initialCall: "Shell.pry/1" },
  );
  const died = (reason: unknown): void => {
    promise.catch(() => undefined);
    reject(new DeadProcessError());
    terminate(session, reason);
  };
  monitor(session, process.pid, {}, { onDown: died });
  return promise;
}

async function serve(session: Process, pried: Pried, leader: Pid): Promise<PryResult> {
  const { process, site } = pried;
  const { runtime } = process;
  const own = isEvaluator(process) || pryingAt(runtime, leader)?.pried === process.pid;
  const about = { pid: process.pid, at: placeOf(site), lines: linesAround(site, 3).join("\n"), own };
  const answer = await ask(session, leader, ["pry", about]);
  if (!Array.isArray(answer)) return ["error", "refused"];
  const { colors } = (answer as unknown as PryAllowed)[1];
  const signals = signalsAt(runtime, leader);
  const shell = new Shell({
    runtime,
    scope: site.scope ?? scopeOf(process),
    leader,
    colors,
    signals,
    atMost: signals === undefined ? AT_MOST_MS : undefined,
    pried: { ...pried, frame: frameOf(pried), own: isEvaluator(process) },
  });
  return (await attend(session, shell)) === undefined ? ["error", "no_shell"] : "ok";
}

function scopeOf({ runtime }: Process): object {
  const node = localNodeOf(runtime);
  if (node === undefined) throw new TypeError("A process that is looked into is a node's");
  return node.scope;
}

/** What can be read and assigned: what was named, the variables of the functions around, and those of the session or what was captured. */
function frameOf({ process, site, variables }: Pried): object {
  const frame = {};
  const { scope } = site;
  const as = <T>(work: () => T): T => {
    try {
      return runAs(process, work);
    } catch (error) {
      // The frames would be those of what reads and assigns, which nobody wrote.
      if (error instanceof Error) error.stack = `${error.name}: ${error.message}`;
      throw error;
    }
  };
  if (scope !== undefined) {
    for (const name of Object.getOwnPropertyNames(environmentOf(scope) === undefined ? {} : scope))
      declareAccess(frame, name, [
        () => (scope as Record<string, unknown>)[name],
        (value: unknown) => Reflect.set(scope, name, value),
      ]);
  }
  for (const [name, [read, assign]] of Object.entries(site.locals))
    declareAccess(frame, name, [() => as(read), (value) => as(() => assign(value))]);
  for (const name of Object.keys(variables)) {
    declareAccess(frame, name, [() => variables[name], (value: unknown) => Reflect.set(variables, name, value)]);
  }
  return frame;
}
