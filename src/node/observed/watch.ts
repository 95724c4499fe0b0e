import type { NodeName } from "../../term/pid.ts";
import type { Level, LogEntry } from "../../process/log.ts";
import type { Process } from "../../process/process.ts";
import type { Runtime } from "../../process/runtime.ts";
import { terminate } from "../../process/terminate.ts";
import { loggerOf } from "../../otp/logger/state.ts";
import { connectionsOf } from "../node-module.ts";
import { Estimates } from "./estimates.ts";
import { HealthMeter } from "./health.ts";
import { type Measured, measured } from "./measured.ts";
import { Sample } from "./process-table.ts";
import type { EventReport, ObservedEvent } from "./types.ts";

/** A node that nobody asked for so long is not observed any more, and nothing of it is left. */
const IDLE_MS = 30_000;
/** How often a peer is measured at most, and how long it has for its answer. */
const MEASURE_MS = 2000;
const PATIENCE_MS = 2000;
const MOST_EVENTS = 500;
const MOST_TEXT = 2000;

interface Measure {
  latest: Measured | undefined;
  begun: number;
  running: boolean;
}

const watches = new WeakMap<Runtime, Watch>();

/** What is kept of a node while it is observed; made by the first who asks. */
export function watchOf(runtime: Runtime): Watch {
  let watch = watches.get(runtime);
  if (watch === undefined) {
    watches.set(runtime, (watch = new Watch(runtime, () => watches.delete(runtime))));
  }
  watch.asked();
  return watch;
}

/** Whether a node is being observed, for tests. */
export function isWatched(runtime: Runtime): boolean {
  return watches.has(runtime);
}

/** Events, round trips and rates need a memory that outlives one question. It ends by itself when the questions do. */
export class Watch {
  readonly estimates = new Estimates();
  readonly health: HealthMeter;
  private readonly runtime: Runtime;
  private readonly process: Process;
  private readonly measures = new Map<NodeName, Measure>();
  private readonly events: ObservedEvent[] = [];
  private readonly stops: (() => void)[] = [];
  private readonly id = Math.floor(Math.random() * 2 ** 31);
  private current: Sample | undefined;
  private nextId = 1;
  private timer: unknown;

  constructor(runtime: Runtime, onEnd: () => void) {
    this.runtime = runtime;
    this.health = new HealthMeter(runtime);
    this.stops.push(() => this.health.stop());
    // Measures are calls, and calls are made by a process.
    this.process = runtime.spawn(() => new Promise(() => undefined), { initialCall: "Moebi.Observed/0" });
    const events = connectionsOf(runtime)?.events;
    if (events !== undefined) {
      this.stops.push(
        events.listen((event, { name }, reason) => {
          if (event === "nodedown") this.measures.delete(name);
          const why = reason === undefined ? "" : ` (${reason})`;
          this.add(
            event,
            event === "nodeup" ? "info" : "warning",
            `${name} ${event === "nodeup" ? "up" : "down"}${why}`,
          );
        }),
      );
    }
    const logger = loggerOf(runtime);
    const handler = `observer-${String(this.id)}`;
    logger.addHandler(handler, { log: (entry) => this.logged(entry) });
    this.stops.push(() => void logger.removeHandler(handler), onEnd);
    this.process.signal.addEventListener("abort", () => this.end(), { once: true });
  }

  /** Somebody asks: it goes on. */
  asked(): void {
    const { clock } = this.runtime;
    if (this.timer !== undefined) clock.clearTimeout(this.timer);
    this.timer = clock.setTimeout(() => terminate(this.process, "normal"), IDLE_MS);
  }

  /** What rates are reckoned from. A look at all processes is taken at most once a second. */
  sample(): Sample | undefined {
    const before = this.current;
    if (before === undefined || before.isOld(this.runtime.uptime)) this.current = new Sample(this.runtime);
    return before;
  }

  /** The latest measure of a peer; begins another if that is old. Waits for none. */
  measured(node: NodeName): Measured | undefined {
    let measure = this.measures.get(node);
    if (measure === undefined)
      this.measures.set(node, (measure = { latest: undefined, begun: -Infinity, running: false }));
    const { uptime } = this.runtime;
    if (!measure.running && uptime - measure.begun >= MEASURE_MS) {
      measure.begun = uptime;
      void this.measure(node, measure);
    }
    return measure.latest;
  }

  /** The events after the one with the number `after`, oldest first. */
  since(after: number): EventReport {
    return { events: this.events.filter(({ id }) => id > after), watch: this.id };
  }

  private async measure(node: NodeName, measure: Measure): Promise<void> {
    measure.running = true;
    measure.latest = (await measured(this.process, node, PATIENCE_MS)) ?? measure.latest;
    measure.running = false;
  }

  private logged({ level, message, node, time }: LogEntry): void {
    this.add("log", level, node === this.runtime.name ? message : `[${node}] ${message}`, time);
  }

  private add(kind: ObservedEvent["kind"], level: Level, text: string, time = Date.now()): void {
    this.events.push({ id: this.nextId++, time, kind, level, text: text.slice(0, MOST_TEXT) });
    if (this.events.length > MOST_EVENTS) this.events.shift();
  }

  private end(): void {
    if (this.timer !== undefined) this.runtime.clock.clearTimeout(this.timer);
    for (const stop of this.stops.splice(0)) stop();
  }
}
