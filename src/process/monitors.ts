import { ArgumentError } from "../term/error.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import type { Destination } from "./destination.ts";
import { LinkedHashMap } from "./linked-hash-map.ts";
import type { Alias, Runtime } from "./runtime.ts";
import type { Monitor, MonitorSinks, Process } from "./process.ts";
import { fireMonitor } from "./terminate.ts";

export interface MonitorOptions {
  /**
   * Makes the reference a destination too, until: the monitor ends (`demonitor`), the first message came (`reply`),
   * either of both (`replyDemonitor`), or it is dropped by hand (`explicit`).
   */
  readonly alias?: Alias["mode"];
}

/**
 * Watches a process: by pid, by name here, or by `[name, node]`. One `DOWN` comes, at once if it is not there
 * (`noproc`) or its node can't be reached (`noconnection`). Never throws for absence, never waits.
 */
export function monitor(
  process: Process,
  target: Destination,
  options: MonitorOptions = {},
  sinks?: MonitorSinks,
): Ref {
  const { runtime } = process;
  const entry: Monitor = {
    target: isPid(target) ? target : asPair(target, runtime),
    local: undefined,
    sinks,
  };
  const ref = runtime.makeRef();
  if (options.alias !== undefined) runtime.addAlias(ref, { process, mode: options.alias, sinks });
  if (target === process.pid) return ref;
  (process.monitors ??= new LinkedHashMap()).set(ref, entry);

  const node = isPid(target) ? target.node : (entry.target as readonly [string, NodeName])[1];
  const name = isPid(target) ? undefined : (entry.target as readonly [string, string])[0];
  const local = isPid(target)
    ? runtime.find(target)
    : node === runtime.name
      ? runtime.names.get(name ?? "")
      : undefined;
  if (local === process && name !== undefined) {
    // One's own name: never fires while one can still see it.
    process.monitors.delete(ref);
  } else if (local !== undefined) {
    entry.local = local;
    (local.watchers ??= new LinkedHashMap()).set(ref, { pid: process.pid, name });
  } else if (node === runtime.name) fireMonitor(process, ref, "noproc");
  else if (runtime.router === undefined) fireMonitor(process, ref, "noconnection");
  else runtime.router.route(node, { op: "monitor", from: process.pid, to: name ?? (target as Pid), ref });
  return ref;
}

export interface DemonitorOptions {
  /** Also takes a `DOWN` of this monitor out of the mailbox. */
  readonly flush?: boolean;
  /** Returns whether the monitor was still on, instead of `true`. */
  readonly info?: boolean;
}

/** Ends a monitor of this process; `true` also if there was none. A `DOWN` that has come already stays, unless flushed. */
export function demonitor(process: Process, ref: Ref, options: DemonitorOptions = {}): boolean {
  const { runtime } = process;
  const entry = process.monitors?.get(ref);
  if (entry !== undefined) {
    process.monitors?.delete(ref);
    if (entry.local !== undefined) entry.local.watchers?.delete(ref);
    else if (runtime.router !== undefined) {
      const target = entry.target;
      const [to, node] = isPid(target) ? [target, target.node] : [target[0], target[1] as NodeName];
      runtime.router.route(node, { op: "demonitor", from: process.pid, to, ref });
    }
  }
  const alias = runtime.aliases.get(ref.id);
  if (alias?.process === process && (alias.mode === "demonitor" || alias.mode === "replyDemonitor"))
    runtime.removeAlias(ref);
  if (options.flush === true) {
    const before = process.mailbox.length;
    process.mailbox.drop((message) => Array.isArray(message) && message[0] === "DOWN" && message[1] === ref);
    if (options.info === true) return entry !== undefined && before === process.mailbox.length;
  }
  return options.info === true ? entry !== undefined : true;
}

function asPair(target: string | readonly [string, NodeName] | Ref, runtime: Runtime): readonly [string, NodeName] {
  if (typeof target === "string") return [target, runtime.name];
  if (Array.isArray(target)) return [target[0] as string, target[1] as NodeName];
  throw new ArgumentError("A monitor's target is a pid, a name, or [name, node]");
}
