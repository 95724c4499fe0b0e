import { ArgumentError } from "../term/error.ts";
import { type NodeName, type Pid, isPid } from "../term/pid.ts";
import { isRef, type Ref } from "../term/ref.ts";
import { copy } from "../term/copy.ts";
import type { Process } from "./process.ts";
import type { Runtime } from "./runtime.ts";
import { demonitor } from "./monitors.ts";

/** Whatever a message can be sent to: a pid, a name on this node, a name on a node, an alias. */
export type Destination = Pid | string | readonly [name: string, node: NodeName] | Ref;

/** Sends on behalf of `process`: returns at once, and never throws for absence, but for a bare name nobody holds. */
export function sendFrom(process: Process, destination: Destination, message: unknown): void {
  const { runtime } = process;
  process.unsent?.flush();
  if (runtime.tracer !== undefined) runtime.tracer.sent(process, destination, message);
  if (isPid(destination)) {
    const local = runtime.find(destination);
    if (local !== undefined) runtime.deliver(local, copy(message));
    else if (destination.node !== runtime.name) {
      runtime.router?.route(destination.node, { op: "send", from: process.pid, to: destination, message });
    }
  } else if (typeof destination === "string") {
    const local = runtime.names.get(destination);
    if (local === undefined) throw new ArgumentError(`Nobody is registered as "${destination}" on ${runtime.name}`);
    runtime.deliver(local, copy(message));
  } else if (isRef(destination)) {
    if (destination.node === runtime.name) sendToAlias(runtime, destination, message);
    else runtime.router?.route(destination.node, { op: "sendAlias", from: process.pid, alias: destination, message });
  } else if (Array.isArray(destination) && typeof destination[0] === "string" && typeof destination[1] === "string") {
    const [name, node] = destination as readonly [string, NodeName];
    if (node === runtime.name) {
      const local = runtime.names.get(name);
      if (local !== undefined) runtime.deliver(local, copy(message));
    } else runtime.router?.route(node, { op: "sendName", from: process.pid, name, message });
  } else {
    throw new ArgumentError("A message goes to a pid, a name, [name, node] or an alias");
  }
}

/** A message to an alias of this node. Lost if the alias is no longer on. */
export function sendToAlias(runtime: Runtime, ref: Ref, message: unknown, copied = false): void {
  const alias = ref.creation === runtime.creation ? runtime.aliases.get(ref.id) : undefined;
  if (alias === undefined) return;
  const own = copied ? message : copy(message);
  if (alias.mode === "reply" || alias.mode === "replyDemonitor") runtime.removeAlias(ref);
  if (alias.mode === "replyDemonitor") demonitor(alias.process, ref);
  if (alias.sinks?.onMessage !== undefined) {
    if (runtime.tracer !== undefined && alias.process.alive) runtime.tracer.received(alias.process, own);
    alias.sinks.onMessage(own);
  } else runtime.deliver(alias.process, own);
}
