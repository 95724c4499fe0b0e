import type { Pid } from "../../term/pid.ts";
import { termKey } from "../../term/term-key.ts";

/** A process that is present in a topic under a key, and what is to be known of it. */
export interface Presence<M = unknown> {
  readonly key: unknown;
  readonly pid: Pid;
  readonly meta: M;
}

export type PresenceEvent = "join" | "update" | "leave";

/** What happened to presences of one topic. */
export type PresenceChange = readonly [event: PresenceEvent, topic: unknown, presences: readonly Presence[]];

/** A topic and who is present in it: how a table travels. */
export type Topic = readonly [topic: unknown, presences: readonly Presence[]];

/** In a topic, under a key of it, or all there are. */
export type Where = readonly [topic?: unknown, key?: unknown];

/** The presences of the processes of one node, by topic. A process is present once under each key of a topic. */
export class PresenceTable {
  private readonly topics = new Map<unknown, { readonly topic: unknown; readonly by: Map<unknown, Presence> }>();

  constructor(topics: readonly Topic[] = []) {
    for (const [topic, presences] of topics) for (const presence of presences) this.put(topic, presence);
  }

  get(topic: unknown, key: unknown, pid: Pid): Presence | undefined {
    return this.topics.get(termKey(topic))?.by.get(termKey([key, pid]));
  }

  /** Who is present in a topic, in the order they came. */
  list(topic: unknown): Presence[] {
    return [...(this.topics.get(termKey(topic))?.by.values() ?? [])];
  }

  all(): Topic[] {
    return [...this.topics.values()].map(({ topic, by }) => [topic, [...by.values()]]);
  }

  /** Adds a presence, or gives one that is there another meta. */
  put(topic: unknown, presence: Presence): PresenceChange {
    const name = termKey(topic);
    let found = this.topics.get(name);
    if (found === undefined) this.topics.set(name, (found = { topic, by: new Map() }));
    const id = termKey([presence.key, presence.pid]);
    const event = found.by.has(id) ? "update" : "join";
    found.by.set(id, presence);
    return [event, topic, [presence]];
  }

  /** Takes away a process' presences. */
  drop(pid: Pid, where: Where = []): PresenceChange[] {
    const [wanted, key] = where.map((term) => termKey(term));
    const changes: PresenceChange[] = [];
    for (const [name, { topic, by }] of this.topics) {
      if (where.length > 0 && name !== wanted) continue;
      const gone = [...by.values()].filter((one) => one.pid === pid && (where.length < 2 || termKey(one.key) === key));
      for (const one of gone) by.delete(termKey([one.key, pid]));
      if (by.size === 0) this.topics.delete(name);
      if (gone.length > 0) changes.push(["leave", topic, gone]);
    }
    return changes;
  }

  has(pid: Pid): boolean {
    return this.all().some(([, presences]) => presences.some((one) => one.pid === pid));
  }
}

/** What has happened between two states of a node's presences: who left, then who came or changed. */
export function changesBetween(before: PresenceTable, after: PresenceTable): PresenceChange[] {
  const changes: PresenceChange[] = [];
  const add = (event: PresenceEvent, topic: unknown, presences: Presence[]): void => {
    if (presences.length > 0) changes.push([event, topic, presences]);
  };
  for (const [topic, presences] of before.all())
    add(
      "leave",
      topic,
      presences.filter(({ key, pid }) => after.get(topic, key, pid) === undefined),
    );
  for (const [topic, presences] of after.all()) {
    const old = (one: Presence): Presence | undefined => before.get(topic, one.key, one.pid);
    add(
      "join",
      topic,
      presences.filter((one) => old(one) === undefined),
    );
    add(
      "update",
      topic,
      presences.filter((one) => {
        const known = old(one);
        return known !== undefined && termKey(known.meta) !== termKey(one.meta);
      }),
    );
  }
  return changes;
}
