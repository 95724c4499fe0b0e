import { moduleNameOf } from "../term/module-name.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type Pid } from "../term/pid.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import { sendExit } from "../process/terminate.ts";
import { tagOf } from "../term/atom.ts";
import type { ApplicationCallbacks, ApplicationSpec } from "./application-spec.ts";
import { isExitMessage } from "./envelope.ts";
import { startReason, StartError } from "./start-error.ts";

/** An application as it has started: the top of its tree, if it has processes, and what it keeps for its end. */
export interface Application {
  readonly callbacks: ApplicationCallbacks;
  readonly top: Pid | undefined;
  readonly state: unknown;
}

/** What an application's process is told: to end it. */
export const STOP = "stop";

/**
 * Starts an application in the process that is its own. Throws a `StartError` whose reason is `[reason, [module, "start",
 * ["normal", args]]]`, `bad_return` if what it gives is no pid; nothing of it is left then.
 */
export async function startApplication(process: Process, spec: ApplicationSpec): Promise<Application> {
  const { mod, startPhases = {} } = spec;
  const pair: readonly unknown[] = Array.isArray(mod) ? mod : [mod, []];
  const [module, args] = pair as readonly [module: object | string | undefined, args: unknown];
  const callbacks = module === undefined ? spec : moduleOf(process, module, spec.name);
  if (callbacks.start === undefined) {
    if (module === undefined) return { callbacks, top: undefined, state: [] };
    throw new StartError("undef", `${calledOf(module, spec)} has no function start`, "undef");
  }
  const call = [calledOf(module, spec), "start", ["normal", args]];
  let top: Pid | undefined;
  try {
    const value: unknown = await callbacks.start("normal", args as never);
    const [pid, state] = startedBy(value);
    if (pid === undefined)
      throw new StartError("bad_return", `start of ${inspect(spec.name)} gave ${inspect(value)}, not a pid`, [
        "bad_return",
        value,
      ]);
    top = pid;
    for (const [phase, arg] of Object.entries(startPhases)) await callbacks.startPhase?.(phase, "normal", arg as never);
    return { callbacks, top, state };
  } catch (thrown) {
    if (!process.alive) throw thrown;
    if (top !== undefined) await endTop(process, top);
    const reason = startReason(thrown);
    const tag = tagOf(reason) ?? (Array.isArray(reason) ? tagOf(reason[0]) : undefined);
    const code = (thrown as { readonly code?: unknown } | null)?.code;
    const message = thrown instanceof Error ? thrown.message : inspect(reason);
    const failure = new StartError(
      typeof code === "string" && code !== "exit" ? code : (tag ?? "start_failed"),
      `The application ${inspect(spec.name)} did not start: ${message}`,
      [reason, call],
    );
    failure.cause = thrown;
    throw failure;
  }
}

/** Waits until it ends or is told to, and gives its reason; then nothing of it is left. */
export async function runApplication(process: Process, { callbacks, top, state }: Application): Promise<unknown> {
  const message = await take(process, (m) => m === STOP || (top !== undefined && isExitMessage(m, top)));
  if (message !== STOP) {
    await callbacks.stop?.(state as never);
    return (message as readonly unknown[])[2];
  }
  const last: unknown = callbacks.prepStop === undefined ? state : await callbacks.prepStop(state as never);
  if (top !== undefined) await endTop(process, top);
  await callbacks.stop?.(last as never);
  return "stopped";
}

async function endTop(process: Process, top: Pid): Promise<void> {
  sendExit(process, top, "shutdown");
  await take(process, (message) => isExitMessage(message, top));
}

function startedBy(value: unknown): readonly [pid: Pid | undefined, state: unknown] {
  if (isPid(value)) return [value, []];
  if (!Array.isArray(value)) return [undefined, undefined];
  const [pid, state] = (tagOf(value[0]) === "ok" ? value.slice(1) : value) as readonly unknown[];
  return [isPid(pid) ? pid : undefined, state ?? []];
}

function moduleOf(process: Process, module: object | string, app: string): ApplicationCallbacks {
  const { modules } = process.runtime;
  const name = typeof module === "string" ? module : moduleNameOf(module);
  const found = (name === undefined ? undefined : modules.get(name)) ?? module;
  if (typeof found === "string")
    throw new StartError("undef", `The module ${found} of the application ${inspect(app)} is not loaded`, "undef");
  return found;
}

function calledOf(module: object | string | undefined, { name }: ApplicationSpec): string {
  if (module === undefined) return name;
  return typeof module === "string" ? module : (moduleNameOf(module) ?? (module as { name?: string }).name ?? name);
}
