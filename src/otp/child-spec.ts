import type { Module } from "../process/modules.ts";
import type { Restart } from "./task-protocol.ts";

/** How a supervisor starts, restarts and stops a child. */
export interface ChildSpec {
  readonly id: unknown;
  /** Module, function and arguments that start it, linked. */
  readonly start: readonly [module: Module | string, fun: string, args: readonly unknown[]];
  /** `"permanent"` unless told. */
  readonly restart?: Restart;
  /** Milliseconds it gets to end by itself, or `"brutalKill"`. */
  readonly shutdown?: number | "brutalKill";
  readonly type?: "worker" | "supervisor";
}
