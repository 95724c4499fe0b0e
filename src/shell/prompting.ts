import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";

/** Which process evaluates what is typed at the prompt that was shown last. */
export class Prompting {
  /** `self()` at that prompt. */
  process: Process | undefined = undefined;
  onChange: (() => void) | undefined = undefined;

  shown(process: Process | undefined): void {
    if (process === this.process) return;
    this.process = process;
    this.onChange?.();
  }
}

const all = new WeakMap<Runtime, Prompting>();

/** Of a node: what is shown beside its prompt is about this process. */
export function promptingOf(runtime: Runtime): Prompting {
  let prompting = all.get(runtime);
  if (prompting === undefined) all.set(runtime, (prompting = new Prompting()));
  return prompting;
}
