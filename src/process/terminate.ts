import { copy } from "../term/copy.ts";
import { isPid, type NodeName, type Pid } from "../term/pid.ts";
import type { Ref } from "../term/ref.ts";
import type { Monitor, Process, Watcher } from "./process.ts";

/**
 * The end of a process, at once for everybody: its name is free and its mailbox gone before anyone hears of it, then
 * its aliases, monitors and links end, then what it waits for is rejected. A second call does nothing: the first
 * reason counts.
 *
 * Deaths that follow from this one by links are handled one after another, not nested, so that a long chain does not
 * overflow the stack.
 */
export function terminate(process: Process, reason: unknown): void {
  if (!process.alive) return;
  process.alive = false;
  process.exitReason = reason;
  const { runtime } = process;
  runtime.tracer?.happened(process, ["exit", reason]);
  runtime.processes.delete(process.pid.id);
  if (process.name !== undefined) runtime.names.delete(process.name);
  for (const ref of process.aliases?.keys() ?? []) runtime.aliases.delete(ref.id);
  queue.push(process);
  if (queue.length > 1) return;
  try {
    for (let i = 0; i < queue.length; i++) {
      const dead = queue[i];
      if (dead !== undefined) tell(dead);
    }
  } finally {
    queue = [];
  }
}

let queue: Process[] = [];

/** Tells everybody who asked: monitors of the dead first, then its partners. */
function tell(dead: Process): void {
  dead.unsent?.end();
  dead.watchers?.forEach((watcher, ref) => tellWatcher(dead, watcher, ref));
  dead.watchers = undefined;
  dead.monitors?.forEach((monitor, ref) => endMonitor(dead, monitor, ref));
  dead.monitors = undefined;
  dead.links?.forEach((link, partner) => {
    if (link.active) tellPartner(dead, partner);
  });
  dead.links = undefined;
  dead.abandon();
}

function tellWatcher({ runtime, pid, exitReason }: Process, watcher: Watcher, ref: Ref): void {
  const watching = runtime.find(watcher.pid);
  if (watching !== undefined) fireMonitor(watching, ref, exitReason);
  else if (!runtime.isLocal(watcher.pid)) {
    const from = watcher.name ?? pid;
    runtime.router?.route(watcher.pid.node, { op: "down", from, to: watcher.pid, ref, reason: exitReason });
  }
}

function endMonitor({ runtime, pid }: Process, { local, target }: Monitor, ref: Ref): void {
  if (local !== undefined) {
    local.watchers?.delete(ref);
    return;
  }
  const [to, node] = isPid(target) ? [target, target.node] : target;
  if (node !== runtime.name) runtime.router?.route(node as NodeName, { op: "demonitor", from: pid, to, ref });
}

function tellPartner({ runtime, pid, exitReason }: Process, partner: Pid): void {
  const linked = runtime.find(partner);
  if (linked !== undefined) exitByLink(linked, pid, exitReason);
  else if (!runtime.isLocal(partner))
    runtime.router?.route(partner.node, { op: "exit", from: pid, to: partner, reason: exitReason });
}

/** A monitor fires: the watcher gets its `DOWN`, or the call that waits for it ends. */
export function fireMonitor(watching: Process, ref: Ref, reason: unknown): void {
  const monitor = watching.monitors?.get(ref);
  if (monitor === undefined) return;
  watching.monitors?.delete(ref);
  const { runtime } = watching;
  const alias = runtime.aliases.get(ref.id);
  if (alias !== undefined && alias.process === watching && alias.mode !== "explicit" && alias.mode !== "reply")
    runtime.removeAlias(ref);
  if (monitor.sinks?.onDown !== undefined) {
    runtime.tracer?.received(watching, ["DOWN", ref, "process", monitor.target, reason]);
    monitor.sinks.onDown(reason);
  } else runtime.deliver(watching, ["DOWN", ref, "process", copy(monitor.target), copy(reason)]);
}

/** A linked partner ended. Ignored unless the link is active; a `normal` end is only told to who traps exits. */
export function exitByLink(process: Process, from: Pid, reason: unknown): void {
  const link = process.links?.get(from);
  if (link === undefined || !link.active) return;
  process.links?.delete(from);
  if (process.trapExit) process.runtime.deliver(process, ["EXIT", from, copy(reason)]);
  else if (reason !== "normal") terminate(process, reason);
}

/** An exit signal that somebody sent: `kill` can't be trapped and is seen as `killed`; `normal` does nothing to others. */
export function exitBySignal(process: Process, from: Pid, reason: unknown): void {
  if (!process.alive) return;
  if (reason === "kill") terminate(process, "killed");
  else if (process.trapExit) process.runtime.deliver(process, ["EXIT", from, copy(reason)]);
  else if (reason !== "normal" || from === process.pid) terminate(process, reason);
}

/**
 * Sends an exit signal on behalf of `process`, which may have exited itself. To one of this node it takes effect before
 * this returns.
 */
export function sendExit(process: Process, pid: Pid, reason: unknown): void {
  const { runtime } = process;
  const target = runtime.find(pid);
  if (target !== undefined) exitBySignal(target, process.pid, reason);
  else if (pid.node !== runtime.name)
    runtime.router?.route(pid.node, { op: "exit2", from: process.pid, to: pid, reason });
}
