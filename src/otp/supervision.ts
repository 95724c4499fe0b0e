import { isPid, type Pid } from "../term/pid.ts";
import { termKey } from "../term/term-key.ts";
import { isQuiet } from "../process/exit.ts";
import type { FullSpec } from "./child-spec.ts";
import { RestartIntensity } from "./restart-intensity.ts";
import type { SupervisorFlags } from "./supervisor-flags.ts";

/** What runs under a spec: a process, nothing, or nothing yet, as a start that failed is about to be tried again. */
export type Running = Pid | "undefined" | "restarting";

export interface Supervised {
  readonly spec: FullSpec;
  running: Running;
}

/** What a supervisor is to do next. */
export type Effect =
  | {
      readonly do: "report";
      readonly context: "terminated" | "caused shutdown";
      readonly spec: FullSpec;
      readonly pid?: Pid;
      readonly reason: unknown;
    }
  /** End them one after another, each when the former is gone, and call {@link Supervision.stopped}. */
  | { readonly do: "stop"; readonly children: readonly Supervised[] }
  /**
   * Start them one after another, and call {@link Supervision.started}; after one that fails no more, but
   * {@link Supervision.startFailed}.
   */
  | { readonly do: "start"; readonly children: readonly Supervised[] }
  /** Call {@link Supervision.retry}, after whatever else waits to be done. */
  | { readonly do: "retry"; readonly child: Supervised }
  /** End, with `shutdown`. */
  | { readonly do: "shutdown" };

/**
 * What a supervisor knows of its children, in the order in which they are started, and what it decides when one ends.
 * It does nothing itself.
 */
export class Supervision {
  readonly flags: SupervisorFlags;
  private readonly byId = new Map<unknown, Supervised>();
  private readonly intensity: RestartIntensity;

  constructor(flags: SupervisorFlags) {
    this.flags = flags;
    this.intensity = new RestartIntensity(flags.maxRestarts, flags.maxSeconds);
  }

  /** All children, the first to be started first. */
  get children(): readonly Supervised[] {
    return [...this.byId.values()];
  }

  find(id: unknown): Supervised | undefined {
    return this.byId.get(termKey(id));
  }

  /** Adds a child as the last; one that is there already, by its id, must not be added. */
  add(spec: FullSpec): Supervised {
    const child: Supervised = { spec, running: "undefined" };
    this.byId.set(termKey(spec.id), child);
    return child;
  }

  delete({ spec }: Supervised): void {
    this.byId.delete(termKey(spec.id));
  }

  /** A child runs now, or, without a pid, does not want to. */
  started(child: Supervised, pid: Pid | undefined): void {
    if (pid === undefined) this.stopped(child);
    else child.running = pid;
  }

  /** A child has been ended on purpose. A temporary one is forgotten with that. */
  stopped(child: Supervised): void {
    child.running = "undefined";
    if (child.spec.restart === "temporary") this.delete(child);
  }

  /** The start of a child that is to be restarted has failed: it is tried again. */
  startFailed(child: Supervised): Effect[] {
    child.running = "restarting";
    return [{ do: "retry", child }];
  }

  /** A child has ended by itself, at `now` in milliseconds. */
  ended(child: Supervised, reason: unknown, now: number): Effect[] {
    const { spec, running } = child;
    const quiet = isQuiet(reason);
    const report: Effect = {
      do: "report",
      context: "terminated",
      spec,
      reason,
      ...(isPid(running) && { pid: running }),
    };
    if (spec.restart === "permanent" || (spec.restart === "transient" && !quiet)) {
      return [report, ...this.restart(child, now)];
    }
    this.stopped(child);
    const effects = quiet ? [] : [report];
    return this.endsWith(child) ? [...effects, { do: "shutdown" }] : effects;
  }

  /** A start that failed is tried again, and counts as one more restart; unless somebody ended the child meanwhile. */
  retry(child: Supervised, now: number): Effect[] {
    return child.running === "restarting" ? this.restart(child, now) : [];
  }

  private restart(child: Supervised, now: number): Effect[] {
    const { spec } = child;
    child.running = "undefined";
    if (!this.intensity.add(now)) {
      return [
        { do: "report", context: "caused shutdown", spec, reason: "reached_max_restart_intensity" },
        { do: "shutdown" },
      ];
    }
    const affected = this.affectedBy(child);
    return [
      { do: "stop", children: affected.filter(({ running }) => isPid(running)).reverse() },
      // A temporary one is only ended.
      { do: "start", children: affected.filter((other) => other === child || other.spec.restart !== "temporary") },
    ];
  }

  /** The children that are started again with this one, itself included, in order. */
  private affectedBy(child: Supervised): readonly Supervised[] {
    const { children } = this;
    switch (this.flags.strategy) {
      case "oneForOne":
        return [child];
      case "restForOne":
        return children.slice(children.indexOf(child));
      case "oneForAll":
        return children;
    }
  }

  private endsWith({ spec }: Supervised): boolean {
    const { autoShutdown } = this.flags;
    if (autoShutdown === "never" || !spec.significant) return false;
    return (
      autoShutdown === "anySignificant" ||
      !this.children.some((other) => other.spec.significant && other.running !== "undefined")
    );
  }
}
