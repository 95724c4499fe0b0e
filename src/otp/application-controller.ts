import { MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { current } from "../process/context.ts";
import { formatExit } from "../process/format-exit.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { environmentOf } from "./application-environment.ts";
import { runApplication, startApplication, STOP } from "./application-master.ts";
import { type ApplicationSpec, type ApplicationType, findApplication } from "./application-spec.ts";
import { StartError } from "./start-error.ts";

interface Running {
  readonly spec: ApplicationSpec;
  readonly type: ApplicationType;
  readonly master: Process;
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  /** Whether its start is behind it. */
  up: boolean;
  top: Pid | undefined;
}

/** What happens when an application ends that the node is not to outlive. */
export type OnFatal = (app: string, reason: unknown) => void;

const controllers = new WeakMap<Runtime, ApplicationController>();

/** The applications of a node: which are loaded, which run, and in which order they were started. */
export class ApplicationController {
  onFatal: OnFatal = () => undefined;
  readonly loaded = new Map<string, ApplicationSpec>();
  private readonly runtime: Runtime;
  private readonly running = new Map<string, Running>();
  private stopping = false;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** Those that have started, the latest first. */
  get started(): ApplicationSpec[] {
    return [...this.running.values()]
      .filter(({ up }) => up)
      .map(({ spec }) => spec)
      .reverse();
  }

  /** The pid of the top of a running application's tree. */
  topOf(app: string): Pid | undefined {
    return this.running.get(app)?.top;
  }

  load(app: string): void {
    if (this.loaded.has(app)) throw failure("already_loaded", `The application ${inspect(app)} is loaded already`, app);
    const spec = findApplication(this.runtime, app);
    this.loaded.set(app, spec);
    environmentOf(this.runtime).load(app, spec.env ?? {});
  }

  unload(app: string): void {
    if (this.running.has(app)) throw failure("running", `The application ${inspect(app)} runs: stop it first`, app);
    if (!this.loaded.delete(app)) throw failure("not_loaded", `The application ${inspect(app)} is not loaded`, app);
    environmentOf(this.runtime).unload(app);
  }

  /** Starts one application. Throws `already_started`, `not_started` with what has to run before it, and what its start throws. */
  async start(app: string, type: ApplicationType): Promise<void> {
    const known = this.running.get(app);
    // Who comes while it starts waits for that, and is told the same.
    if (known !== undefined && !known.up) await settled(known.started);
    if (this.running.get(app)?.up === true)
      throw failure("already_started", `The application ${inspect(app)} runs already`, app);
    if (!this.loaded.has(app)) this.load(app);
    const spec = this.loaded.get(app) ?? findApplication(this.runtime, app);
    const missing = spec.applications?.find((other) => this.running.get(other)?.up !== true);
    if (missing !== undefined) {
      throw failure(
        "not_started",
        `The application ${inspect(app)} needs ${inspect(missing)}, which does not run: Application.ensureAllStarted starts both`,
        missing,
      );
    }
    await settled(this.launch(spec, type).started);
  }

  private launch(spec: ApplicationSpec, type: ApplicationType): Running {
    const { runtime } = this;
    const { promise: started, resolve, reject } = Promise.withResolvers<void>();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    started.catch(() => undefined);
    const master = runtime.spawn(
      async () => {
        const process = current();
        process.trapExit = true;
        const application = await startApplication(process, spec).catch((error: unknown) => {
          this.running.delete(spec.name);
          reject(error);
        });
        if (application === undefined) return;
        running.up = true;
        running.top = application.top;
        resolve();
        const reason = await runApplication(process, application);
        this.running.delete(spec.name);
        this.report(running, reason);
      },
      { leader: runtime.names.get("user")?.pid, initialCall: `Application.${spec.name}/0` },
    );
    master.signal.addEventListener("abort", () => {
      if (this.running.get(spec.name) === running) this.running.delete(spec.name);
      reject(
        new StartError("killed", `The application ${inspect(spec.name)} ended while it started`, master.exitReason),
      );
      end();
    });
    const running: Running = { spec, type, master, started, ended, up: false, top: undefined };
    this.running.set(spec.name, running);
    return running;
  }

  private report({ spec: { name }, type }: Running, reason: unknown): void {
    // That the node's end ends its applications is no news.
    if (this.stopping && reason === "stopped") return;
    this.runtime.log("notice", `Application ${name} exited: ${formatExit(reason)}`);
    if (reason === "stopped" || type === "temporary" || (type === "transient" && reason === "normal")) return;
    this.runtime.log("critical", `The application ${name} is ${type}, so the node stops with it`);
    this.onFatal(name, reason);
  }

  /** Ends one application, and waits until nothing of it is left. Throws `not_started`. */
  async stop(app: string): Promise<void> {
    const running = this.running.get(app);
    if (running?.up !== true) throw failure("not_started", `The application ${inspect(app)} does not run`, app);
    this.runtime.deliver(running.master, STOP);
    await settled(running.ended);
  }

  /** Ends all, those first that were started last: the node stops. Nothing is logged, nobody is told. */
  async stopAll(): Promise<void> {
    this.stopping = true;
    for (const { master, ended } of [...this.running.values()].reverse()) {
      if (!master.alive) continue;
      this.runtime.deliver(master, STOP);
      await ended;
    }
  }

  /**
   * Starts what an application needs, then the application, each unless it runs. Gives the names of those that it
   * started, in order. If one fails, those are ended again.
   */
  async startAll(apps: readonly string[], type: ApplicationType): Promise<string[]> {
    const begun: string[] = [];
    try {
      for (const app of this.inOrder(apps)) {
        try {
          await this.start(app, type);
          begun.push(app);
        } catch (error) {
          if (!(error instanceof MoebiError && error.code === "already_started" && this.running.get(app)?.up === true))
            throw error;
        }
      }
    } catch (error) {
      for (const app of begun.reverse()) if (this.running.has(app)) await this.stop(app);
      throw error;
    }
    return begun;
  }

  /** The applications and what they need, each after what it needs. Throws `badarg` for what is not there, `circular`. */
  private inOrder(apps: readonly string[]): string[] {
    const order: string[] = [];
    const visit = (app: string, path: readonly string[]): void => {
      if (order.includes(app)) return;
      if (path.includes(app)) {
        const circle = [...path.slice(path.indexOf(app)), app];
        throw failure("circular", `Applications need each other in a circle: ${circle.join(" -> ")}`, circle);
      }
      const spec = this.loaded.get(app) ?? findApplication(this.runtime, app);
      for (const other of spec.applications ?? []) visit(other, [...path, app]);
      order.push(app);
    };
    for (const app of apps) visit(app, []);
    return order;
  }
}

/** Waits on behalf of the caller, which may end meanwhile. */
function settled(promise: Promise<void>): Promise<void> {
  return current().wait<void>((resolve, reject) => {
    promise.then(resolve, reject);
    return undefined;
  });
}

function failure(code: string, message: string, about: unknown): StartError {
  return new StartError(code, message, [code, about]);
}

export function controllerOf(runtime: Runtime): ApplicationController {
  let own = controllers.get(runtime);
  if (own === undefined) controllers.set(runtime, (own = new ApplicationController(runtime)));
  return own;
}
