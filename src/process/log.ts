import type { NodeName, Pid } from "../term/pid.ts";

/** How grave a log line is, least first. */
export const LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;
export type Level = (typeof LEVELS)[number];

/** One line (or block) for the log of a node. */
export interface LogEntry {
  readonly level: Level;
  readonly message: string;
  /** Milliseconds since the epoch: wall clock, for people only. */
  readonly time: number;
  /** The node it happened on: named on the line where that is another one. */
  readonly node: NodeName;
  readonly pid?: Pid | undefined;
}

/** Where entries go. */
export type LogSink = (entry: LogEntry) => void;

/** `10:02:38.384 [warning] …`, as Elixir prints it, with the node's name if it is not `viewer`. */
export function formatEntry(entry: LogEntry, viewer: NodeName): string {
  const time = new Date(entry.time);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  const where = entry.node === viewer ? "" : `[${entry.node}] `;
  return `${clock}.${String(time.getMilliseconds()).padStart(3, "0")} [${entry.level}] ${where}${entry.message}`;
}
