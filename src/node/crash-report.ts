import { escapeControls } from "../term/escape.ts";
import { inspect } from "../term/inspect.ts";
import type { NodeName } from "../term/pid.ts";
import { isPid } from "../term/pid.ts";
import { formatExit } from "../process/format-exit.ts";
import { LEVELS, type Level, type LogEntry } from "../process/log.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Connections } from "./connections.ts";

/** The name under which nodes take each other's log entries. */
const LOGGER = "logger";

/**
 * Writes a report for every process that ends by an uncaught error: on its node, and where its group leader is, since
 * whoever started it from there would not hear of it otherwise.
 */
export function reportCrashes(runtime: Runtime, connections: () => Connections | undefined): void {
  runtime.onCrash ??= (process, reason) => {
    const message = crashMessage(process, reason);
    runtime.log("error", message, process.pid);
    forward(connections(), process, message);
  };
}

/** Takes the log entries that other nodes forward. Everything in them is checked and escaped. */
export function takeForwarded(runtime: Runtime, connections: Connections): void {
  connections.serve(LOGGER, (message, from) => {
    const entry = asEntry(message, from);
    if (entry !== undefined) runtime.logSink(entry);
  });
}

function crashMessage(process: Process, reason: unknown): string {
  const { pid, runtime } = process;
  const who = inspect(pid, { viewer: { node: runtime.name, creation: runtime.creation, indexOf: () => 0 } });
  const what = formatExit(reason).replace(/^an exception was raised:\n {4}/, "");
  return `Process ${who} on node ${runtime.name} raised an exception\n${what.replaceAll("\n    ", "\n")}`;
}

function forward(connections: Connections | undefined, process: Process, message: string): void {
  const origin = process.leader.node;
  if (connections === undefined || origin === process.runtime.name || connections.linkTo(origin) === undefined) return;
  connections.route(origin, connections.toService(LOGGER, ["log", "error", message, Date.now(), process.pid]));
}

function asEntry(message: unknown, node: NodeName): LogEntry | undefined {
  if (!Array.isArray(message)) return undefined;
  const [tag, level, text, time, pid] = message as unknown[];
  if (tag !== "log" || typeof text !== "string" || !LEVELS.includes(level as Level)) return undefined;
  return {
    level: level as Level,
    message: escapeControls(text.slice(0, 8192), { newlines: true }),
    time: typeof time === "number" ? time : Date.now(),
    node,
    pid: isPid(pid) ? pid : undefined,
  };
}
