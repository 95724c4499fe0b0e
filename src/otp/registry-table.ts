import type { Pid } from "../term/pid.ts";
import { termKey } from "../term/term-key.ts";

/** One registration. */
export interface RegistryEntry {
  readonly key: unknown;
  readonly pid: Pid;
  value: unknown;
}

/**
 * The entries of a registry, by key and by owner. Those of an owner that is gone are not there for anybody, whether
 * they have been cleared away yet or not.
 */
export class RegistryTable {
  private readonly alive: (pid: Pid) => boolean;
  private readonly byKey = new Map<unknown, RegistryEntry[]>();
  private readonly byPid = new Map<Pid, RegistryEntry[]>();

  constructor(alive: (pid: Pid) => boolean) {
    this.alive = alive;
  }

  add(entry: RegistryEntry): void {
    append(this.byKey, termKey(entry.key), entry);
    append(this.byPid, entry.pid, entry);
  }

  /** The entries under a key, oldest first. Equal keys are one, also if they are objects. */
  lookup(key: unknown): readonly RegistryEntry[] {
    return (this.byKey.get(termKey(key)) ?? []).filter(({ pid }) => this.alive(pid));
  }

  /** The entries under a key whose owners are gone. */
  stale(key: unknown): readonly RegistryEntry[] {
    return (this.byKey.get(termKey(key)) ?? []).filter(({ pid }) => !this.alive(pid));
  }

  /** The entries of an owner, oldest first, of one that is gone too. */
  ownedBy(pid: Pid): readonly RegistryEntry[] {
    return this.byPid.get(pid) ?? [];
  }

  /** The entries of an owner under a key. */
  own(key: unknown, pid: Pid): readonly RegistryEntry[] {
    return (this.byKey.get(termKey(key)) ?? []).filter((entry) => entry.pid === pid);
  }

  *all(): Generator<RegistryEntry> {
    for (const [pid, entries] of this.byPid) if (this.alive(pid)) yield* entries;
  }

  remove(entry: RegistryEntry): void {
    without(this.byKey, termKey(entry.key), entry);
    without(this.byPid, entry.pid, entry);
  }
}

function append<K>(map: Map<K, RegistryEntry[]>, key: K, entry: RegistryEntry): void {
  const entries = map.get(key);
  if (entries === undefined) map.set(key, [entry]);
  else entries.push(entry);
}

function without<K>(map: Map<K, RegistryEntry[]>, key: K, entry: RegistryEntry): void {
  const rest = (map.get(key) ?? []).filter((other) => other !== entry);
  if (rest.length === 0) map.delete(key);
  else map.set(key, rest);
}
