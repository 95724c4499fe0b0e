import { tagOf } from "../term/atom.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import { Exit, isQuiet } from "../process/exit.ts";
import { LinkedHashMap } from "../process/linked-hash-map.ts";
import type { Process } from "../process/process.ts";
import { isExitMessage } from "./envelope.ts";
import { RestartIntensity } from "./restart-intensity.ts";
import type { Handlers } from "./serve.ts";
import { stopChildren } from "./stop-children.ts";
import { awaitOrder, initialCallOf, runTask } from "./task-process.ts";
import { asStartTask, type StartTask, type WireShutdown } from "./task-protocol.ts";

/** What a task supervisor keeps to. */
export interface TaskSupervisorLimits {
  readonly maxChildren: number;
  /** More restarts than this within `maxSeconds` end the supervisor. */
  readonly maxRestarts: number;
  readonly maxSeconds: number;
}

/** How long a child gets to end by itself, in milliseconds, unless it was started with another limit. */
const SHUTDOWN = 5000;

/** The process that tasks are started, counted and ended by. Speaks as Elixir's does. */
export class TaskSupervisorServer implements Handlers {
  private readonly process: Process;
  private readonly limits: TaskSupervisorLimits;
  private readonly children = new LinkedHashMap<Pid, StartTask>();
  private readonly intensity: RestartIntensity;

  constructor(process: Process, limits: TaskSupervisorLimits) {
    this.process = process;
    this.limits = limits;
    this.intensity = new RestartIntensity(limits.maxRestarts, limits.maxSeconds);
  }

  handleCall(request: unknown): unknown {
    const start = asStartTask(request);
    if (start !== undefined) {
      return this.children.size >= this.limits.maxChildren ? ["error", "max_children"] : ["ok", this.start(start)];
    }
    if (tagOf(request) === "which_children")
      return [...this.children.keys()].map((pid) => ["undefined", pid, "worker", ["Task.Supervised"]]);
    if (Array.isArray(request) && request.length === 2 && tagOf(request[0]) === "terminate_child") {
      const pid: unknown = request[1];
      return isPid(pid) && this.children.has(pid) ? this.end([pid]).then(() => "ok") : ["error", "not_found"];
    }
    // A stranger's mistake is no reason to end everybody's tasks.
    this.log(`received an unexpected call: ${inspect(request)}`);
    return ["error", ["bad_call", request]];
  }

  handleInfo(message: unknown): void {
    if (isExitMessage(message)) {
      const [, pid, reason] = message;
      const child = this.children.get(pid);
      if (child !== undefined) {
        this.children.delete(pid);
        if (child.restart === "permanent" || (child.restart === "transient" && !isQuiet(reason))) this.restart(child);
        return;
      }
      // Children that were ended on purpose, and owners' links, leave such behind.
      if (isQuiet(reason)) return;
    }
    this.log(`received an unexpected message: ${inspect(message)}`);
  }

  terminate(): Promise<void> {
    return this.end([...this.children.keys()]);
  }

  private start(child: StartTask): Pid {
    const { owner, run } = child;
    const { pid } = this.process.runtime.spawn(
      run === undefined ? () => awaitOrder(owner) : () => runTask(owner, run.callers, run.mfa),
      {
        parent: this.process,
        link: true,
        initialCall: run === undefined ? "Task.Supervised.reply/2" : initialCallOf(run.mfa),
      },
    );
    this.children.set(pid, child);
    return pid;
  }

  private restart(child: StartTask): void {
    if (!this.intensity.add(this.process.runtime.clock.now())) {
      this.log("reached its limit of restarts and shuts down");
      throw new Exit("shutdown");
    }
    this.start(child);
  }

  private async end(pids: readonly Pid[]): Promise<void> {
    const stopping = pids.map((pid) => ({ pid, shutdown: limitOf(this.children.get(pid)?.shutdown ?? null) }));
    for (const pid of pids) this.children.delete(pid);
    await stopChildren(this.process, stopping);
  }

  private log(what: string): void {
    const { name, pid, runtime } = this.process;
    runtime.log("error", `Task.Supervisor ${inspect(name ?? pid)} ${what}`, pid);
  }
}

function limitOf(shutdown: WireShutdown): number | "brutalKill" {
  if (shutdown === "brutal_kill") return "brutalKill";
  return shutdown === "infinity" ? Infinity : (shutdown ?? SHUTDOWN);
}
