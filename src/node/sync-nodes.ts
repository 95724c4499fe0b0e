import { ArgumentError, MoebiError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import type { NodeName } from "../term/pid.ts";
import { current } from "../process/context.ts";
import { Process } from "../process/process-module.ts";
import { Node } from "./node-module.ts";
import { isNodeName } from "./node-name.ts";

/** Which nodes a start waits for. */
export interface SyncNodes {
  /** Are waited for, and can do without. */
  readonly optional?: readonly NodeName[];
  /** Without them the start fails. */
  readonly mandatory?: readonly NodeName[];
  /** How long, in milliseconds or Infinity. */
  readonly timeout: number;
}

const PAUSE_MS = 1000;

/**
 * Connects to nodes and waits for them, as Erlang's `sync_nodes_mandatory`, `sync_nodes_optional` and
 * `sync_nodes_timeout` do: until all are there, or the time is over. Gives those optional ones that are not.
 *
 * Rejects with `noconnection`, naming them, if mandatory ones are missing; with `badarg` for bad options.
 */
export async function syncNodes(options: SyncNodes): Promise<NodeName[]> {
  checkSyncNodes({ optional: [], mandatory: [], ...options });
  const { optional = [], mandatory = [], timeout } = options;
  const { clock, name } = current().runtime;
  const all = [...mandatory, ...optional];
  const until = clock.now() + timeout;
  for (;;) {
    const missing = all.filter((node) => node !== name && !Node.list("connected").includes(node));
    const connected = await Promise.all(missing.map((node) => within(Node.connect(node), until - clock.now())));
    const left = missing.filter((_, i) => connected[i] !== true);
    if (left.length === 0) return [];
    if (clock.now() >= until) return withoutMandatory(left, mandatory, timeout);
    await Process.sleep(Math.min(PAUSE_MS, until - clock.now()));
  }
}

/** A dial that takes longer than there is time is not waited for. */
function within(connecting: Promise<boolean | "ignored">, ms: number): Promise<unknown> {
  return ms === Infinity ? connecting : Promise.race([connecting, Process.sleep(Math.max(0, ms))]);
}

function withoutMandatory(left: NodeName[], mandatory: readonly NodeName[], timeout: number): NodeName[] {
  const needed = left.filter((node) => mandatory.includes(node));
  if (needed.length === 0) return left;
  throw new MoebiError("noconnection", `Without ${needed.join(", ")}, which can't be reached within ${timeout} ms`);
}

/** Throws `badarg` naming the setting that is wrong. */
export function checkSyncNodes({ optional, mandatory, timeout }: Readonly<Record<keyof SyncNodes, unknown>>): void {
  for (const [setting, nodes] of Object.entries({ syncNodesMandatory: mandatory, syncNodesOptional: optional })) {
    if (!Array.isArray(nodes) || !nodes.every(isNodeName))
      throw new ArgumentError(`${setting} is a list of node names, as ["n1@127.0.0.1"], not ${inspect(nodes)}`);
  }
  if (typeof timeout !== "number" || !(timeout >= 0))
    throw new ArgumentError(`syncNodesTimeout is a number of milliseconds, or Infinity, not ${inspect(timeout)}`);
}
