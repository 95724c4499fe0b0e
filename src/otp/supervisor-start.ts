import { copy } from "../term/copy.ts";
import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { moduleNameOf } from "../term/module-name.ts";
import type { Pid } from "../term/pid.ts";
import { current } from "../process/context.ts";
import type { Module } from "../process/modules.ts";
import type { Process } from "../process/process.ts";
import { type Handlers, serve } from "./serve.ts";
import type { ServerName } from "./server-name.ts";
import { IGNORE, startProcess } from "./start.ts";
import { StartError } from "./start-error.ts";
import { supervisorName } from "./supervisor-report.ts";

/** A class whose instances have an `init`, or an object with one: what says what a supervisor is to do. */
export type InitModule = (new () => Init) | Init | string;

interface Init {
  init(arg: never): unknown;
}

/** What a start gives: a pid, or `"ignore"` if the module's `init` may say so. */
export type StartedBy<M> = M extends new () => { init(arg: never): infer R }
  ? Pid | ("ignore" extends Awaited<R> ? "ignore" : never)
  : Pid;

export interface SupervisorStart {
  readonly name: ServerName | undefined;
  /** The module whose `init` told what to do, by its name. */
  readonly module?: string | undefined;
  readonly initialCall: string;
}

/**
 * Starts a supervisor linked to the caller. `init` runs in its process and gives its server, once that has started its
 * children; `called` is what it is called in the log. Gives its pid, or `"ignore"`.
 */
export function startSupervisor(
  init: (process: Process, called: string) => Promise<Handlers | typeof IGNORE>,
  { name, module, initialCall }: SupervisorStart,
): Promise<Pid | typeof IGNORE> {
  const parent = current();
  return startProcess(
    parent,
    async (process) => {
      process.trapExit = true;
      const server = await init(process, supervisorName(process, name, module));
      return server === IGNORE ? IGNORE : () => serve(process, parent.pid, server);
    },
    { link: true, name, initialCall },
  );
}

/** What a module is called, for those who read logs. */
export function nameOfInit(module: InitModule): string {
  return typeof module === "string"
    ? module
    : (moduleNameOf(module) ?? (typeof module === "function" ? module.name : inspect(module)));
}

/**
 * What the module's `init` gives, as it is defined on the node of `process` now: options of a supervisor, or
 * `"ignore"`. Throws what it throws, `badarg` if there is no such module, `bad_return` for anything else.
 */
export async function callInit(
  process: Process,
  module: InitModule,
  arg: unknown,
): Promise<Readonly<Record<string, unknown>> | typeof IGNORE> {
  const name = nameOfInit(module);
  const { modules } = process.runtime;
  const known = typeof module === "string" ? module : moduleNameOf(module);
  const defined: Module | string = (known === undefined ? undefined : modules.get(known)) ?? module;
  const instance: unknown = typeof defined === "function" ? new (defined as new () => object)() : defined;
  const init = typeof instance === "object" ? (instance as { readonly init?: unknown }).init : undefined;
  if (typeof init !== "function") throw new ArgumentError(`${name} is no module with a function init on this node`);
  const value: unknown = await init.call(instance, copy(arg));
  if (value === IGNORE) return IGNORE;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new StartError("bad_return", `${name}.init gave ${inspect(value)}, not its options or "ignore"`, [
    "bad_return",
    [name, "init", value],
  ]);
}
