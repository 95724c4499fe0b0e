import { Application } from "../../otp/application.ts";
import { Task } from "../../otp/task.ts";
import { current } from "../../process/context.ts";
import { defmodule, node } from "../../process/kernel.ts";
import type { Module } from "../../process/modules.ts";
import { callOf } from "../../process/spawn.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";
import { ROUTER_TASKS } from "./kv.ts";

/** Buckets whose first byte is from the one to the other, both included, and the node that answers for them. */
export type Route = readonly [from: string, to: string, node: NodeName];

/** Which node does what: by the first byte of a bucket's name. */
export const Router = defmodule("KV.Router", {
  /**
   * Runs a function on the node that answers for a bucket, and gives what it gives. Another node is not told to run it but
   * to route it: its own table, which may differ, has the last word.
   *
   * Throws if the table has no such entry. The caller exits if the node can't be reached, and as the function there does.
   */
  async route(bucket: string, mod: Module | string, fun: string, args: readonly unknown[]): Promise<unknown> {
    const target = nodeFor(bucket);
    if (target === node()) return callOf(current().runtime, mod, fun, args).body();
    const task = await Task.Supervisor.async([ROUTER_TASKS, target], Router, "route", [bucket, mod, fun, args]);
    return Task.await(task);
  },

  /** The routing table, as it is configured. */
  table: () => Application.fetchEnv("kv", "routingTable") as readonly Route[],
});

function nodeFor(bucket: string): NodeName {
  const table = Router.table();
  const first = firstByte(bucket);
  const entry = table.find(([from, to]) => firstByte(from) <= first && first <= firstByte(to));
  if (entry === undefined) throw new Error(`could not find entry for ${inspect(bucket)} in table ${inspect(table)}`);
  return entry[2];
}

/** Not a number for the empty text, which nothing is from or to. */
function firstByte(text: string): number {
  return Buffer.from(text)[0] ?? NaN;
}
