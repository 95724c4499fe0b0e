import { isPid, type Pid } from "../term/pid.ts";
import type { Process } from "./process.ts";

/** What {@link Process.info} tells. */
export interface ProcessInfo {
  readonly pid: Pid;
  readonly registeredName: string | null;
  /** `waiting` for a message, an answer or a time, else `running`: other awaits can't be seen from outside. */
  readonly status: "waiting" | "running";
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
}

export function processInfo(process: Process): ProcessInfo {
  return {
    pid: process.pid,
    registeredName: process.name ?? null,
    status: process.waiting ? "waiting" : "running",
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
  };
}
