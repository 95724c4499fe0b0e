import { tagOf } from "../term/atom.ts";
import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { reasonOfThrown } from "../process/exit.ts";
import type { Process } from "../process/process.ts";
import type { Handlers } from "./serve.ts";

/** The server that is asked. */
export interface Asked {
  readonly process: Process;
  readonly parent: Pid | undefined;
  readonly handlers: Handlers;
  readonly suspended: boolean;
  /** The events that `sys.log` has kept. */
  readonly logged: readonly unknown[];
}

/** The answer to what `sys` asks, but for the order to stop, in the shapes in which Erlang's servers answer. */
export function answerSystem(asked: Asked, request: unknown): unknown {
  const { handlers } = asked;
  const tag = tagOf(request) ?? (Array.isArray(request) ? tagOf(request[0]) : undefined);
  switch (tag) {
    case "suspend":
    case "resume":
      return "ok";
    case "get_state":
      return ["ok", handlers.getState?.()];
    case "replace_state":
      return replaceState(handlers, (request as readonly unknown[])[1]);
    case "get_status":
      return status(asked);
    default:
      return ["error", ["unknown_system_msg", request]];
  }
}

function replaceState(handlers: Handlers, change: unknown): unknown {
  if (typeof change !== "function" || handlers.replaceState === undefined) return ["error", "badarg"];
  try {
    return ["ok", handlers.replaceState(change as (state: unknown) => unknown)];
  } catch (thrown) {
    // The state is as it was.
    return ["error", ["callback_failed", ["sys", "replace_state"], reasonOfThrown(thrown)]];
  }
}

function status({ process, parent, handlers, suspended, logged }: Asked): unknown {
  const { pid, name, dictionary } = process;
  const running = suspended ? "suspended" : "running";
  const state = handlers.formatState === undefined ? handlers.getState?.() : handlers.formatState({});
  return [
    "status",
    pid,
    ["module", handlers.module ?? "GenServer"],
    [
      [...(dictionary ?? [])],
      running,
      parent ?? pid,
      [],
      [
        ["header", `Status for generic server ${inspect(name ?? pid)}`],
        [
          "data",
          [
            ["Status", running],
            ["Parent", parent ?? pid],
            ["Logged events", logged],
          ],
        ],
        ["data", [["State", state]]],
      ],
    ],
  ];
}
