import { termKey } from "../../term/term-key.ts";
import { TermMap } from "../../term/term-map.ts";
import type { NodeName, Pid } from "../../term/pid.ts";

/** A name and who holds it. */
export type Entry = readonly [name: unknown, pid: Pid];

interface Held {
  readonly name: unknown;
  /** More than one only until a clash is resolved. The one known here for longest counts meanwhile. */
  readonly pids: Set<Pid>;
}

/** A name that several processes hold, one of them of the node that asks. */
export interface Clash {
  readonly name: unknown;
  readonly own: Pid;
  readonly others: readonly Pid[];
}

/**
 * Which process holds which name, as one node knows it. Each node answers for the names of its own processes, and
 * tells the others; so what a node knows of another is right as of that one's last word, and is dropped with it.
 */
export class NameTable {
  private readonly held = new TermMap<Held>();
  /** What each process holds. */
  private readonly byPid = new Map<Pid, Set<Held>>();
  private readonly clashing = new Set<Held>();

  holder(name: unknown): Pid | undefined {
    return this.held.get(name)?.pids.values().next().value;
  }

  holds(name: unknown, pid: Pid): boolean {
    return this.held.get(name)?.pids.has(pid) === true;
  }

  names(): unknown[] {
    return [...this.held.values()].map(({ name }) => name);
  }

  /** The names of a process. */
  namesOf(pid: Pid): unknown[] {
    return [...(this.byPid.get(pid) ?? [])].map(({ name }) => name);
  }

  /** Whether a process has any name. */
  uses(pid: Pid): boolean {
    return this.byPid.has(pid);
  }

  /**
   * Gives a name a holder, in the place of `replaced`. Those of other nodes only come after it: it is their nodes that
   * take the name from them, and whoever wanted it so may be gone before it has told them.
   */
  insert(name: unknown, pid: Pid, replaced: readonly Pid[] = []): void {
    let held = this.held.get(name);
    if (held === undefined) this.held.set(name, (held = { name, pids: new Set() }));
    const behind = replaced.filter((old) => old !== pid && held.pids.has(old) && old.node !== pid.node);
    for (const old of replaced) this.drop(held, old);
    this.add(held, pid);
    for (const old of behind) this.add(held, old);
  }

  private add(held: Held, pid: Pid): void {
    held.pids.add(pid);
    const names = this.byPid.get(pid);
    if (names === undefined) this.byPid.set(pid, new Set([held]));
    else names.add(held);
    if (held.pids.size > 1) this.clashing.add(held);
  }

  /** Whether it was there. */
  remove(name: unknown, pid: Pid): boolean {
    const held = this.held.get(name);
    if (held === undefined || !this.drop(held, pid)) return false;
    if (held.pids.size === 0) this.held.delete(name);
    return true;
  }

  private drop(held: Held, pid: Pid): boolean {
    if (!held.pids.delete(pid)) return false;
    if (held.pids.size < 2) this.clashing.delete(held);
    const names = this.byPid.get(pid);
    names?.delete(held);
    if (names?.size === 0) this.byPid.delete(pid);
    return true;
  }

  /** The names held by processes of a node. */
  entriesOf(node: NodeName): Entry[] {
    const entries: Entry[] = [];
    for (const { name, pids } of this.held.values())
      for (const pid of pids) if (pid.node === node) entries.push([name, pid]);
    return entries;
  }

  /** What a node says that its processes hold, in the place of all that was known of it. */
  replace(node: NodeName, entries: readonly Entry[]): void {
    const now = new Map(entries.map((entry) => [termKey(entry[0]), entry[1]]));
    for (const [name, pid] of this.entriesOf(node)) if (now.get(termKey(name)) !== pid) this.remove(name, pid);
    for (const [name, pid] of entries) this.insert(name, pid);
  }

  /** All holders of a name. */
  holders(name: unknown): Pid[] {
    return [...(this.held.get(name)?.pids ?? [])];
  }

  /** Names that several processes hold, one of them of `node`. */
  clashes(node: NodeName): Clash[] {
    const clashes: Clash[] = [];
    for (const { name, pids } of this.clashing) {
      const own = [...pids].find((pid) => pid.node === node);
      if (own !== undefined) clashes.push({ name, own, others: [...pids].filter((pid) => pid !== own) });
    }
    return clashes;
  }
}
