import { termKey } from "../../term/term-key.ts";
import type { Pid } from "../../term/pid.ts";

interface Members {
  readonly group: unknown;
  all: Pid[];
  local: Pid[];
}

/** The groups of a scope, as one node knows them. A process is listed as often as it has joined. */
export class GroupTable {
  private readonly groups = new Map<unknown, Members>();

  members(group: unknown): readonly Pid[] {
    return this.groups.get(termKey(group))?.all ?? [];
  }

  localMembers(group: unknown): readonly Pid[] {
    return this.groups.get(termKey(group))?.local ?? [];
  }

  /** All groups that have members, on this node or on any. */
  list(where: "local" | "all"): unknown[] {
    return [...this.groups.values()].filter((members) => members[where].length > 0).map(({ group }) => group);
  }

  join(group: unknown, pids: readonly Pid[], local: boolean): void {
    const key = termKey(group);
    let members = this.groups.get(key);
    if (members === undefined) this.groups.set(key, (members = { group, all: [], local: [] }));
    // New lists, as the old ones may be in somebody's hands.
    members.all = [...pids, ...members.all];
    if (local) members.local = [...pids, ...members.local];
  }

  /** Takes each of these away once; gives those that were there. */
  leave(group: unknown, pids: readonly Pid[]): Pid[] {
    const key = termKey(group);
    const members = this.groups.get(key);
    if (members === undefined) return [];
    const [all, left] = without(members.all, pids);
    members.all = all;
    [members.local] = without(members.local, pids);
    if (all.length === 0) this.groups.delete(key);
    return left;
  }
}

/** What is left of a list, and what was taken away from it. */
export function without(list: readonly Pid[], pids: readonly Pid[]): readonly [rest: Pid[], taken: Pid[]] {
  const counts = new Map<Pid, number>();
  for (const pid of pids) counts.set(pid, (counts.get(pid) ?? 0) + 1);
  const rest: Pid[] = [];
  const taken: Pid[] = [];
  for (const pid of list) {
    const count = counts.get(pid) ?? 0;
    counts.set(pid, count - 1);
    (count > 0 ? taken : rest).push(pid);
  }
  return [rest, taken];
}
