/** The work that was begun at the prompts of a node and would end with it. */
import { controllerOf } from "../otp/application-controller.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { isEvaluator, wasEvaluator } from "./evaluator.ts";

/**
 * How many processes run that were started at prompts whose terminal is this node's: here, by whatever they started in
 * turn, and those on other nodes that are linked to one of them. It asks nobody. What an application, the library or
 * another node has started is not counted. Of a process whose parent is gone nobody knows who began it: it counts where no
 * application runs.
 */
export function startedHere(runtime: Runtime): number {
  const known = new Map<Process, boolean>();
  const orphans = controllerOf(runtime).started.length === 0;
  const ofPrompt = (process: Process): boolean => {
    if (isEvaluator(process)) return true;
    const before = known.get(process);
    if (before !== undefined) return before;
    const { parent } = process;
    const found = parent && runtime.find(parent);
    const answer = parent !== undefined && (wasEvaluator(parent) || (found === undefined ? orphans : ofPrompt(found)));
    known.set(process, answer);
    return answer;
  };
  let count = 0;
  for (const process of runtime.processes.values()) {
    if (!runtime.isLocal(process.leader) || !ofPrompt(process)) continue;
    if (!isEvaluator(process)) count++;
    for (const link of process.links?.values() ?? []) if (link.active && link.spawnedThere === true) count++;
  }
  return count;
}
