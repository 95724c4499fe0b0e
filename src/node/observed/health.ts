/** How the program of a node is, beyond its {@link Vitals}: measured while it is observed. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Runtime } from "../../process/runtime.ts";
import type { Health } from "./types.ts";

/** The event loop's delay is looked at so often, in milliseconds: a timer that is this late is a delay of as much. */
const RESOLUTION_MS = 20;
/** Delays are those of this time, so that two who observe don't take each other's. */
const WINDOW_MS = 900;

export class HealthMeter {
  private readonly runtime: Runtime;
  private readonly histogram: ReturnType<typeof monitorEventLoopDelay>;
  private since: number;
  private delay: Health["delay"] = { median: 0, most: 0 };

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.since = runtime.uptime;
    this.histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.histogram.enable();
  }

  look(): Health {
    const { runtime } = this;
    if (runtime.uptime - this.since >= WINDOW_MS) {
      this.since = runtime.uptime;
      this.delay = { median: delayOf(this.histogram.percentile(50)), most: delayOf(this.histogram.max) };
      this.histogram.reset();
    }
    const { user, system } = process.cpuUsage();
    const { external, arrayBuffers } = process.memoryUsage();
    return {
      ...{ delay: this.delay, user: user / 1000, system: system / 1000 },
      ...{ heapLimit: getHeapStatistics().heap_size_limit, external, arrayBuffers },
      ...{ names: runtime.names.size, pid: process.pid },
    };
  }

  stop(): void {
    this.histogram.disable();
  }
}

/** The histogram has, in nanoseconds, how long the timer took; 0 as long as it never ran. */
function delayOf(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}
