import { escapeControls } from "../term/escape.ts";
import { inspect } from "../term/inspect.ts";
import { isPid, type NodeName } from "../term/pid.ts";
import { loggerOf } from "../otp/logger/state.ts";
import { type Level, LEVELS, type LogEntry, type Metadata } from "../process/log.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Connections } from "./connections.ts";
import { asCrash } from "./crash-report.ts";

/** The name under which nodes take what is logged elsewhere for a group leader here. */
export const LOGGER = "logger";

/** More of one line is cut: what another node logs must not fill this one's terminal. */
const MOST = 8192;
const MOST_METADATA = 32;

/**
 * What a process logs whose group leader is on another node appears there too: whoever started it from there would not
 * see it otherwise. Everything that arrives is checked and escaped.
 */
export function forwardLogs(runtime: Runtime, connections: Connections): void {
  connections.serve(LOGGER, (message, from) => {
    const entry = asCrash(runtime, message, from) ?? asLogged(message, from);
    if (entry !== undefined) runtime.logSink(entry);
  });
  loggerOf(runtime).forward = ({ level, message, time, pid, metadata }, { node }) => {
    if (connections.linkTo(node) === undefined) return;
    const shown = Object.entries(metadata ?? {}).map(([key, value]) => [key, textOf(value)]);
    connections.route(node, connections.toService(LOGGER, ["log", level, message, time, pid, shown]));
  };
}

/** Of metadata only what it shows as is sent: it may hold what can't be. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}

function asLogged(message: unknown, node: NodeName): LogEntry | undefined {
  if (!Array.isArray(message)) return undefined;
  const [tag, level, text, time, pid, metadata] = message as unknown[];
  // A node speaks for its own processes only.
  if (tag !== "log" || !LEVELS.includes(level as Level) || typeof text !== "string") return undefined;
  if (!isPid(pid) || pid.node !== node) return undefined;
  return {
    level: level as Level,
    message: escapeControls(text.slice(0, MOST), { newlines: true }),
    time: typeof time === "number" && Number.isFinite(time) ? time : Date.now(),
    node,
    pid,
    metadata: asMetadata(metadata),
  };
}

function asMetadata(value: unknown): Metadata | undefined {
  if (!Array.isArray(value)) return undefined;
  const pairs = (value as unknown[])
    .slice(0, MOST_METADATA)
    .filter(
      (pair): pair is [string, string] =>
        Array.isArray(pair) && typeof pair[0] === "string" && typeof pair[1] === "string",
    );
  return Object.fromEntries(pairs.map(([key, text]) => [key, escapeControls(text.slice(0, MOST))]));
}
