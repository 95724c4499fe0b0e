import { tagOf } from "../term/atom.ts";
import { copy } from "../term/copy.ts";
import { MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { reasonOfThrown } from "../process/exit.ts";
import { formatExit } from "../process/format-exit.ts";

/** Thrown by a `start` or `startLink` that started nothing: `reason` says why. Its code is the reason's tag. */
export class StartError extends MoebiError {
  readonly reason: unknown;

  constructor(code: string, message: string, reason: unknown) {
    super(code, message);
    this.reason = reason;
  }

  override get name(): string {
    return "StartError";
  }
}

/** The error for a name that `pid` holds. Code `already_started`, reason `["already_started", pid]`. */
export function alreadyStarted(name: unknown, pid: Pid | null): StartError {
  return new StartError("already_started", `${inspect(name)} is the name of ${inspect(pid)} already`, [
    "already_started",
    pid,
  ]);
}

/**
 * What a start throws because of what the new process threw while it started: that itself if it is an error, else a
 * {@link StartError} with the reason. A copy, as it is from another process.
 */
export function startFailure(thrown: unknown): Error {
  return startError(copy(reasonOfThrown(thrown)));
}

/** The error for a process that ended while it started. */
export function startError(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  const tag = tagOf(reason) ?? (Array.isArray(reason) ? tagOf(reason[0]) : undefined);
  return new StartError(tag ?? "start_failed", `The process did not start: ${formatExit(reason)}`, reason);
}

/** The reason in what a start threw: what Erlang's would have returned in `{error, Reason}`. */
export function startReason(thrown: unknown): unknown {
  return thrown instanceof StartError ? thrown.reason : reasonOfThrown(thrown);
}
