import { Application } from "../../otp/application.ts";
import { DynamicSupervisor } from "../../otp/dynamic-supervisor.ts";
import { GenServer } from "../../otp/gen-server.ts";
import { Registry } from "../../otp/registry.ts";
import type { ServerName } from "../../otp/server-name.ts";
import { defmodule } from "../../process/kernel.ts";
import { hasCode } from "../../term/error.ts";
import type { Pid } from "../../term/pid.ts";

/** The names of the application's processes. */
export const REGISTRY = "KV.Registry";
export const BUCKET_SUPERVISOR = "KV.BucketSupervisor";
export const ROUTER_TASKS = "KV.RouterTasks";
export const SERVER_TASKS = "KV.ServerTasks";

/**
 * Who knows a bucket by its name: this node's registry, or, if the setting `naming` is `"global"`, all connected nodes.
 * It is read at each use, so that it can be changed at the prompt.
 */
function nameOf(bucket: string): ServerName {
  if (Application.getEnv("kv", "naming") === "global") return { global: bucket };
  return { via: [Registry, [REGISTRY, bucket]] };
}

/** A key-value store of buckets by name, each a process. */
export const KV = defmodule("KV", {
  /** The bucket of that name, created on this node unless there is one. Of two who create it at once, both get the same. */
  async createBucket(bucket: string): Promise<Pid> {
    const known = await KV.lookupBucket(bucket);
    if (known !== null) return known;
    try {
      // The module by its name: it is that of this node, and as it is defined now.
      return await DynamicSupervisor.startChild(BUCKET_SUPERVISOR, ["KV.Bucket", { name: nameOf(bucket) }]);
    } catch (error) {
      const winner = hasCode(error, "already_started") ? await KV.lookupBucket(bucket) : null;
      if (winner === null) throw error;
      return winner;
    }
  },

  /** The pid of a bucket; `null` if there is none of that name. */
  async lookupBucket(bucket: string): Promise<Pid | null> {
    return GenServer.whereis<ServerName>(nameOf(bucket));
  },
});
