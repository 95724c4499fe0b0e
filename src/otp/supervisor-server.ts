import { tagOf } from "../term/atom.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { Exit } from "../process/exit.ts";
import { SASL } from "../process/log.ts";
import { monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { type FullSpec, fullSpec } from "./child-spec.ts";
import { isDown, isExitMessage } from "./envelope.ts";
import type { Handlers } from "./serve.ts";
import { type Started, startChild } from "./start-child.ts";
import { stopChildren } from "./stop-children.ts";
import { type Effect, type Supervised, Supervision } from "./supervision.ts";
import { checkSignificant, type SupervisorFlags } from "./supervisor-flags.ts";
import { type Context, endedBadly, supervisorReport } from "./supervisor-report.ts";

/** What a supervisor tells itself, to look at other messages between two tries. */
const RETRY = "try_again_restart";

/**
 * The process of a supervisor: carries out what {@link Supervision} decides, one message at a time. It watches its
 * children by monitors, so that it hears of their ends whatever becomes of the links. Speaks as Erlang's does.
 */
export class SupervisorServer implements Handlers {
  readonly supervision: Supervision;
  private readonly process: Process;
  /** What it is called in the log. */
  private readonly called: string;
  private readonly watched = new Map<Ref, Supervised>();
  private readonly refs = new Map<Supervised, Ref>();

  constructor(process: Process, called: string, flags: SupervisorFlags) {
    this.process = process;
    this.called = called;
    this.supervision = new Supervision(flags);
  }

  /** Starts the children, each after the former has started. If one fails, ends those before it and exits. */
  async start(specs: readonly FullSpec[]): Promise<void> {
    for (const spec of specs) checkSignificant(spec, this.supervision.flags);
    const children = specs.map((spec) => this.supervision.add(spec));
    for (const child of children) {
      const outcome = await startChild(this.process, child.spec.start);
      if (outcome.failed === undefined) {
        this.run(child, outcome.pid);
        continue;
      }
      const [reason] = outcome.failed;
      this.report("failed to start", child.spec, reason);
      await this.terminate();
      throw new Exit(["shutdown", ["failed_to_start_child", child.spec.id, reason]]);
    }
  }

  handleCall(request: unknown): unknown {
    const [tag, argument] = Array.isArray(request) ? (request as readonly unknown[]) : [request];
    switch (tagOf(tag)) {
      case "start_child":
        return this.startNew(argument);
      case "restart_child":
        return this.withChild(argument, (child) => this.startStopped(child));
      case "terminate_child":
        return this.withChild(argument, (child) => this.stop(child).then(() => "ok"));
      case "delete_child":
        return this.withChild(argument, (child) => this.delete(child));
      case "get_childspec":
        return this.withChild(argument, ({ spec }) => ["ok", spec]);
      case "which_children":
        return this.supervision.children
          .map(({ spec: { id, type, modules }, running }) => [id, running, type, modules])
          .reverse();
      case "count_children":
        return this.count();
      default:
        // A stranger's mistake is no reason to end everybody's children.
        this.log(`received an unexpected call: ${inspect(request)}`);
        return ["error", ["bad_call", request]];
    }
  }

  async handleInfo(message: unknown): Promise<void> {
    const { clock } = this.process.runtime;
    if (isDown(message)) {
      const child = this.watched.get(message[1]);
      if (child !== undefined) {
        this.forget(child);
        return this.perform(this.supervision.ended(child, message[4], clock.now()));
      }
    }
    // What a link says of a child, its monitor has said.
    if (isExitMessage(message)) return undefined;
    if (Array.isArray(message) && message.length === 2 && message[0] === RETRY) {
      const child = this.supervision.find(message[1]);
      if (child !== undefined) return this.perform(this.supervision.retry(child, clock.now()));
    }
    return this.log(`received an unexpected message: ${inspect(message)}`);
  }

  /** Ends the children, the last first, each when the former is gone. */
  async terminate(): Promise<void> {
    for (const child of [...this.supervision.children].reverse()) await this.stop(child);
  }

  private async perform(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) {
      switch (effect.do) {
        case "report":
          this.report(effect.context, effect.spec, effect.reason, effect.pid);
          break;
        case "stop":
          for (const child of effect.children) await this.stop(child);
          break;
        case "start":
          await this.restart(effect.children);
          break;
        case "retry":
          this.process.runtime.sendLocal(this.process, [RETRY, effect.child.spec.id]);
          break;
        case "shutdown":
          throw new Exit("shutdown");
      }
    }
  }

  private async restart(children: readonly Supervised[]): Promise<void> {
    for (const child of children) {
      const outcome = await startChild(this.process, child.spec.start);
      if (outcome.failed !== undefined) {
        this.report("failed to start", child.spec, outcome.failed[0]);
        return this.perform(this.supervision.startFailed(child));
      }
      this.run(child, outcome.pid);
    }
  }

  private async startNew(given: unknown): Promise<unknown> {
    let spec: FullSpec;
    try {
      spec = fullSpec(given);
      checkSignificant(spec, this.supervision.flags);
    } catch (error) {
      return ["error", error];
    }
    const known = this.supervision.find(spec.id);
    if (known !== undefined) {
      return ["error", isPid(known.running) ? ["already_started", known.running] : "already_present"];
    }
    const outcome = await startChild(this.process, spec.start);
    if (outcome.failed !== undefined) return ["error", outcome.failed[0]];
    this.run(this.supervision.add(spec), outcome.pid);
    return answerTo(outcome);
  }

  private async startStopped(child: Supervised): Promise<unknown> {
    if (child.running !== "undefined") return ["error", isPid(child.running) ? "running" : "restarting"];
    const outcome = await startChild(this.process, child.spec.start);
    if (outcome.failed !== undefined) return ["error", outcome.failed[0]];
    this.run(child, outcome.pid);
    return answerTo(outcome);
  }

  private delete(child: Supervised): unknown {
    if (child.running !== "undefined") return ["error", isPid(child.running) ? "running" : "restarting"];
    this.supervision.delete(child);
    return "ok";
  }

  private withChild(id: unknown, then: (child: Supervised) => unknown): unknown {
    const child = this.supervision.find(id);
    return child === undefined ? ["error", "not_found"] : then(child);
  }

  private run(child: Supervised, pid: Pid | undefined): void {
    this.supervision.started(child, pid);
    if (pid === undefined) return;
    const ref = monitor(this.process, pid);
    this.watched.set(ref, child);
    this.refs.set(child, ref);
  }

  private forget(child: Supervised): Ref | undefined {
    const ref = this.refs.get(child);
    this.refs.delete(child);
    if (ref !== undefined) this.watched.delete(ref);
    return ref;
  }

  private async stop(child: Supervised): Promise<void> {
    const { spec, running } = child;
    const ref = this.forget(child);
    if (isPid(running)) {
      const reasons = await stopChildren(this.process, [{ pid: running, shutdown: spec.shutdown, ref }]);
      const reason = reasons.get(running);
      if (endedBadly(spec, reason)) this.report("shut down abnormally", spec, reason, running);
    }
    this.supervision.stopped(child);
  }

  private count(): Counts {
    const specs = this.supervision.children;
    const supervisors = specs.filter(({ spec }) => spec.type === "supervisor").length;
    return {
      specs: specs.length,
      active: specs.filter(({ running }) => isPid(running)).length,
      supervisors,
      workers: specs.length - supervisors,
    };
  }

  private report(context: Context, spec: FullSpec, reason: unknown, pid?: Pid): void {
    const text = supervisorReport(this.called, spec, context, reason, pid);
    this.process.runtime.log("error", text, this.process.pid, SASL);
  }

  private log(what: string): void {
    this.process.runtime.log("error", `Supervisor ${this.called} ${what}`, this.process.pid);
  }
}

/** How many children a supervisor has. */
export interface Counts {
  /** All of them, running or not. */
  readonly specs: number;
  readonly active: number;
  /** Running or not, as are the workers. */
  readonly supervisors: number;
  readonly workers: number;
}

/** What a caller is told of a start that did not fail. */
export function answerTo(outcome: Started): readonly unknown[] {
  if (outcome.pid === undefined) return ["ok", "undefined"];
  return outcome.extra === undefined ? ["ok", outcome.pid] : ["ok", outcome.pid, ...outcome.extra];
}
