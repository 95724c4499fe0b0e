import { isPid, type Pid } from "../term/pid.ts";
import type { Process } from "./process.ts";
import { memoryOf } from "./process-memory.ts";

/**
 * What a process waits for: a message; the answers of those it has called; or something else of the library's, as a time
 * or a device.
 */
export type Awaits =
  readonly ["message"] | readonly ["answer", ...of: (Pid | readonly [string, string])[]] | readonly ["other"];

/** What {@link Process.info} tells. */
export interface ProcessInfo {
  readonly pid: Pid;
  readonly registeredName: string | null;
  /** `waiting` for a message, an answer or a time, else `running`: other awaits can't be seen from outside. */
  readonly status: "waiting" | "running";
  /** What it waits for, `null` while it runs. */
  readonly awaits: Awaits | null;
  readonly initialCall: string;
  readonly parent: Pid | null;
  readonly groupLeader: Pid;
  readonly trapExit: boolean;
  readonly links: readonly Pid[];
  readonly monitors: readonly (Pid | readonly [string, string])[];
  readonly monitoredBy: readonly Pid[];
  readonly messageQueueLen: number;
  /** Oldest first; the messages themselves, not copies. */
  readonly messages: readonly unknown[];
  readonly dictionary: ReadonlyMap<unknown, unknown>;
  /** An estimate, in bytes, of its mailbox, its dictionary, and a server's state. Variables of its function are in none. */
  readonly memory: number;
}

export function processInfo(process: Process): ProcessInfo {
  return {
    pid: process.pid,
    registeredName: process.name ?? null,
    status: process.waiting ? "waiting" : "running",
    awaits: awaitsOf(process),
    initialCall: process.initialCall,
    parent: process.parent ?? null,
    groupLeader: process.leader,
    trapExit: process.trapExit,
    links: [...(process.links ?? [])].filter(([, link]) => link.active).map(([pid]) => pid),
    monitors: [...(process.monitors?.values() ?? [])].map(({ target }) =>
      isPid(target) ? target : ([...target] as const),
    ),
    monitoredBy: [...(process.watchers?.values() ?? [])].map((watcher) => watcher.pid),
    messageQueueLen: process.mailbox.length,
    messages: process.mailbox.toArray(),
    dictionary: new Map(process.dictionary ?? []),
    memory: memoryOf(process),
  };
}

function awaitsOf(process: Process): Awaits | null {
  if (!process.waiting) return null;
  if (process.waiter !== undefined) return ["message"];
  const called: (Pid | readonly [string, string])[] = [];
  // A call is a monitor that is the address of its answer as well.
  for (const [ref, { target, sinks }] of process.monitors ?? [])
    if (sinks?.onDown !== undefined && process.aliases?.has(ref) === true) called.push(target);
  return called.length === 0 ? ["other"] : ["answer", ...called];
}
