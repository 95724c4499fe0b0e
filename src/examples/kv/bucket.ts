import { Agent, type AgentOptions, type AgentPid, type AgentRef } from "../../otp/agent.ts";
import type { ChildSpec } from "../../otp/child-spec.ts";
import { defmodule } from "../../process/kernel.ts";
import "./kv.ts";

type Entries = Map<string, unknown>;

/**
 * A bucket: a process that keeps values by key. It may be on another node, so what is done to its state are functions of
 * this module, by name: they are found where the bucket is.
 */
export const Bucket = defmodule("KV.Bucket", {
  /** Starts an empty bucket, linked to the caller. */
  startLink: (options: AgentOptions = {}): Promise<AgentPid<Entries>> =>
    Agent.startLink(() => new Map<string, unknown>(), options),

  /** One that fails is not started again: it would be another bucket, and those who knew it would not notice. */
  childSpec: (options: AgentOptions = {}): ChildSpec => ({
    id: "KV.Bucket",
    start: ["KV.Bucket", "startLink", [options]],
    restart: "temporary",
  }),

  /** The value under a key; `null` if there is none. */
  get: (bucket: AgentRef, key: string): Promise<unknown> => Agent.get(bucket, Bucket, "read", [key]),

  /** Keeps a value under a key. `"ok"`. */
  put: (bucket: AgentRef, key: string, value: unknown): Promise<"ok"> =>
    Agent.update(bucket, Bucket, "write", [key, value]),

  /** Forgets a key. Gives the value it had, `null` if none. */
  delete: (bucket: AgentRef, key: string): Promise<unknown> => Agent.getAndUpdate(bucket, Bucket, "remove", [key]),

  read: (entries: Entries, key: string): unknown => entries.get(key) ?? null,

  write: (entries: Entries, key: string, value: unknown): Entries => entries.set(key, value),

  remove(entries: Entries, key: string): readonly [value: unknown, entries: Entries] {
    const value = Bucket.read(entries, key);
    entries.delete(key);
    return [value, entries];
  },
});
