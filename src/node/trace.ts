/** What a node does for whoever traces it, on whichever node that is: the module `Moebi.Trace`, called by `erpc`. */
import type { InspectOptions } from "../term/inspect.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { isPid } from "../term/pid.ts";
import { current, outside, processOrUndefined } from "../process/context.ts";
import { exit } from "../process/exit.ts";
import type { LogEntry } from "../process/log.ts";
import { monitor } from "../process/monitors.ts";
import type { Module } from "../process/modules.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import type { Runtime } from "../process/runtime.ts";
import { terminate } from "../process/terminate.ts";
import { loggerOf } from "../otp/logger/state.ts";
import { connectionsOf } from "./node-module.ts";
import { type CallListener, hookCalls } from "./trace/call-hooks.ts";
import { cutColoured, eventLine, type TraceEvent } from "./trace/event-line.ts";
import { Report } from "./trace/report.ts";
import {
  CALL_FLAGS,
  NODE_FLAGS,
  PROCESS_FLAGS,
  type TraceFlag,
  type TraceRequest,
  type TraceStarted,
} from "./trace/trace-types.ts";
import { listenToProcesses, type TraceListener } from "./trace/tracers.ts";

/** What the owner is told by the end of the tracer, if it was not the one who ended it. */
export const EXITED = ["shutdown", "exited"] as const;

const FLAGS = { pid: PROCESS_FLAGS, name: PROCESS_FLAGS, module: CALL_FLAGS, node: NODE_FLAGS } as const;

/**
 * Begins to tell the owner what a process, a module's callers or the node do. It ends with the owner, or its connection, and
 * with the process that is traced; a name is followed to whoever gets it next. Throws `badarg` if there is no such thing here.
 */
export function start(request: TraceRequest): TraceStarted {
  const { runtime } = current();
  const { target, flags } = request;
  const known: readonly TraceFlag[] = FLAGS[target[0]];
  const wanted = flags ?? known;
  const unknown = wanted.find((flag) => !known.includes(flag));
  if (unknown !== undefined || wanted.length === 0)
    throw new ArgumentError(
      `${inspect(unknown ?? wanted)} can't be traced of a ${target[0] === "name" || target[0] === "pid" ? "process" : target[0]}: the flags are ${known.map((flag) => inspect(flag)).join(", ")}`,
    );
  const trace = new Trace(runtime, request, new Set(wanted));
  return { tracer: trace.process.pid, node: runtime.name, what: trace.what, flags: [...wanted] };
}

/** One thing that is traced, and the process that tells of it, with whose end nothing of it is left. */
class Trace {
  readonly process: Process;
  readonly what: string;
  private readonly runtime: Runtime;
  private readonly request: TraceRequest;
  private readonly flags: ReadonlySet<TraceFlag>;
  private readonly report: Report;
  private readonly options: InspectOptions;
  private readonly stops: (() => void)[] = [];

  constructor(runtime: Runtime, request: TraceRequest, flags: ReadonlySet<TraceFlag>) {
    this.runtime = runtime;
    this.request = request;
    this.flags = flags;
    // Nobody's child: the one who asked has what it wanted and ends.
    this.process = outside(() => runtime.spawn(() => this.loop(), { initialCall: "Moebi.Trace/1" }));
    this.report = new Report(this.process, request.owner, request.rate);
    const all = request.length > 1000;
    this.options = {
      viewer: this.report.viewer,
      colors: request.colors,
      depth: all ? 8 : 5,
      maxItems: all ? 100 : 20,
      maxStringLength: Math.min(request.length, 50_000),
    };
    this.process.signal.addEventListener("abort", () => this.end(), { once: true });
    try {
      this.what = this.begin();
      this.report.greet();
    } catch (error) {
      terminate(this.process, "normal");
      throw error;
    }
  }

  private async loop(): Promise<void> {
    const { process, request, report } = this;
    monitor(process, request.owner, {}, { onDown: () => terminate(process, "normal") });
    for (;;) {
      const message = await take(process, undefined);
      if (message === "more") report.printed();
      if (message === "stop") {
        report.flush();
        return;
      }
      if (message === EXITED) {
        report.flush();
        exit(EXITED);
      }
    }
  }

  /** Nothing of it is left, however it ended. */
  private end(): void {
    this.report.unschedule();
    for (const stop of this.stops.splice(0)) stop();
  }

  private begin(): string {
    const { target } = this.request;
    switch (target[0]) {
      case "pid": {
        const process = isPid(target[1]) ? this.runtime.find(target[1]) : undefined;
        if (process === undefined) throw new ArgumentError("That process is not alive");
        return this.traceProcess(process, undefined);
      }
      case "name": {
        const [, name] = target;
        const process = this.runtime.names.get(name);
        if (process !== undefined) return this.traceProcess(process, name);
        if (this.runtime.modules.get(name) !== undefined) return this.traceModule(name, undefined);
        throw new ArgumentError(`Nobody is registered as ${inspect(name)} on ${this.runtime.name}, nor is it a module`);
      }
      case "module":
        return this.traceModule(target[1], target[2]);
      case "node":
        return this.traceNode();
    }
  }

  private traceProcess(process: Process, name: string | undefined): string {
    const { request, flags, runtime } = this;
    if (process.pid === request.leader)
      throw new ArgumentError("What is traced is printed by that process: to trace it would have no end");
    let traced: Process | undefined = process;
    const listener: TraceListener = {
      traces: (one) => one === traced,
      received: (one, message) => {
        if (flags.has("receive")) this.tell(one, ["receive", message]);
      },
      sent: (one, to, message) => {
        if (flags.has("send")) this.tell(one, ["send", to, message]);
      },
      happened: (one, event) => {
        if (name !== undefined && event[0] === "register" && event[1] === name) traced = one;
        if (one !== traced) return;
        if (flags.has("procs")) this.tell(one, event);
        if (name !== undefined && event[0] === "unregister" && event[1] === name) traced = undefined;
        if (event[0] !== "exit") return;
        traced = undefined;
        if (name === undefined) runtime.deliver(this.process, EXITED);
      },
    };
    this.stops.push(listenToProcesses(runtime, listener));
    return name === undefined ? inspect(process.pid, { viewer: this.report.viewer }) : inspect(name);
  }

  private traceModule(name: string, only: string | undefined): string {
    const { modules } = this.runtime;
    const module = modules.get(name);
    if (module === undefined) throw new ArgumentError(`There is no module ${name} on ${this.runtime.name}`);
    const what = only === undefined ? name : `${name}.${only}`;
    let hooked = hookCalls(module, this.callListener(name), only);
    if (hooked.count === 0) throw new ArgumentError(`${what} has no functions that can be traced`);
    const redefined = (defined: string, anew: Module): void => {
      if (defined !== name) return;
      hooked.unhook();
      hooked = hookCalls(anew, this.callListener(name), only);
    };
    modules.listeners.add(redefined);
    this.stops.push(
      () => modules.listeners.delete(redefined),
      () => hooked.unhook(),
    );
    return what;
  }

  private callListener(name: string): CallListener {
    return (fun, args) => {
      const caller = processOrUndefined();
      // The program's modules are every node's in it.
      if (caller !== undefined && caller.runtime !== this.runtime) return undefined;
      const called = `${name}.${fun}`;
      if (!this.tell(caller, ["call", called, args])) return undefined;
      return (how, value) => void this.tell(caller, [how, called, args.length, value]);
    };
  }

  private traceNode(): string {
    const { runtime, flags, request } = this;
    if (flags.has("log")) {
      const logger = loggerOf(runtime);
      const handler = inspect(this.process.pid);
      logger.addHandler(handler, { log: (entry) => this.logged(entry) });
      this.stops.push(() => void logger.removeHandler(handler));
    }
    const events = connectionsOf(runtime)?.events;
    if (flags.has("nodes") && events !== undefined)
      this.stops.push(
        events.listen((event, { name }, reason) => {
          const why = reason === undefined ? "" : ` (${reason})`;
          if (this.report.accepts())
            this.report.add(cutColoured(`${event} ${name}${event === "nodedown" ? why : ""}`, request.length));
        }),
      );
    return runtime.name;
  }

  private logged(entry: LogEntry): void {
    if (!this.report.accepts()) return;
    const { colors, length } = this.request;
    this.report.add(cutColoured(loggerOf(this.runtime).line(entry, colors), length));
  }

  /** Whether it is told. */
  private tell(process: Process | undefined, event: TraceEvent): boolean {
    if (!this.report.accepts()) return false;
    this.report.add(eventLine(process?.pid, event, this.options, this.request.length));
    return true;
  }
}
