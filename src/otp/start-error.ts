import { MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";

/** Thrown by a `start` or `startLink` that started nothing: `reason` says why. Its code is the reason's tag. */
export class StartError extends MoebiError {
  readonly reason: unknown;

  constructor(code: string, message: string, reason: unknown) {
    super(code, message);
    this.reason = reason;
  }
}

/** The error for a name that `pid` holds. Code `already_started`, reason `["already_started", pid]`. */
export function alreadyStarted(name: string, pid: Pid): StartError {
  return new StartError("already_started", `"${name}" is the name of ${inspect(pid)} already`, [
    "already_started",
    pid,
  ]);
}
