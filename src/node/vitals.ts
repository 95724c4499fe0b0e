import { current } from "../process/context.ts";
import type { Runtime } from "../process/runtime.ts";

/** How a node is, in a few numbers: cheap to ask for, so that many can be asked often. */
export interface Vitals {
  /** Since the node began, in milliseconds. */
  readonly uptime: number;
  readonly processes: number;
  /** The whole program's, in bytes: what the system gave it, and what its heap holds. Other nodes may live in it too. */
  readonly rss: number;
  readonly heapUsed: number;
  /** Milliseconds so far in which the program's event loop had work, and in which it had none. */
  readonly busy: number;
  readonly idle: number;
}

export function vitalsOf(runtime: Runtime): Vitals {
  const { rss, heapUsed } = process.memoryUsage();
  const { active, idle } = performance.eventLoopUtilization();
  return { uptime: runtime.uptime, processes: runtime.processes.size, rss, heapUsed, busy: active, idle };
}

/** Of the caller's node: what other nodes call. */
export function vitals(): Vitals {
  return vitalsOf(current().runtime);
}
