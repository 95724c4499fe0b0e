import { tagOf } from "../term/atom.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { Exit, isQuiet } from "../process/exit.ts";
import { SASL } from "../process/log.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { type FullSpec, fullSpec } from "./child-spec.ts";
import { isDown, isExitMessage } from "./envelope.ts";
import { RestartIntensity } from "./restart-intensity.ts";
import type { Handlers } from "./serve.ts";
import { startChild } from "./start-child.ts";
import { type Stopping, stopChildren } from "./stop-children.ts";
import { answerTo, type Counts } from "./supervisor-server.ts";
import { type Context, endedBadly, supervisorReport } from "./supervisor-report.ts";

/** What a dynamic supervisor keeps to. */
export interface DynamicFlags {
  readonly maxRestarts: number;
  readonly maxSeconds: number;
  readonly maxChildren: number;
  /** Come before the arguments of each child's start function. */
  readonly extraArguments: readonly unknown[];
}

interface DynamicChild {
  readonly spec: FullSpec;
  /** The monitor on it; `undefined` while it is about to be started again. */
  readonly ref: Ref | undefined;
}

/** What the supervisor tells itself, to look at other messages between two tries. */
const RETRY = "$gen_restart";

/** The process of a dynamic supervisor: children that come and go, none before another. Speaks as Elixir's does. */
export class DynamicSupervisorServer implements Handlers {
  private readonly process: Process;
  private readonly called: string;
  private readonly flags: DynamicFlags;
  private readonly intensity: RestartIntensity;
  /** By their pid; those about to be started again by the one they had. */
  private readonly children = new Map<Pid, DynamicChild>();
  private readonly watched = new Map<Ref, Pid>();

  constructor(process: Process, called: string, flags: DynamicFlags) {
    this.process = process;
    this.called = called;
    this.flags = flags;
    this.intensity = new RestartIntensity(flags.maxRestarts, flags.maxSeconds);
  }

  handleCall(request: unknown): unknown {
    const [tag, argument] = Array.isArray(request) ? (request as readonly unknown[]) : [request];
    switch (tagOf(tag)) {
      case "start_child":
        return this.startNew(argument);
      case "terminate_child":
        if (!isPid(argument) || !this.children.has(argument)) return ["error", "not_found"];
        return this.end([argument]).then(() => "ok");
      case "which_children":
        return [...this.children].map(([pid, { spec, ref }]) => [
          "undefined",
          ref === undefined ? "restarting" : pid,
          spec.type,
          spec.modules,
        ]);
      case "count_children":
        return this.count();
      default:
        // A stranger's mistake is no reason to end everybody's children.
        this.log(`received an unexpected call: ${inspect(request)}`);
        return ["error", ["bad_call", request]];
    }
  }

  handleInfo(message: unknown): unknown {
    if (isDown(message)) {
      const pid = this.watched.get(message[1]);
      if (pid !== undefined) return this.ended(pid, message[4]);
    }
    // What a link says of a child, its monitor has said.
    if (isExitMessage(message)) return undefined;
    if (Array.isArray(message) && message.length === 2 && message[0] === RETRY) {
      const child = isPid(message[1]) ? this.children.get(message[1]) : undefined;
      return child === undefined || child.ref !== undefined ? undefined : this.restart(message[1] as Pid, child.spec);
    }
    return this.log(`received an unexpected message: ${inspect(message)}`);
  }

  /** Ends all children at once. */
  terminate(): Promise<void> {
    return this.end([...this.children.keys()]);
  }

  private async startNew(given: unknown): Promise<unknown> {
    if (this.children.size >= this.flags.maxChildren) return ["error", "max_children"];
    let spec: FullSpec;
    try {
      spec = fullSpec(given);
    } catch (error) {
      return ["error", error];
    }
    const outcome = await this.start(spec);
    if (outcome.failed !== undefined) return ["error", outcome.failed[0]];
    if (outcome.pid === undefined) return "ignore";
    this.run(spec, outcome.pid);
    return answerTo(outcome);
  }

  private start({ start: [module, fun, args] }: FullSpec): ReturnType<typeof startChild> {
    const { extraArguments } = this.flags;
    if (extraArguments.length === 0) return startChild(this.process, [module, fun, args]);
    const closure = module === "erlang" && typeof args[0] === "function" && Array.isArray(args[1]);
    return startChild(this.process, [
      module,
      fun,
      closure ? [args[0], [...extraArguments, ...(args[1] as readonly unknown[])]] : [...extraArguments, ...args],
    ]);
  }

  private run(spec: FullSpec, pid: Pid): void {
    const ref = monitor(this.process, pid);
    this.watched.set(ref, pid);
    this.children.set(pid, { spec, ref });
  }

  private ended(pid: Pid, reason: unknown): Promise<void> | undefined {
    const child = this.children.get(pid);
    this.forget(pid);
    if (child === undefined) return undefined;
    const { spec } = child;
    const quiet = isQuiet(reason);
    if (spec.restart === "permanent" || !quiet) this.report("terminated", spec, reason, pid);
    return spec.restart === "permanent" || (spec.restart === "transient" && !quiet)
      ? this.restart(pid, spec)
      : undefined;
  }

  private async restart(before: Pid, spec: FullSpec): Promise<void> {
    this.children.delete(before);
    if (!this.intensity.add(this.process.runtime.clock.now())) {
      this.report("caused shutdown", spec, "reached_max_restart_intensity");
      throw new Exit("shutdown");
    }
    const outcome = await this.start(spec);
    if (outcome.failed !== undefined) {
      this.report("failed to start", spec, outcome.failed[0]);
      this.children.set(before, { spec, ref: undefined });
      this.process.runtime.sendLocal(this.process, [RETRY, before]);
    } else if (outcome.pid !== undefined) this.run(spec, outcome.pid);
  }

  private async end(pids: readonly Pid[]): Promise<void> {
    const ending = new Map<Pid, DynamicChild>();
    const stopping: Stopping[] = [];
    for (const pid of pids) {
      const child = this.children.get(pid);
      if (child === undefined) continue;
      this.forget(pid);
      if (child.ref === undefined) continue;
      ending.set(pid, child);
      stopping.push({ pid, shutdown: child.spec.shutdown, ref: child.ref });
    }
    const reasons = await stopChildren(this.process, stopping);
    for (const [pid, { spec }] of ending) {
      const reason = reasons.get(pid);
      if (endedBadly(spec, reason)) this.report("shut down abnormally", spec, reason, pid);
    }
  }

  private forget(pid: Pid): void {
    const ref = this.children.get(pid)?.ref;
    if (ref !== undefined) this.watched.delete(ref);
    this.children.delete(pid);
  }

  private count(): Counts {
    let [active, supervisors] = [0, 0];
    for (const { spec, ref } of this.children.values()) {
      if (ref !== undefined) active++;
      if (spec.type === "supervisor") supervisors++;
    }
    const specs = this.children.size;
    return { specs, active, supervisors, workers: specs - supervisors };
  }

  private report(context: Context, spec: FullSpec, reason: unknown, pid?: Pid): void {
    // The id of such a child is of no account, and no other's either.
    const text = supervisorReport(this.called, { ...spec, id: undefined }, context, reason, pid);
    this.process.runtime.log("error", text, this.process.pid, SASL);
  }

  private log(what: string): void {
    this.process.runtime.log("error", `DynamicSupervisor ${this.called} ${what}`, this.process.pid);
  }
}
