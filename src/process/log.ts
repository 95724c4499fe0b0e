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
  /** What is known besides: of the process, and of this entry. */
  readonly metadata?: Metadata | undefined;
}

/** Facts beside a log entry's text, by name. */
export type Metadata = Readonly<Record<string, unknown>>;

/** Marks what a supervisor writes of its children, which have mostly said themselves why they ended. */
export const SASL: Metadata = { domain: ["otp", "sasl"] };

/** Where entries go. */
export type LogSink = (entry: LogEntry) => void;
