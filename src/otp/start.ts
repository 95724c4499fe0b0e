import { copy } from "../term/copy.ts";
import type { Pid } from "../term/pid.ts";
import { checkTimeout } from "../process/call.ts";
import type { Timer } from "../process/clock.ts";
import { current } from "../process/context.ts";
import { Exit, reasonOfThrown } from "../process/exit.ts";
import { link as linkTo, unlink } from "../process/links.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { sendExit, terminate } from "../process/terminate.ts";
import { plainName, registerServer, unregisterServer, whereisServer, type ServerName } from "./server-name.ts";
import { alreadyStarted, startError, startFailure, StartError } from "./start-error.ts";

/** What a process that does not want to be started says, and what whoever starts it gets instead of a pid. */
export const IGNORE = "ignore";

/** What a started process does for the rest of its life. */
export type Life = () => unknown;

export interface StartOptions {
  /** Whether starter and process end with each other. */
  readonly link: boolean;
  /** What the process is known as; it has the name before it begins to start. */
  readonly name?: ServerName | undefined;
  /** How long it may take to start, in milliseconds; no limit unless told. */
  readonly timeout?: number | undefined;
  /** What `Process.info` calls it. */
  readonly initialCall: string;
}

/**
 * Starts a process and waits until it has started: `init` runs in it and gives what it does from then on, or
 * `"ignore"`. Gives its pid, or `"ignore"`; it is then gone.
 *
 * If `init` throws, the process ends with that as its reason, its name free, and then what it threw is thrown here
 * (see `startFailure`): nothing is logged, as the starter knows. If it is linked, the starter gets its exit signal
 * too, as it does of one that ignores (`normal`): one that does not trap exits dies of the failure and gets nothing
 * else. Throws `already_started` if another holds the name, `timeout` (the process is killed, and sends no exit
 * signal), `badarg`.
 */
export async function startProcess(
  starter: Process,
  init: (process: Process) => Life | typeof IGNORE | Promise<Life | typeof IGNORE>,
  { link, name: given, timeout = Infinity, initialCall }: StartOptions,
): Promise<Pid | typeof IGNORE> {
  checkTimeout(timeout);
  const name = given === undefined ? undefined : plainName(given);
  if (name !== undefined) {
    const found = whereisServer(starter, name);
    const holder = found instanceof Promise ? await found : found;
    if (holder !== null) throw alreadyStarted(name, holder as Pid);
  }
  const { runtime } = starter;
  return starter.wait<Pid | typeof IGNORE>((resolve, reject) => {
    let timer: Timer;
    let outcome: { readonly error: Error } | "ignored" | undefined;

    const body = async (): Promise<void> => {
      const process = current();
      let life: Life | typeof IGNORE;
      try {
        if (!(await named(process))) return;
        life = await init(process);
      } catch (thrown) {
        outcome = { error: startFailure(thrown) };
        if (process.alive && name !== undefined) await unregisterServer(process, name);
        throw new Exit(reasonOfThrown(thrown));
      }
      if (life === IGNORE) {
        outcome = "ignored";
        if (name !== undefined) await unregisterServer(process, name);
        return;
      }
      stopWaiting();
      resolve(process.pid);
      await life();
    };
    /** Whether it has its name. Another may have got it since the starter looked. */
    const named = async (process: Process): Promise<boolean> => {
      if (name === undefined || typeof name === "string") return true;
      const holder = await registerServer(process, name);
      if (holder === undefined) return true;
      outcome = { error: alreadyStarted(name, holder) };
      return false;
    };

    const child = runtime.spawn(body, { parent: starter, initialCall });
    const { pid } = child;
    try {
      if (typeof name === "string") runtime.register(child, name);
    } catch (error) {
      // Not linked yet, so that nobody hears of it.
      terminate(child, "normal");
      throw error;
    }
    if (link) linkTo(starter, pid);
    const stopTimer = (): void => {
      if (timer !== undefined) runtime.clock.clearTimeout(timer);
    };
    const stopWaiting = (): void => {
      stopTimer();
      demonitor(starter, ref);
    };
    const onDown = (reason: unknown): void => {
      stopTimer();
      if (outcome === "ignored") resolve(IGNORE);
      // The exit signal comes next, and ends the starter with all it waits for.
      else if (starter.links?.get(pid)?.active === true && !starter.trapExit && reason !== "normal") return;
      else reject(outcome?.error ?? startError(copy(reason)));
    };
    const ref = monitor(starter, pid, {}, { onDown });
    if (timeout !== Infinity) {
      timer = runtime.clock.setTimeout(() => {
        demonitor(starter, ref);
        unlink(starter, pid);
        sendExit(starter, pid, "kill");
        reject(new StartError("timeout", `The process took more than ${timeout} ms to start`, "timeout"));
      }, timeout);
    }
    return stopTimer;
  });
}
