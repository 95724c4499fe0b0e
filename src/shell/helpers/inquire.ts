import { connectionsOf } from "../../node/node-module.ts";
import { isNodeName } from "../../node/node-name.ts";
import { apply } from "../../node/erpc.ts";
import { measured } from "../../node/observed/measured.ts";
import type { ProcessReport } from "../../node/observed/types.ts";
import { vitalsOf } from "../../node/vitals.ts";
import type { Process } from "../../process/process.ts";
import { inspect } from "../../term/inspect.ts";
import { isPid, type NodeName, type Pid } from "../../term/pid.ts";
import { currentFunction, memoryText } from "../awaits-text.ts";
import { bytes, since, trip } from "../units.ts";
import { askFor, type Detail } from "./describe.ts";

/** Another node is not waited for longer. */
const PATIENCE_MS = 1000;

/** What has to be asked for, of a process or a node, and is not there at once. Nothing for any other value; never fails. */
export async function inquire(process: Process, value: unknown): Promise<Detail[]> {
  if (isPid(value)) return aboutPid(process, value);
  return typeof value === "string" && isNodeName(value) ? aboutNode(process, value) : [];
}

function isConnected({ runtime }: Process, node: NodeName): boolean {
  return connectionsOf(runtime)?.list("connected").includes(node) ?? false;
}

/** A look at a pid is no reason to connect. */
async function aboutPid(process: Process, pid: Pid): Promise<Detail[]> {
  if (pid.node === process.runtime.name || !isConnected(process, pid.node)) return [];
  const call = { what: "Moebi.Observed", fun: "process", args: [pid] };
  const answer: unknown = await apply(process, pid.node, call, PATIENCE_MS).catch(() => undefined);
  if (!Array.isArray(answer) || answer[0] !== "ok") return [["Alive", "its node does not answer"]];
  const report = answer[1] as ProcessReport | undefined;
  if (report === undefined || report === null) return [["Alive", "false"]];
  const list = (items: readonly unknown[]): string =>
    items.length === 0 ? "none" : items.map((item) => inspect(item)).join(", ");
  const { state } = report;
  return [
    ["Alive", "true"],
    ["Name", report.name ?? "not registered"],
    ["Links", list(report.links)],
    ["Monitors", list(report.monitors)],
    ["Message queue length", String(report.mailbox)],
    ["Current status", report.waiting ? "waiting" : "running"],
    // A node of an earlier version does not tell.
    ...((report.awaits as ProcessReport["awaits"] | undefined) === undefined
      ? []
      : [
          ["Current function", currentFunction({ awaits: report.awaits, server: state !== undefined })] as const,
          ["Memory", memoryText(report.memory)] as const,
        ]),
    ["Initial call", report.initialCall],
    ["Group leader", inspect(report.groupLeader)],
    ["Up", since(report.age)],
    ...(typeof state === "object" ? [["State", state.text] as const] : []),
    ["Description", `${askFor(pid)} tells more about this process`],
  ];
}

async function aboutNode(process: Process, node: NodeName): Promise<Detail[]> {
  const { runtime } = process;
  const here = node === runtime.name;
  if (!here && !isConnected(process, node)) return [];
  const answer = here ? undefined : await measured(process, node, PATIENCE_MS);
  const vitals = here ? vitalsOf(runtime) : answer?.vitals;
  const details: Detail[] = [];
  if (answer !== undefined)
    details.push(["Round trip", answer.roundTrip === "timeout" ? "it does not answer" : trip(answer.roundTrip)]);
  if (vitals !== undefined) {
    details.push(["Processes", String(vitals.processes)]);
    details.push(["Memory", `${bytes(vitals.rss)}, ${bytes(vitals.heapUsed)} of it values`]);
    details.push(["Up", since(vitals.uptime)]);
  }
  return details;
}
