import { titleOfFunction } from "../term/inspect-object.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import { current } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { Exit, isExit, isQuiet, reasonOfThrown } from "../process/exit.ts";
import { formatExit, formatThrown } from "../process/format-exit.ts";
import { demonitor, monitor } from "../process/monitors.ts";
import type { Process } from "../process/process.ts";
import { take } from "../process/receive.ts";
import { isDown, replyMessage } from "./envelope.ts";
import { applyMfa, asOrder, type Mfa, type Owner, running, type TaskOrder } from "./task-protocol.ts";

/** Under which key of the dictionary a task keeps who asked for it, nearest first. */
export const CALLERS = "$callers";

/** The callers of a task that `process` starts: itself, then its own. */
export function callersOf(process: Process): readonly Pid[] {
  const own = process.dictionary?.get(CALLERS);
  return [process.pid, ...(Array.isArray(own) ? (own as Pid[]) : [])];
}

/** What `Process.info` calls the start of a task. */
export function initialCallOf(mfa: Mfa): string {
  const { fun } = running(mfa);
  return typeof fun === "string" ? fun : titleOfFunction(fun);
}

/** The life of a task that nobody awaits. */
export async function runTask(owner: Owner, callers: readonly Pid[], mfa: Mfa): Promise<void> {
  const process = current();
  await reported(process, owner, mfa, async () => {
    await invoke(process, callers, mfa);
  });
}

/** The life of a task whose value somebody awaits. A value that can't cross to its owner is the task's failure. */
export async function runAwaitedTask(owner: Owner, { ref, replyTo, callers, mfa }: TaskOrder): Promise<void> {
  const process = current();
  await reported(process, owner, mfa, async () => {
    const value = await invoke(process, callers, mfa);
    if (process.alive) sendFrom(process, replyTo, replyMessage(ref, value));
  });
}

/**
 * The life of a task under a supervisor, which learns from its owner what to run. The owner's end, or the loss of its
 * node, is its own; nothing else can keep the order away, so it waits without limit.
 */
export async function awaitOrder(owner: Owner): Promise<void> {
  const process = current();
  const [, , ownerPid] = owner;
  const ref: Ref = monitor(process, ownerPid);
  const message = await take(process, (m) => asOrder(m, ownerPid) !== undefined || isDown(m, ref));
  if (isDown(message, ref)) throw new Exit(["shutdown", message[4]]);
  demonitor(process, ref, { flush: true });
  const order = asOrder(message, ownerPid);
  if (order !== undefined) await runAwaitedTask(owner, order);
}

async function invoke(process: Process, callers: readonly Pid[], mfa: Mfa): Promise<unknown> {
  (process.dictionary ??= new Map()).set(CALLERS, callers);
  process.initialCall = initialCallOf(mfa);
  return applyMfa(process.runtime, mfa);
}

/** Runs `body`; its failure is logged as a task's, with who started it and what it ran, and ends the process. */
async function reported(process: Process, owner: Owner, mfa: Mfa, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (thrown) {
    if (!process.alive) throw thrown;
    const reason = reasonOfThrown(thrown);
    if (!isQuiet(reason)) process.runtime.log("error", report(process, owner, mfa, thrown), process.pid);
    // An exit is not reported again by the runtime.
    throw new Exit(reason);
  }
}

function report(process: Process, owner: Owner, mfa: Mfa, thrown: unknown): string {
  const { fun, args } = running(mfa);
  // A name means something on its own node only.
  const starter = owner[0] === process.runtime.name ? owner[1] : owner[2];
  return [
    `Task ${inspect(process.pid)} started from ${inspect(starter)} terminating`,
    isExit(thrown) ? `** (stop) ${formatExit(thrown.reason)}` : formatThrown(thrown),
    `Function: ${typeof fun === "string" ? fun : inspect(fun)}`,
    `    Args: ${inspect(args)}`,
  ].join("\n");
}
