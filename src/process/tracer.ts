import type { Pid } from "../term/pid.ts";
import type { Destination } from "./destination.ts";
import type { Process } from "./process.ts";

/** What a process does that no message tells of. */
export type ProcessEvent =
  | readonly ["spawn", pid: Pid, initialCall: string]
  | readonly ["spawned", parent: Pid, initialCall: string]
  | readonly ["exit", reason: unknown]
  | readonly ["link" | "unlink" | "gettingLinked" | "gettingUnlinked", pid: Pid]
  | readonly ["register" | "unregister", name: string];

/**
 * Is told what all processes of a node do, as it happens and in the middle of it: it must neither throw nor send. A node has
 * one while somebody traces, else none, which is all that the untraced pay.
 */
export interface Tracer {
  /** A message has come for a process, or the answer to its call. */
  received(process: Process, message: unknown): void;
  /** A process sends. What it sends is not copied yet. */
  sent(process: Process, to: Destination, message: unknown): void;
  happened(process: Process, event: ProcessEvent): void;
}
