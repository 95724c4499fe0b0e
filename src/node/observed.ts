/** What a node tells an observer, whichever node that is on: the module `Moebi.Observed`, called by `erpc` with a time limit. */
import { arch, platform } from "node:os";
import type { Pid } from "../term/pid.ts";
import { current } from "../process/context.ts";
import { connectionsOf } from "./node-module.ts";
import { processReport } from "./observed/process-report.ts";
import { processTable } from "./observed/process-table.ts";
import { tree as treeOf } from "./observed/tree.ts";
import type { EventReport, ProcessQuery, ProcessReport, ProcessTable, Summary, TreeReport } from "./observed/types.ts";
import { watchOf } from "./observed/watch.ts";
import { vitalsOf } from "./vitals.ts";

/** The node, and those that it is connected to, with what their connections have carried. */
export function summary(): Summary {
  const { runtime } = current();
  const watch = watchOf(runtime);
  const connections = connectionsOf(runtime);
  const peers = (connections?.list("connected") ?? []).flatMap((node) => {
    const link = connections?.linkTo(node);
    if (link === undefined) return [];
    const { bytesIn, bytesOut, signalsIn, signalsOut } = link.stats;
    const measured = watch.measured(node);
    return [
      {
        node,
        hidden: connections?.hides(link.peer) ?? false,
        busy: connections?.state(node) === "busy",
        ...{ bytesIn, bytesOut, signalsIn, signalsOut, queued: link.queuedBytes },
        roundTrip: measured?.roundTrip,
        vitals: measured?.vitals,
      },
    ];
  });
  const system = `Node ${process.versions.node} ${platform()} ${arch()}`;
  return {
    node: runtime.name,
    at: runtime.uptime,
    vitals: vitalsOf(runtime),
    system,
    health: watch.health.look(),
    peers,
  };
}

/** The processes that come first. See {@link ProcessQuery}. */
export function processes(query: ProcessQuery = {}): ProcessTable {
  const { runtime } = current();
  const watch = watchOf(runtime);
  return processTable(runtime, query, watch.sample(), watch.estimates);
}

/** The supervision trees, unfolded at the supervisors in `open`. */
export function tree(open: readonly Pid[] = []): Promise<TreeReport> {
  return treeOf(current().runtime, open);
}

/** One process; `undefined` if it is not alive. */
export function processDetails(pid: Pid): Promise<ProcessReport | undefined> {
  const { runtime } = current();
  return processReport(runtime, pid, watchOf(runtime).sample());
}

/** What happened after the event with that number, as long as the node is observed. */
export function events(after = 0): EventReport {
  return watchOf(current().runtime).since(after);
}
