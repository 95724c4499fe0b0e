import { tagOf } from "../term/atom.ts";
import { copy } from "../term/copy.ts";
import { moduleNameOf } from "../term/module-name.ts";
import { isPid, type Pid } from "../term/pid.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { IGNORE } from "./start.ts";
import { startReason } from "./start-error.ts";
import { applyMfa, type Mfa } from "./task-protocol.ts";

/** What came of a start: a process, perhaps with something to tell, or none, as it did not want to be. */
export interface Started {
  readonly pid: Pid | undefined;
  readonly extra?: readonly [extra: unknown];
  readonly failed?: undefined;
}

export interface Failed {
  readonly failed: readonly [reason: unknown];
}

/**
 * Starts a child by its start function, in the calling process, which it is linked to with that. It may give a pid,
 * `"ignore"`, a pid with extra information, `[pid, extra]`, and the same as Erlang says it: `["ok", pid]`,
 * `["ok", pid, extra]`, `["error", reason]`. What it throws is a failure, as is whatever else it gives.
 */
export async function startChild(process: Process, mfa: Mfa): Promise<Started | Failed> {
  let value: unknown;
  try {
    value = await applyMfa(process.runtime, upToDate(process.runtime, mfa));
  } catch (thrown) {
    if (!process.alive) throw thrown;
    return { failed: [startReason(thrown)] };
  }
  return outcomeOf(value);
}

function outcomeOf(value: unknown): Started | Failed {
  if (isPid(value)) return { pid: value };
  if (tagOf(value) === IGNORE) return { pid: undefined };
  if (!Array.isArray(value)) return { failed: [value] };
  const [first, second, third] = value as readonly unknown[];
  if (isPid(first) && value.length === 2) return { pid: first, extra: [second] };
  const tag = tagOf(first);
  if (tag === "ok" && isPid(second) && value.length === 2) return { pid: second };
  if (tag === "ok" && isPid(second) && value.length === 3) return { pid: second, extra: [third] };
  return { failed: [tag === "error" && value.length === 2 ? second : value] };
}

/** The call with its modules as they are defined now, and arguments that no earlier start has had its hands on. */
function upToDate({ modules }: Runtime, [module, fun, args]: Mfa): Mfa {
  const own = copy<unknown[]>([...args]);
  const current = own.map((arg) => {
    const name = moduleNameOf(arg);
    return name === undefined ? arg : (modules.get(name) ?? arg);
  });
  return [module, fun, current];
}
