import type { Pid } from "../term/pid.ts";
import { current } from "../process/context.ts";
import { defineProgramModule, exportedFunction, type Module } from "../process/modules.ts";
import type { Process } from "../process/process.ts";
import { type Child, type ChildSpec, type FullSpec, fullSpec, fullSpecs, specOf } from "./child-spec.ts";
import { genStop } from "./gen-call.ts";
import { checkOptions } from "./options.ts";
import type { ServerName, ServerRef } from "./server-name.ts";
import { IGNORE } from "./start.ts";
import { ask, type ChildInfo, counted, done, listed, started } from "./supervisor-client.ts";
import { type AutoShutdown, type Strategy, type SupervisorFlags, supervisorFlags } from "./supervisor-flags.ts";
import { type Counts, SupervisorServer } from "./supervisor-server.ts";
import { callInit, type InitModule, nameOfInit, type StartedBy, startSupervisor } from "./supervisor-start.ts";

/** How a supervisor acts when children end. */
export interface SupervisorInitOptions {
  /** `"oneForOne"`: only the child that ended is started again. `"restForOne"`: and those after it. `"oneForAll"`: all. */
  readonly strategy: Strategy;
  /** How many restarts within `maxSeconds` it puts up with; 3 unless told. One more ends it, with `shutdown`. */
  readonly maxRestarts?: number | undefined;
  /** 5 unless told. */
  readonly maxSeconds?: number | undefined;
  /** Whether it ends, with `shutdown`, when a significant child ends by itself, or the last of them. `"never"` unless told. */
  readonly autoShutdown?: AutoShutdown | undefined;
}

export interface SupervisorOptions extends SupervisorInitOptions {
  readonly name?: ServerName | undefined;
}

/** What `init` of a supervisor's class gives. */
export interface SupervisorInit extends SupervisorInitOptions {
  readonly children: readonly Child[];
}

const MODULE = "Supervisor";
const FLAGS = ["strategy", "maxRestarts", "maxSeconds", "autoShutdown"];

/**
 * Elixir's `Supervisor`: a process that starts others, its children, and starts them again when they end. A class of
 * one's own says in `init` what they are; then `[MySup, arg]` is a child of other supervisors.
 *
 * ```ts
 * const sup = await Supervisor.startLink([[Task, () => receive()]], { strategy: "oneForOne" });
 * await Supervisor.countChildren(sup); // { specs: 1, active: 1, supervisors: 0, workers: 1 }
 * ```
 */
export class Supervisor {
  /**
   * Starts a supervisor linked to the caller, and its children in order, each when the former has started. Gives its
   * pid when all have. A child is `{ id, start: [module, "fun", args], restart, shutdown, type, significant }`, a module
   * with `childSpec`, or `[module, arg]`.
   *
   * With a class, its `init(arg)` runs in the new process and gives `{ children, strategy, … }`, or `"ignore"`: then
   * there is no process and that is the answer.
   *
   * Throws `badarg` naming the place of what is wrong, `invalid_strategy`, `invalid_intensity`, `invalid_period`,
   * `duplicate_child_name`, `already_started` if its name is taken, and `shutdown` with the reason `["shutdown",
   * ["failed_to_start_child", id, reason]]` if a child did not start; those before it have been ended then. As it is
   * linked, that ends a caller that does not trap exits.
   */
  // Generic, so that a class of one's own may have a startLink of another type: TypeScript compares it with this one.
  static async startLink<C extends readonly Child[]>(children: C, options: SupervisorOptions): Promise<Pid>;
  static async startLink<M extends InitModule>(
    module: M,
    arg?: unknown,
    options?: { readonly name?: ServerName | undefined },
  ): Promise<StartedBy<M>>;
  static async startLink(
    what: unknown,
    argument?: unknown,
    options: { readonly name?: ServerName } = {},
  ): Promise<Pid | typeof IGNORE> {
    const { modules } = current().runtime;
    if (Array.isArray(what)) {
      const given = (argument ?? {}) as SupervisorOptions;
      checkOptions("Supervisor.startLink", given, ["name", ...FLAGS]);
      const flags = supervisorFlags({ ...given });
      // Here, so that what is written wrong is told to who wrote it, and ends nobody.
      const specs = fullSpecs(modules, what);
      return start(async () => ({ flags, specs }), { name: given.name });
    }
    const module = what as InitModule;
    const called = nameOfInit(module);
    checkOptions("Supervisor.startLink", options, ["name"]);
    return start(
      async (process) => {
        const init = await callInit(process, module, argument);
        if (init === IGNORE) return IGNORE;
        checkOptions(called, init, ["children", ...FLAGS]);
        return { flags: supervisorFlags(init), specs: fullSpecs(modules, init["children"]) };
      },
      { name: options.name, module: called },
    );
  }

  /**
   * Adds a child and starts it. Gives its pid; `[pid, extra]` if its start gave something to go with it, `"ignore"` if it
   * did not want to start (it stays among the children then, unless it is temporary).
   *
   * Throws `already_started` or `already_present` for an id that is there, `badarg` for a wrong spec, and what its start
   * threw; then nothing is added. The caller exits with `[reason, ["Supervisor", "startChild", args]]` if there is no
   * such supervisor, as with all functions here.
   */
  static async startChild<Started = Pid>(supervisor: ServerRef, child: Child): Promise<Started> {
    const spec = fullSpec(specOf(current().runtime.modules, child));
    return started(await ask(["start_child", spec], MODULE, "startChild", supervisor, child)) as Started;
  }

  /**
   * Ends a child, in the time its spec gives it, and gives `"ok"` when it is gone. It is not started again, and stays
   * among the children unless it is temporary. Throws `not_found`.
   */
  static async terminateChild(supervisor: ServerRef, id: unknown): Promise<"ok"> {
    return done(await ask(["terminate_child", id], MODULE, "terminateChild", supervisor, id));
  }

  /** Starts a child that was ended. Gives what {@link startChild} gives. Throws `not_found`, `running`, `restarting`. */
  static async restartChild<Started = Pid>(supervisor: ServerRef, id: unknown): Promise<Started> {
    return started(await ask(["restart_child", id], MODULE, "restartChild", supervisor, id)) as Started;
  }

  /** Forgets a child that does not run. `"ok"`. Throws `not_found`, `running`, `restarting`. */
  static async deleteChild(supervisor: ServerRef, id: unknown): Promise<"ok"> {
    return done(await ask(["delete_child", id], MODULE, "deleteChild", supervisor, id));
  }

  /**
   * The children, the last started first: `[id, child, type, modules]`, where child is a pid, `"undefined"` if it does
   * not run, or `"restarting"`.
   */
  static async whichChildren(supervisor: ServerRef): Promise<ChildInfo[]> {
    return listed(await ask("which_children", MODULE, "whichChildren", supervisor));
  }

  /** How many children there are: `{ specs, active, supervisors, workers }`; of these, `active` counts those that run. */
  static async countChildren(supervisor: ServerRef): Promise<Counts> {
    return counted(await ask("count_children", MODULE, "countChildren", supervisor));
  }

  /**
   * Ends a supervisor: its children first, the last started first, each when the former is gone. Gives `"ok"`. The caller
   * exits if it ends with another reason, or takes longer than `timeout` milliseconds (it goes on ending then).
   */
  static async stop(supervisor: ServerRef, reason: unknown = "normal", timeout = Infinity): Promise<"ok"> {
    return genStop(supervisor, reason, timeout, [MODULE, "stop", [supervisor, reason, timeout]]);
  }

  /** What `init` of a class gives, from children and options. */
  static init(children: readonly Child[], options: SupervisorInitOptions): SupervisorInit {
    return { children, ...options };
  }

  /**
   * The spec of a child, with other fields than its module gives: to have two of one module, or another `restart`.
   * As `MySup.childSpec(arg, overrides)`, which a class inherits: how it is started itself.
   *
   * ```ts
   * Supervisor.childSpec([Task, () => receive()], { id: "listener", restart: "permanent" }).id; // "listener"
   * ```
   */
  static childSpec<C>(this: C, child?: unknown, overrides?: Partial<ChildSpec>): ChildSpec {
    if (isSubclass(this, Supervisor)) return supervisorSpec(MODULE, this, child, overrides);
    return { ...specOf(current().runtime.modules, child), ...overrides };
  }

  /** What the supervisor is to do: its children, in the order in which they start, and its strategy. */
  init(_arg: unknown): SupervisorInit | typeof IGNORE | Promise<SupervisorInit | typeof IGNORE> {
    throw new TypeError(`${this.constructor.name} has no function init`);
  }
}
defineProgramModule(MODULE, Supervisor);

/** Whether `value` is a class of the user's that inherits from a behaviour. */
export function isSubclass(value: unknown, behaviour: object): value is Module {
  return typeof value === "function" && value !== behaviour && Object.prototype.isPrototypeOf.call(behaviour, value);
}

/** How a class of the user's is started: by its own `startLink` if it has one, else by the behaviour it is of. */
export function supervisorSpec(
  behaviour: string,
  module: Module,
  arg: unknown,
  overrides: Partial<ChildSpec> = {},
): ChildSpec {
  const start: ChildSpec["start"] =
    exportedFunction(module, "startLink") === undefined
      ? [behaviour, "startLink", [module, arg]]
      : [module, "startLink", [arg]];
  return { id: nameOfInit(module as InitModule), start, type: "supervisor", ...overrides };
}

interface Made {
  readonly flags: SupervisorFlags;
  readonly specs: readonly FullSpec[];
}

async function start(
  init: (process: Process) => Promise<Made | typeof IGNORE>,
  { name, module }: { readonly name: ServerName | undefined; readonly module?: string },
): Promise<Pid | typeof IGNORE> {
  return startSupervisor(
    async (process, called) => {
      const made = await init(process);
      if (made === IGNORE) return IGNORE;
      const server = new SupervisorServer(process, called, made.flags);
      await server.start(made.specs);
      return server;
    },
    { name, module, initialCall: `${module ?? MODULE}.init/1` },
  );
}
