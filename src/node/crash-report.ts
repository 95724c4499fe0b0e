import { escapeControls } from "../term/escape.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import { formatExit } from "../process/format-exit.ts";
import type { LogEntry } from "../process/log.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { viewerOf } from "../process/viewer.ts";
import type { Connections } from "./connections.ts";

/**
 * Writes a report for every process that ends by an uncaught error: on its node, and where its group leader is, since
 * whoever started it from there would not hear of it otherwise.
 */
export function reportCrashes(runtime: Runtime, connections: () => Connections | undefined): void {
  runtime.onCrash ??= (process, reason) => {
    const raised = formatExit(reason)
      .replace(/^an exception was raised:\n {4}/, "")
      .replaceAll("\n    ", "\n");
    runtime.log("error", crashMessage(runtime, process.pid, raised), process.pid);
    forward(connections(), process, raised);
  };
}

/** The pid as seen from the node that writes the line: another node's shows its number there. */
function crashMessage(runtime: Runtime, pid: Pid, raised: string): string {
  return `Process ${inspect(pid, { viewer: viewerOf(runtime) })} on node ${pid.node} raised an exception\n${raised}`;
}

function forward(connections: Connections | undefined, process: Process, raised: string): void {
  const origin = process.leader.node;
  if (connections === undefined || origin === process.runtime.name || connections.linkTo(origin) === undefined) return;
  connections.route(origin, connections.toService("logger", ["crash", raised, Date.now(), process.pid]));
}

/** The entry of a report that another node forwards, checked and escaped; `undefined` if it is none. */
export function asCrash(runtime: Runtime, message: unknown, node: NodeName): LogEntry | undefined {
  if (!Array.isArray(message)) return undefined;
  const [tag, raised, time, pid] = message as unknown[];
  // A node speaks for its own processes only.
  if (tag !== "crash" || typeof raised !== "string" || !isPid(pid) || pid.node !== node) return undefined;
  return {
    level: "error",
    message: crashMessage(runtime, pid, escapeControls(raised.slice(0, 8192), { newlines: true })),
    time: typeof time === "number" ? time : Date.now(),
    node,
    pid,
  };
}
