import { inspect } from "../../term/inspect.ts";
import { isPid, type Pid } from "../../term/pid.ts";
import { sys } from "../../otp/sys.ts";
import { processInfo } from "../../process/process-info.ts";
import type { Runtime } from "../../process/runtime.ts";
import { rowOf, type Sample } from "./process-table.ts";
import type { ProcessReport } from "./types.ts";

/** How long a server may take to tell its state, in milliseconds. */
const PATIENCE_MS = 500;
const MOST_MESSAGES = 20;
const MOST_PIDS = 50;
const MOST_TEXT = 2000;

/** What is known of one process, `undefined` if it is not alive. */
export async function processReport(runtime: Runtime, pid: Pid, sample?: Sample): Promise<ProcessReport | undefined> {
  const process = isPid(pid) ? runtime.find(pid) : undefined;
  if (process === undefined) return undefined;
  const info = processInfo(process);
  return {
    ...rowOf(process, runtime.uptime, sample),
    awaits: info.awaits,
    trapExit: info.trapExit,
    parent: info.parent ?? undefined,
    groupLeader: info.groupLeader,
    links: info.links.slice(0, MOST_PIDS),
    monitors: info.monitors.slice(0, MOST_PIDS),
    monitoredBy: info.monitoredBy.slice(0, MOST_PIDS),
    messages: info.messages.slice(0, MOST_MESSAGES).map((message) => text(message)),
    dictionary: [...info.dictionary].slice(0, MOST_MESSAGES).map(([key, value]) => [text(key), text(value)]),
    state: process.server !== undefined ? await stateOf(pid) : undefined,
  };
}

async function stateOf(pid: Pid): Promise<ProcessReport["state"]> {
  try {
    const state = await sys.getState(pid, PATIENCE_MS);
    return { text: text(state, 80) };
  } catch {
    return "timeout";
  }
}

/** Values are shown, never sent: they may be large, or such as can't cross. None is asked: who looks runs nothing. */
function text(value: unknown, breakLength = Infinity): string {
  const shown = inspect(value, { depth: 4, maxItems: 20, maxStringLength: 500, breakLength, custom: false });
  return shown.length > MOST_TEXT ? `${shown.slice(0, MOST_TEXT)}…` : shown;
}
