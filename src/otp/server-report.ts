import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { isExit } from "../process/exit.ts";
import { formatExit, formatThrown } from "../process/format-exit.ts";
import type { Process } from "../process/process.ts";
import type { Handlers } from "./serve.ts";

/** What a server was at when it ended; for a call, with who called. */
export interface LastMessage {
  readonly message: unknown;
  readonly from?: Pid;
}

interface Termination {
  readonly reason: unknown;
  /** What was thrown, if that is why it ends. */
  readonly thrown: unknown;
  readonly last: LastMessage | undefined;
}

/** Logs that a server ends by what is no ordinary reason: why, what it was at, its state, and who called. */
export function reportTermination(
  process: Process,
  handlers: Pick<Handlers, "name" | "getState" | "formatState">,
  { reason, thrown, last }: Termination,
): void {
  const { runtime, name, pid } = process;
  const lines = [
    `GenServer ${inspect(name ?? handlers.name ?? pid)} terminating`,
    thrown !== undefined && !isExit(thrown) ? formatThrown(thrown) : `** (stop) ${formatExit(reason)}`,
  ];
  if (last !== undefined) {
    const from = last.from === undefined ? "" : ` (from ${inspect(last.from)})`;
    lines.push(`Last message${from}: ${inspect(last.message)}`);
  }
  const state = stateOf(handlers, { reason, ...(last && { message: last.message }) });
  if (state !== undefined) lines.push(`State: ${inspect(state.value)}`);
  if (last?.from !== undefined) lines.push(clientLine(process, last.from));
  runtime.log("error", lines.join("\n"), pid);
}

/** Showing a state may fail, being the user's code; that must not hide why the server ended. */
function stateOf(
  handlers: Pick<Handlers, "getState" | "formatState">,
  about: { readonly message?: unknown; readonly reason: unknown },
): { readonly value: unknown } | undefined {
  try {
    if (handlers.formatState !== undefined) return { value: handlers.formatState(about) };
  } catch {
    // The state as it is, then.
  }
  return handlers.getState === undefined ? undefined : { value: handlers.getState() };
}

function clientLine({ runtime }: Process, client: Pid): string {
  if (client.node !== runtime.name) return `Client ${inspect(client)} is remote on node ${client.node}`;
  return `Client ${inspect(client)} is ${runtime.find(client) === undefined ? "dead" : "alive"}`;
}
