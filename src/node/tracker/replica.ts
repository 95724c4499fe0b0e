import type { Pid } from "../../term/pid.ts";
import {
  changesBetween,
  type Presence,
  type PresenceChange,
  PresenceTable,
  type Topic,
  type Where,
} from "./presence-table.ts";

/** A change as one tracker tells it to another. */
export type Told =
  readonly [tag: "put", topic: unknown, presence: Presence] | readonly [tag: "drop", pid: Pid, where: Where];

/**
 * What one life of another node's tracker has said. Each step gives the changes that who reads the lists sees: none
 * while it is down, as its presences are not listed then.
 */
export class Replica {
  readonly tracker: Pid;
  status: "up" | "down" = "up";
  private table = new PresenceTable();

  constructor(tracker: Pid) {
    this.tracker = tracker;
  }

  /** Who is listed. */
  get listed(): PresenceTable {
    return this.status === "up" ? this.table : new PresenceTable();
  }

  /** All it has, in the place of what was known: it is there. */
  sync(topics: readonly Topic[]): PresenceChange[] {
    return this.become("up", new PresenceTable(topics));
  }

  /** Was silent for too long. What it had is kept, as it may be back. */
  hide(): PresenceChange[] {
    return this.become("down", this.table);
  }

  /** Will not be back. */
  forget(): PresenceChange[] {
    return this.become("down", new PresenceTable());
  }

  tell(change: Told): PresenceChange[] {
    const changes =
      change[0] === "put" ? [this.table.put(change[1], change[2])] : this.table.drop(change[1], change[2]);
    return this.status === "up" ? changes : [];
  }

  private become(status: "up" | "down", table: PresenceTable): PresenceChange[] {
    const before = this.listed;
    this.status = status;
    this.table = table;
    return changesBetween(before, this.listed);
  }
}
