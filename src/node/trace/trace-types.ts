import type { Pid, NodeName } from "../../term/pid.ts";
import type { Lives } from "./portable-text.ts";

/** What can be traced of a node. */
export type TraceTarget =
  | readonly ["pid", Pid]
  | readonly ["name", string]
  | readonly ["module", name: string, fun?: string]
  | readonly ["node"];

/** What is told of a process: `procs` are its spawns, links, names and its end. */
export const PROCESS_FLAGS = ["send", "receive", "procs"] as const;
/** What is told of a node: its log, and the nodes that it is connected to. */
export const NODE_FLAGS = ["log", "nodes"] as const;
export const CALL_FLAGS = ["call"] as const;
export type TraceFlag = (typeof PROCESS_FLAGS)[number] | (typeof NODE_FLAGS)[number] | (typeof CALL_FLAGS)[number];

/** What a node is asked to tell. All of it comes from another node, maybe. */
export interface TraceRequest {
  readonly target: TraceTarget;
  /** Who is told, and with whose end the trace ends. */
  readonly owner: Pid;
  /** Where the owner prints. */
  readonly leader: Pid;
  readonly flags?: readonly TraceFlag[] | undefined;
  /** Events a second. */
  readonly rate: number;
  /** Characters of a line. */
  readonly length: number;
  readonly colors: boolean;
}

/** What a node answers: the process that traces, and what is traced, in words. */
export interface TraceStarted {
  readonly tracer: Pid;
  readonly node: NodeName;
  readonly what: string;
  readonly flags: readonly TraceFlag[];
}

/** What the owner gets, and answers with `"more"` when it has printed it. */
export type TraceMessage = readonly [
  tag: "trace",
  tracer: Pid,
  lines: readonly string[],
  lives: Lives,
  /** How many events were left out before the last of these lines. */
  missed: number,
];
