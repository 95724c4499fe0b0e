import type { NodeName, Pid } from "../term/pid.ts";
import { createScope } from "../code/environment.ts";
import { runAs } from "../process/context.ts";
import { Exit } from "../process/exit.ts";
import { Runtime, type RuntimeOptions } from "../process/runtime.ts";
import { stopTimers } from "../process/timers.ts";
import type { Carrier } from "./carrier.ts";
import { Connections, type ConnectionsOptions } from "./connections.ts";
import { reportCrashes } from "./crash-report.ts";

export interface RunOptions {
  /** The group leader of the process, the node's `user` by default. */
  readonly leader?: Pid | undefined;
  /** What `Process.info` calls it. */
  readonly initialCall?: string;
}

const nodes = new WeakMap<Runtime, LocalNode>();

/** The node whose processes run in `runtime`. */
export function localNodeOf(runtime: Runtime): LocalNode | undefined {
  return nodes.get(runtime);
}

/**
 * One node: its processes, and its connections if it has a name. Many can run in one program; nothing is shared
 * between them but the program's modules.
 */
export class LocalNode {
  readonly runtime: Runtime;
  /** Where code that runs on this node finds its names. */
  readonly scope: object;
  private connected: Connections | undefined = undefined;
  private readonly closers: (() => Promise<void> | void)[] = [];
  private stopping: Promise<void> | undefined;

  constructor(options: RuntimeOptions) {
    this.runtime = new Runtime(options);
    nodes.set(this.runtime, this);
    const { modules, name } = this.runtime;
    this.scope = createScope({
      lookup: modules.lookup,
      defineModule: (module, value) => modules.define(module, value),
      describeMissing: (module) => `module ${module} is not loaded on ${name}`,
    });
    reportCrashes(this.runtime, () => this.connected);
  }

  get name(): NodeName {
    return this.runtime.name;
  }

  /** The connections to other nodes; `undefined` for a node without a name. */
  get connections(): Connections | undefined {
    return this.connected;
  }

  /** Joins the network over a carrier. Rejects as {@link Carrier.listen} does, and nothing is left running then. */
  async connectOver(carrier: Carrier, options: ConnectionsOptions = {}): Promise<void> {
    this.connected = new Connections(this.runtime, carrier, options);
    try {
      await carrier.listen();
    } catch (error) {
      this.runtime.router = undefined;
      this.connected = undefined;
      await carrier.stop();
      throw error;
    }
  }

  /** Adds what is to be closed when the node stops, the latest first. */
  onStop(close: () => Promise<void> | void): void {
    this.closers.unshift(close);
  }

  /**
   * Runs `body` as a process of this node and gives what it gives: how code outside any process (a request handler, a
   * test) takes part. Rejects with what it throws, or with an exit if something else ends the process.
   */
  run<T>(body: () => T | Promise<T>, options: RunOptions = {}): Promise<T> {
    const { runtime } = this;
    return new Promise<T>((resolve, reject) => {
      const leader = options.leader ?? runtime.names.get("user")?.pid;
      const process = runtime.spawn(
        async () => {
          try {
            resolve(await body());
          } catch (thrown) {
            reject(thrown);
          }
        },
        { leader, initialCall: options.initialCall ?? "node.run/1" },
      );
      runAs(process, () => process.signal).addEventListener("abort", () => reject(new Exit(process.exitReason)));
    });
  }

  /** Ends connections, processes and timers. A second call waits for the first. */
  stop(): Promise<void> {
    return (this.stopping ??= this.shutDown());
  }

  private async shutDown(): Promise<void> {
    for (const close of this.closers) await close();
    await this.connected?.stop();
    this.runtime.stop();
    stopTimers(this.runtime);
  }
}
