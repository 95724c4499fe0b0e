import { tagOf } from "../term/atom.ts";
import { ArgumentError } from "../term/error.ts";
import { isPid, type Pid } from "../term/pid.ts";
import { current } from "../process/context.ts";
import { defineProgramModule } from "../process/modules.ts";
import { type Child, type ChildSpec, fullSpec, specOf } from "./child-spec.ts";
import { type DynamicFlags, DynamicSupervisorServer } from "./dynamic-supervisor-server.ts";
import { genStop } from "./gen-call.ts";
import { checkOptions } from "./options.ts";
import type { ServerName, ServerRef } from "./server-name.ts";
import { IGNORE } from "./start.ts";
import { ask, type ChildInfo, counted, done, listed, started } from "./supervisor-client.ts";
import { invalidFlag, supervisorFlags } from "./supervisor-flags.ts";
import type { Counts } from "./supervisor-server.ts";
import { callInit, type InitModule, nameOfInit, type StartedBy, startSupervisor } from "./supervisor-start.ts";
import { isSubclass, supervisorSpec } from "./supervisor.ts";

/** How a dynamic supervisor acts. */
export interface DynamicSupervisorInit {
  /** There is only `"oneForOne"`: a child that ends is started again by itself. */
  readonly strategy?: "oneForOne" | undefined;
  /** How many restarts within `maxSeconds` it puts up with; 3 unless told. One more ends it, with `shutdown`. */
  readonly maxRestarts?: number | undefined;
  /** 5 unless told. */
  readonly maxSeconds?: number | undefined;
  /** How many children it may have at once. No limit unless told. */
  readonly maxChildren?: number | undefined;
  /** Arguments that come before those of each child's start function. */
  readonly extraArguments?: readonly unknown[] | undefined;
}

export interface DynamicSupervisorOptions extends DynamicSupervisorInit {
  readonly name?: ServerName | undefined;
}

const MODULE = "DynamicSupervisor";
const FLAGS = ["strategy", "maxRestarts", "maxSeconds", "maxChildren", "extraArguments"];

/**
 * Elixir's `DynamicSupervisor`: starts without children, which are added as they are needed, here or from another node.
 * Their ids are of no account; they are known by their pids.
 *
 * ```ts
 * await DynamicSupervisor.startLink({ name: "Rooms" });
 * const room = await DynamicSupervisor.startChild("Rooms", [Task, () => receive()]);
 * await DynamicSupervisor.terminateChild("Rooms", room); // "ok"
 * ```
 */
export class DynamicSupervisor {
  /**
   * Starts a dynamic supervisor linked to the caller. Gives its pid. With a class, its `init(arg)` runs in the new process
   * and gives the options, or `"ignore"`.
   *
   * Throws `invalid_strategy`, `invalid_intensity`, `invalid_period`, `invalid_max_children`, `invalid_extra_arguments`,
   * `already_started` if its name is taken.
   */
  static async startLink<O extends DynamicSupervisorOptions>(options?: O): Promise<Pid>;
  static async startLink<M extends InitModule>(
    module: M,
    arg?: unknown,
    options?: { readonly name?: ServerName | undefined },
  ): Promise<StartedBy<M>>;
  static async startLink(
    what: unknown = {},
    arg?: unknown,
    options: { readonly name?: ServerName } = {},
  ): Promise<Pid | typeof IGNORE> {
    if (!isInitModule(what)) {
      checkOptions("DynamicSupervisor.startLink", what, ["name", ...FLAGS]);
      const { name, ...given } = what as DynamicSupervisorOptions;
      const flags = dynamicFlags({ ...given });
      return startSupervisor(async (process, called) => new DynamicSupervisorServer(process, called, flags), {
        name,
        initialCall: `${MODULE}.init/1`,
      });
    }
    const module = nameOfInit(what);
    checkOptions("DynamicSupervisor.startLink", options, ["name"]);
    return startSupervisor(
      async (process, called) => {
        const init = await callInit(process, what, arg);
        if (init === IGNORE) return IGNORE;
        checkOptions(module, init, FLAGS);
        return new DynamicSupervisorServer(process, called, dynamicFlags(init));
      },
      { name: options.name, module, initialCall: `${module}.init/1` },
    );
  }

  /**
   * Starts a child. Gives its pid; `[pid, extra]` if its start gave something to go with it, `"ignore"` if it did not
   * want to start. It may run on another node, as its supervisor does: what it is made of then crosses as messages do.
   *
   * Throws `max_children`, `badarg` for a wrong spec, and what its start threw. The caller exits with `[reason,
   * ["DynamicSupervisor", "startChild", args]]` if there is no such supervisor, as with all functions here.
   */
  static async startChild<Started = Pid>(
    supervisor: ServerRef,
    child: Child | Omit<ChildSpec, "id">,
  ): Promise<Started> {
    const written = specOf(current().runtime.modules, child);
    // A child of this kind needs no id.
    const spec = fullSpec({ ...written, id: (written as Partial<ChildSpec>).id ?? "undefined" });
    return started(await ask(["start_child", spec], MODULE, "startChild", supervisor, child)) as Started;
  }

  /** Ends a child, in the time its spec gives it, and gives `"ok"` when it is gone. Throws `not_found`. */
  static async terminateChild(supervisor: ServerRef, pid: Pid): Promise<"ok"> {
    if (!isPid(pid)) throw new ArgumentError("DynamicSupervisor.terminateChild takes the pid of a child");
    return done(await ask(["terminate_child", pid], MODULE, "terminateChild", supervisor, pid));
  }

  /** The children, the oldest first: `["undefined", child, type, modules]`, where child is a pid or `"restarting"`. */
  static async whichChildren(supervisor: ServerRef): Promise<ChildInfo[]> {
    return listed(await ask("which_children", MODULE, "whichChildren", supervisor));
  }

  /** How many children there are: `{ specs, active, supervisors, workers }`; one about to be restarted is not active. */
  static async countChildren(supervisor: ServerRef): Promise<Counts> {
    return counted(await ask("count_children", MODULE, "countChildren", supervisor));
  }

  /**
   * Ends a supervisor and all its children, told together and each given its time. Gives `"ok"`. The caller exits if it
   * ends with another reason, or takes longer than `timeout` milliseconds.
   */
  static async stop(supervisor: ServerRef, reason: unknown = "normal", timeout = Infinity): Promise<"ok"> {
    return genStop(supervisor, reason, timeout, [MODULE, "stop", [supervisor, reason, timeout]]);
  }

  /** What `init` of a class gives: the options, as they are. */
  static init(options: DynamicSupervisorInit = {}): DynamicSupervisorInit {
    return { ...options };
  }

  /**
   * What a supervisor needs to have a dynamic supervisor among its children: `[DynamicSupervisor, { name: "Rooms" }]`.
   * As `Rooms.childSpec(arg, overrides)`, which a class inherits: how it is started itself.
   */
  static childSpec<C>(this: C, options: unknown = {}, overrides: Partial<ChildSpec> = {}): ChildSpec {
    if (isSubclass(this, DynamicSupervisor)) return supervisorSpec(MODULE, this, options, overrides);
    const { name } = options as DynamicSupervisorOptions;
    return { id: name ?? MODULE, start: [MODULE, "startLink", [options]], type: "supervisor", ...overrides };
  }

  /** How the supervisor is to act. */
  init(_arg: unknown): DynamicSupervisorInit | typeof IGNORE | Promise<DynamicSupervisorInit | typeof IGNORE> {
    throw new TypeError(`${this.constructor.name} has no function init`);
  }
}
defineProgramModule(MODULE, DynamicSupervisor);

function isInitModule(what: unknown): what is InitModule {
  if (typeof what === "string" || typeof what === "function") return true;
  return typeof what === "object" && what !== null && typeof (what as { init?: unknown }).init === "function";
}

/** Throws as {@link supervisorFlags} does, and `invalid_max_children`, `invalid_extra_arguments`. */
function dynamicFlags(options: Readonly<Record<string, unknown>>): DynamicFlags {
  const { strategy = "oneForOne", maxChildren = Infinity, extraArguments = [] } = options;
  if (tagOf(strategy) !== "oneForOne") throw invalidFlag("strategy", "strategy", '"oneForOne"', strategy);
  const { maxRestarts, maxSeconds } = supervisorFlags({ ...options, strategy });
  if (!(typeof maxChildren === "number" && maxChildren >= 0))
    throw invalidFlag("max_children", "maxChildren", "a number, zero or more", maxChildren);
  if (!Array.isArray(extraArguments))
    throw invalidFlag("extra_arguments", "extraArguments", "an array", extraArguments);
  return { maxRestarts, maxSeconds, maxChildren, extraArguments };
}
