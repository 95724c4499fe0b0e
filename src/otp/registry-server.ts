import { inspect } from "../term/inspect.ts";
import type { Pid } from "../term/pid.ts";
import { sendFrom } from "../process/destination.ts";
import { link, unlink } from "../process/links.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { isExitMessage } from "./envelope.ts";
import { KeyLocks } from "./key-locks.ts";
import { type RegistryEntry, RegistryTable } from "./registry-table.ts";
import type { Handlers } from "./serve.ts";

/** How a registry is started. */
export interface RegistryConfig {
  readonly name: string;
  readonly keys: "unique" | "duplicate";
  readonly listeners: readonly string[];
  readonly meta: Map<unknown, unknown>;
}

/** The registries of each node. Reading one is a look into it, not a call of its process. */
const registries = new WeakMap<Runtime, Map<string, RegistryServer>>();

/** The registry of that name that runs on a node, `undefined` if there is none. */
export function findRegistry(runtime: Runtime, name: string): RegistryServer | undefined {
  const server = registries.get(runtime)?.get(name);
  return server !== undefined && runtime.find(server.process.pid) !== undefined ? server : undefined;
}

/** A registry: its entries, and the process that clears away what the dead leave. Owners and registry end together. */
export class RegistryServer implements Handlers {
  readonly module = "Registry";
  readonly process: Process;
  readonly config: RegistryConfig;
  readonly table: RegistryTable;
  readonly locks = new KeyLocks();
  /** Owners that were not linked with it for another reason before. */
  private readonly linked = new Set<Pid>();

  constructor(process: Process, config: RegistryConfig) {
    const { runtime } = process;
    this.process = process;
    this.config = config;
    this.table = new RegistryTable((pid) => runtime.find(pid) !== undefined);
    let own = registries.get(runtime);
    if (own === undefined) registries.set(runtime, (own = new Map()));
    own.set(config.name, this);
  }

  /** Enters a process. Whoever is gone under that key is cleared away first. */
  add(owner: Process, entry: RegistryEntry): void {
    for (const stale of this.table.stale(entry.key)) this.drop(owner, stale);
    this.table.add(entry);
    const { pid } = this.process;
    if (owner.links?.get(pid)?.active !== true) {
      link(owner, pid);
      this.linked.add(owner.pid);
    }
    this.tell(owner, ["register", this.config.name, entry.key, entry.pid, entry.value]);
  }

  /** Takes entries of a living process out, and the link with its last. */
  remove(owner: Process, entries: readonly RegistryEntry[]): void {
    for (const entry of entries) this.drop(owner, entry);
    if (this.table.ownedBy(owner.pid).length === 0 && this.linked.delete(owner.pid)) unlink(owner, this.process.pid);
  }

  handleCall(request: unknown): unknown {
    this.log(`an unexpected call: ${inspect(request)}`);
    return ["error", ["bad_call", request]];
  }

  handleInfo(message: unknown): void {
    if (!isExitMessage(message)) {
      this.log(`an unexpected message: ${inspect(message)}`);
      return;
    }
    const [, pid] = message;
    this.linked.delete(pid);
    for (const entry of this.table.ownedBy(pid)) this.drop(this.process, entry);
  }

  terminate(): void {
    // Its owners hear of its end by their links.
  }

  private drop(by: Process, entry: RegistryEntry): void {
    this.table.remove(entry);
    this.tell(by, ["unregister", this.config.name, entry.key, entry.pid]);
  }

  private tell(by: Process, message: readonly unknown[]): void {
    for (const listener of this.config.listeners) sendFrom(by, [listener, by.runtime.name], message);
  }

  private log(what: string): void {
    const { runtime, pid } = this.process;
    runtime.log("error", `Registry ${inspect(this.config.name)} received ${what}`, pid);
  }
}
