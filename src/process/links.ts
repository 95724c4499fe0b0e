import type { Pid } from "../term/pid.ts";
import { Exit } from "./exit.ts";
import { LinkedHashMap } from "./linked-hash-map.ts";
import type { Process } from "./process.ts";

let lastUnlinkId = 0;

/**
 * Links `process` with the one named by `pid`, here or on another node. Linking twice is one link.
 * To a dead local process: `noproc`, as a message to who traps exits, thrown as an exit otherwise (Erlang does the same).
 * To one on another node the answer comes as an exit signal: `noproc` or `noconnection`.
 */
export function link(process: Process, pid: Pid): void {
  const { runtime } = process;
  if (pid === process.pid) return;
  const state = process.links?.get(pid);
  if (state?.active === true) return;
  const local = runtime.find(pid);
  if (local !== undefined) {
    (process.links ??= new LinkedHashMap()).set(pid, { active: true, unlinkId: 0 });
    (local.links ??= new LinkedHashMap()).set(process.pid, { active: true, unlinkId: 0 });
    runtime.tracer?.happened(process, ["link", pid]);
    runtime.tracer?.happened(local, ["gettingLinked", process.pid]);
    return;
  }
  if (pid.node === runtime.name || runtime.router === undefined) {
    const reason = pid.node === runtime.name ? "noproc" : "noconnection";
    if (!process.trapExit) throw new Exit(reason);
    runtime.deliver(process, ["EXIT", pid, reason]);
    return;
  }
  (process.links ??= new LinkedHashMap()).set(pid, { active: true, unlinkId: 0 });
  runtime.tracer?.happened(process, ["link", pid]);
  runtime.router.route(pid.node, { op: "link", from: process.pid, to: pid });
}

/**
 * Ends the link, if there is one. From here on the partner's end does nothing to this process, not even if its exit
 * signal is on its way: across nodes the link stays inactive until the partner has acknowledged.
 */
export function unlink(process: Process, pid: Pid): void {
  const state = process.links?.get(pid);
  if (state === undefined || !state.active) return;
  const { runtime } = process;
  const local = runtime.find(pid);
  runtime.tracer?.happened(process, ["unlink", pid]);
  if (local !== undefined || pid.node === runtime.name || runtime.router === undefined) {
    process.links?.delete(pid);
    local?.links?.delete(process.pid);
    if (local !== undefined) runtime.tracer?.happened(local, ["gettingUnlinked", process.pid]);
    return;
  }
  state.active = false;
  state.unlinkId = ++lastUnlinkId;
  runtime.router.route(pid.node, { op: "unlink", from: process.pid, to: pid, id: state.unlinkId });
}
