import { inspect } from "../../term/inspect.ts";
import { isPid, type Pid } from "../../term/pid.ts";
import { controllerOf } from "../../otp/application-controller.ts";
import { genCall } from "../../otp/gen-call.ts";
import { listed } from "../../otp/supervisor-client.ts";
import type { Runtime } from "../../process/runtime.ts";
import type { TreeChild, TreeReport } from "./types.ts";

/** A supervisor that is starting a child answers later; whoever looks does not wait. */
const PATIENCE_MS = 500;
/** Of one supervisor's children, no more are told. */
const MOST_CHILDREN = 500;
/** No more supervisors are asked at once. */
const MOST_OPEN = 100;

const SUPERVISORS = new Set(
  ["Supervisor", "DynamicSupervisor", "PartitionSupervisor", "Task.Supervisor"].map((name) => `${name}.init/1`),
);

/** The tops of a node's supervision trees, and the children of the supervisors in `open`. */
export async function tree(runtime: Runtime, open: readonly Pid[]): Promise<TreeReport> {
  const applications = controllerOf(runtime)
    .started.reverse()
    .map(({ name }): TreeChild => {
      const pid = controllerOf(runtime).topOf(name);
      return { pid, label: name, supervisor: pid !== undefined, state: pid === undefined ? "undefined" : "running" };
    });
  const children = await Promise.all(
    open.slice(0, MOST_OPEN).map(async (pid) => {
      const answer = await childrenOf(runtime, pid);
      return [pid, answer?.slice(0, MOST_CHILDREN).map(childOf), answer?.length ?? 0] as const;
    }),
  );
  return { roots: [...applications, ...looseSupervisors(runtime)], children };
}

/** Supervisors that somebody started by hand, and no server. */
function looseSupervisors(runtime: Runtime): TreeChild[] {
  const found: TreeChild[] = [];
  for (const process of runtime.processes.values()) {
    if (process.server === undefined || !SUPERVISORS.has(process.initialCall)) continue;
    const parent = process.parent === undefined ? undefined : runtime.find(process.parent);
    if (parent?.server !== undefined || parent?.initialCall.startsWith("Application.") === true) continue;
    found.push({ pid: process.pid, label: labelOf(runtime, process.pid), supervisor: true, state: "running" });
    if (found.length === MOST_CHILDREN) break;
  }
  return found;
}

function labelOf(runtime: Runtime, pid: Pid): string {
  const process = runtime.find(pid);
  return process?.name ?? process?.initialCall.replace(/\.init\/1$/, "") ?? "";
}

async function childrenOf(runtime: Runtime, pid: Pid): Promise<ReturnType<typeof listed> | undefined> {
  const process = isPid(pid) ? runtime.find(pid) : undefined;
  if (process?.server === undefined) return undefined;
  try {
    return listed(await genCall(pid, "which_children", PATIENCE_MS, ["Supervisor", "whichChildren", [pid]]));
  } catch {
    return undefined;
  }
}

function childOf([id, child, type]: ReturnType<typeof listed>[number]): TreeChild {
  const label =
    typeof id === "string" && id !== "undefined" ? id : inspect(id, { depth: 2, breakLength: Infinity, custom: false });
  return {
    pid: isPid(child) ? child : undefined,
    label: id === "undefined" || id === undefined ? "" : label.slice(0, 200),
    supervisor: type === "supervisor",
    state: isPid(child) ? "running" : child,
  };
}
