import type { NodeName } from "../term/pid.ts";
import { checkTimeout, request as ask } from "../process/call.ts";
import { current } from "../process/context.ts";
import { sendFrom } from "../process/destination.ts";
import { ArgumentError } from "../term/error.ts";
import type { Process } from "../process/process.ts";
import { tellProgress } from "../process/progress.ts";
import { type NamingClass, nameOfNamingClass } from "./server-name.ts";
import { callMessage, castMessage } from "./envelope.ts";

/** What servers answered, by node, and the nodes from which no answer came. */
export type MultiReplies<T = unknown> = readonly [
  replies: readonly (readonly [NodeName, T])[],
  badNodes: readonly NodeName[],
];

/**
 * Asks the servers of one name on several nodes at once, on this node and all that it is connected to unless told.
 * Gives `[[[node, reply], …], badNodes]`: bad are those without an answer, because the server or the node is not there, or
 * within `timeout` milliseconds, no limit unless told. A late answer is lost.
 */
export async function multiCall<T = unknown>(name: string | NamingClass, request: unknown): Promise<MultiReplies<T>>;
export async function multiCall<T = unknown>(
  nodes: readonly NodeName[],
  name: string | NamingClass,
  request: unknown,
  timeout?: number,
): Promise<MultiReplies<T>>;
export async function multiCall(...args: readonly unknown[]): Promise<MultiReplies> {
  const process = current();
  const [nodes, name, request, timeout = Infinity] = withNodes(process, args);
  checkTimeout(timeout);
  const told = tellProgress(process, "GenServer.multiCall", nodes.length);
  const outcomes = await Promise.all(
    nodes.map(async (node) => {
      const outcome = await ask(process, [name, node], (from) => callMessage(from, request), timeout);
      told?.step();
      return { node, outcome };
    }),
  ).finally(() => told?.end());
  const replies: [NodeName, unknown][] = [];
  const bad: NodeName[] = [];
  for (const { node, outcome } of outcomes) {
    if (outcome.ok) replies.push([node, outcome.value]);
    else bad.push(node);
  }
  return [replies, bad];
}

/** Casts to the servers of one name on several nodes, this one and all that it is connected to unless told. Always `"abcast"`. */
export function abcast(name: string | NamingClass, request: unknown): "abcast";
export function abcast(nodes: readonly NodeName[], name: string | NamingClass, request: unknown): "abcast";
export function abcast(...args: readonly unknown[]): "abcast" {
  const process = current();
  const [nodes, name, request] = withNodes(process, args);
  for (const node of nodes) sendFrom(process, [name, node], castMessage(request));
  return "abcast";
}

function withNodes(
  process: Process,
  args: readonly unknown[],
): readonly [nodes: readonly NodeName[], name: string, request: unknown, timeout?: unknown] {
  const [nodes, named, ...rest] = Array.isArray(args[0]) ? args : [allNodes(process), ...args];
  const name = typeof named === "function" ? nameOfNamingClass(named as unknown as NamingClass) : named;
  if (typeof name !== "string" || !(nodes as readonly unknown[]).every((node) => typeof node === "string")) {
    throw new ArgumentError(
      'Give the nodes, or none for all, then the name of the servers: multiCall(["kate@localhost"], "Name", request)',
    );
  }
  return [nodes as readonly NodeName[], name, rest[0], rest[1]];
}

function allNodes({ runtime }: Process): readonly NodeName[] {
  return [runtime.name, ...(runtime.router?.list?.() ?? [])];
}
