import type { Pid } from "../term/pid.ts";
import { isPid } from "../term/pid.ts";
import { sendToAlias } from "./destination.ts";
import { LinkedHashMap } from "./linked-hash-map.ts";
import type { Process } from "./process.ts";
import type { Runtime } from "./runtime.ts";
import type { Signal } from "./signal.ts";
import { exitByLink, exitBySignal, fireMonitor } from "./terminate.ts";

/** The signals that {@link receiveSignal} handles; spawning is the distribution's. */
export type ProcessSignal = Exclude<Signal, { op: "spawn" | "spawnReply" }>;

/**
 * A signal from another node arrives. `reply` sends back over the link it came by. Signals to a process of an earlier
 * life of this node find nobody. The message is taken as it is: the carrier made it for us alone.
 */
export function receiveSignal(runtime: Runtime, signal: ProcessSignal, reply: (signal: Signal) => void): void {
  switch (signal.op) {
    case "send": {
      const process = runtime.find(signal.to);
      if (process !== undefined) runtime.deliver(process, signal.message);
      return;
    }
    case "sendName": {
      const process = runtime.names.get(signal.name);
      if (process !== undefined) runtime.deliver(process, signal.message);
      return;
    }
    case "sendAlias":
      sendToAlias(runtime, signal.alias, signal.message, true);
      return;
    case "link": {
      const process = runtime.find(signal.to);
      if (process === undefined) reply({ op: "exit", from: signal.to, to: signal.from, reason: "noproc" });
      // An inactive link is one we have just unlinked; the partner will hear of it.
      else if (process.links?.has(signal.from) !== true) {
        (process.links ??= new LinkedHashMap()).set(signal.from, { active: true, unlinkId: 0 });
        runtime.tracer?.happened(process, ["gettingLinked", signal.from]);
      }
      return;
    }
    case "unlink": {
      const process = runtime.find(signal.to);
      if (process?.links?.get(signal.from)?.active === true) {
        process.links.delete(signal.from);
        runtime.tracer?.happened(process, ["gettingUnlinked", signal.from]);
      }
      reply({ op: "unlinkAck", from: signal.to, to: signal.from, id: signal.id });
      return;
    }
    case "unlinkAck": {
      const process = runtime.find(signal.to);
      const link = process?.links?.get(signal.from);
      if (link?.active === false && link.unlinkId === signal.id) process?.links?.delete(signal.from);
      return;
    }
    case "exit": {
      const process = runtime.find(signal.to);
      if (process !== undefined) exitByLink(process, signal.from, signal.reason);
      return;
    }
    case "exit2": {
      const process = runtime.find(signal.to);
      if (process !== undefined) exitBySignal(process, signal.from, signal.reason);
      return;
    }
    case "monitor": {
      const { to } = signal;
      const process = isPid(to) ? runtime.find(to) : runtime.names.get(to);
      if (process === undefined) reply({ op: "down", from: to, to: signal.from, ref: signal.ref, reason: "noproc" });
      else
        (process.watchers ??= new LinkedHashMap()).set(signal.ref, {
          pid: signal.from,
          name: isPid(to) ? undefined : to,
        });
      return;
    }
    case "demonitor":
      demonitored(runtime, signal.to, signal);
      return;
    case "down": {
      const process = runtime.find(signal.to);
      if (process !== undefined) fireMonitor(process, signal.ref, signal.reason);
      return;
    }
    case "groupLeader": {
      const process = runtime.find(signal.to);
      if (process !== undefined) process.leader = signal.leader;
      return;
    }
  }
}

function demonitored(runtime: Runtime, to: Pid | string, signal: Extract<Signal, { op: "demonitor" }>): void {
  const process = isPid(to) ? runtime.find(to) : runtime.names.get(to);
  if (process?.watchers?.delete(signal.ref) === true || isPid(to)) return;
  // The name may have a new holder by now; the watched process still has the watcher.
  for (const other of runtime.processes.values()) if (other.watchers?.delete(signal.ref) === true) return;
}

/** The connection to a node is gone: every link and monitor over it fires, each once. */
export function connectionLost(runtime: Runtime, node: string): void {
  for (const process of [...runtime.processes.values()]) {
    if (process.watchers !== undefined) dropWatchersOn(process, node);
    for (const [ref, monitor] of process.monitors ?? []) {
      const on = isPid(monitor.target) ? monitor.target.node : monitor.target[1];
      if (on === node) fireMonitor(process, ref, "noconnection");
    }
    for (const [partner, link] of process.links ?? []) {
      if (partner.node !== node) continue;
      if (link.active) exitByLink(process, partner, "noconnection");
      else process.links?.delete(partner);
    }
  }
}

function dropWatchersOn(process: Process, node: string): void {
  for (const [ref, watcher] of process.watchers ?? []) if (watcher.pid.node === node) process.watchers?.delete(ref);
}

/** A signal that could not be sent, as its node can't be reached: whoever waits for an answer gets `noconnection`. */
export function undeliverable(runtime: Runtime, signal: Signal): void {
  switch (signal.op) {
    case "link":
      receiveSignal(runtime, { op: "exit", from: signal.to, to: signal.from, reason: "noconnection" }, nobody);
      return;
    case "monitor":
      receiveSignal(
        runtime,
        { op: "down", from: signal.to, to: signal.from, ref: signal.ref, reason: "noconnection" },
        nobody,
      );
      return;
    case "unlink": {
      runtime.find(signal.from)?.links?.delete(signal.to);
      return;
    }
    default:
  }
}

const nobody = (): void => undefined;
