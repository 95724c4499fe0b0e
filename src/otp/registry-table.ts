import type { Pid } from "../term/pid.ts";
import { TermMap } from "../term/term-map.ts";

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
  private readonly byKey = new TermMap<RegistryEntry[]>();
  private readonly byPid = new Map<Pid, RegistryEntry[]>();

  constructor(alive: (pid: Pid) => boolean) {
    this.alive = alive;
  }

  add(entry: RegistryEntry): void {
    append(this.byKey, entry.key, entry);
    append(this.byPid, entry.pid, entry);
  }

  /** The entries under a key, oldest first. Equal keys are one, also if they are objects. */
  lookup(key: unknown): readonly RegistryEntry[] {
    const entries = this.byKey.get(key) ?? NONE;
    for (let i = 0; i < entries.length; i++)
      if (!this.alive((entries[i] as RegistryEntry).pid)) return entries.filter(({ pid }) => this.alive(pid));
    return entries;
  }

  /** The entries under a key whose owners are gone. */
  stale(key: unknown): readonly RegistryEntry[] {
    return (this.byKey.get(key) ?? NONE).filter(({ pid }) => !this.alive(pid));
  }

  /** The entries of an owner, oldest first, of one that is gone too. */
  ownedBy(pid: Pid): readonly RegistryEntry[] {
    return this.byPid.get(pid) ?? [];
  }

  /** The entries of an owner under a key. */
  own(key: unknown, pid: Pid): readonly RegistryEntry[] {
    return (this.byKey.get(key) ?? NONE).filter((entry) => entry.pid === pid);
  }

  *all(): Generator<RegistryEntry> {
    for (const [pid, entries] of this.byPid) if (this.alive(pid)) yield* entries;
  }

  remove(entry: RegistryEntry): void {
    without(this.byKey, entry.key, entry);
    without(this.byPid, entry.pid, entry);
  }
}

const NONE: readonly RegistryEntry[] = [];

/** What `Map` and {@link TermMap} have in common. */
interface Lists<K> {
  get(key: K): RegistryEntry[] | undefined;
  set(key: K, entries: RegistryEntry[]): unknown;
  delete(key: K): boolean;
}

function append<K>(map: Lists<K>, key: K, entry: RegistryEntry): void {
  const entries = map.get(key);
  if (entries === undefined) map.set(key, [entry]);
  else entries.push(entry);
}

function without<K>(map: Lists<K>, key: K, entry: RegistryEntry): void {
  const rest = (map.get(key) ?? []).filter((other) => other !== entry);
  if (rest.length === 0) map.delete(key);
  else map.set(key, rest);
}
