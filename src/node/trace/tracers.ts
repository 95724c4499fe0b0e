import type { Destination } from "../../process/destination.ts";
import type { Process } from "../../process/process.ts";
import type { Runtime } from "../../process/runtime.ts";
import type { ProcessEvent, Tracer } from "../../process/tracer.ts";

/** One who traces processes of a node: whom, and what is told of them. */
export interface TraceListener {
  /** Whether this process is traced by now. Asked for each message of each process: it has to be quick. */
  traces(process: Process): boolean;
  received(process: Process, message: unknown): void;
  sent(process: Process, to: Destination, message: unknown): void;
  happened(process: Process, event: ProcessEvent): void;
}

/** All who trace processes of one node. The node has a tracer as long as there is one. */
class Tracers implements Tracer {
  readonly listeners = new Set<TraceListener>();

  received(process: Process, message: unknown): void {
    for (const listener of this.listeners) if (listener.traces(process)) listener.received(process, message);
  }

  sent(process: Process, to: Destination, message: unknown): void {
    for (const listener of this.listeners) if (listener.traces(process)) listener.sent(process, to, message);
  }

  happened(process: Process, event: ProcessEvent): void {
    // A name that is given may be the one that a listener waits for: all are asked.
    for (const listener of this.listeners) listener.happened(process, event);
  }
}

const tracers = new WeakMap<Runtime, Tracers>();

/** Has a listener told of processes of a node. Gives a function that ends it. */
export function listenToProcesses(runtime: Runtime, listener: TraceListener): () => void {
  const all = tracers.get(runtime) ?? new Tracers();
  tracers.set(runtime, all);
  all.listeners.add(listener);
  runtime.tracer = all;
  return () => {
    all.listeners.delete(listener);
    if (all.listeners.size === 0) runtime.tracer = undefined;
  };
}
