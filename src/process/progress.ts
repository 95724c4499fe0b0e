import type { Process } from "./process.ts";
import type { Runtime } from "./runtime.ts";

/** Work in many parts that a process waits for. */
export interface Progress {
  readonly process: Process;
  /** The function that was called, as it is written. */
  readonly label: string;
  /** How many parts are done, and how many there are, if that is known. */
  readonly done: number;
  readonly total: number | undefined;
  /** On the node's clock, in milliseconds. */
  readonly startedAt: number;
}

/** Told when work begins and when it ends; how far it is can be read at any time. */
export type ProgressListener = (event: "begin" | "end", progress: Progress) => void;

const listeners = new WeakMap<Runtime, Set<ProgressListener>>();

/** Watches the work of a node's processes, as the terminal does. Gives a function that ends it. */
export function watchProgress(runtime: Runtime, listener: ProgressListener): () => void {
  const watching = listeners.get(runtime) ?? new Set();
  listeners.set(runtime, watching);
  watching.add(listener);
  return () => {
    watching.delete(listener);
    if (watching.size === 0) listeners.delete(runtime);
  };
}

/** Work that is told of. */
export interface Told {
  /** One more part is done. */
  step(): void;
  end(): void;
}

/** Tells of work that begins. `undefined`, and nothing is counted, where nobody watches. */
export function tellProgress(process: Process, label: string, total: number | undefined): Told | undefined {
  const watching = listeners.get(process.runtime);
  if (watching === undefined) return undefined;
  const progress = { process, label, done: 0, total, startedAt: process.runtime.clock.now() };
  for (const listener of watching) listener("begin", progress);
  return {
    step: () => {
      progress.done++;
    },
    end: () => {
      for (const listener of watching) listener("end", progress);
    },
  };
}
