import type { NodeName } from "../term/pid.ts";

/** Who waits for a sign of life from which node. */
export class Pings {
  private readonly waiting = new Map<NodeName, Map<number, (alive: boolean) => void>>();
  private next = 0;

  /** Asks a connected node by `send`. Resolves to `true` when it answers, to `false` when the connection is lost. */
  ask(node: NodeName, send: (id: number) => void): Promise<boolean> {
    const id = this.next++;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let asked = this.waiting.get(node);
    if (asked === undefined) this.waiting.set(node, (asked = new Map()));
    asked.set(id, resolve);
    send(id);
    return promise;
  }

  /** A node answers; what it was not asked is nothing. */
  answered(node: NodeName, id: unknown): void {
    const asked = this.waiting.get(node);
    asked?.get(id as number)?.(true);
    if (asked?.delete(id as number) === true && asked.size === 0) this.waiting.delete(node);
  }

  /** The connection to a node is lost. */
  lost(node: NodeName): void {
    const asked = this.waiting.get(node);
    this.waiting.delete(node);
    for (const resolve of asked?.values() ?? []) resolve(false);
  }
}
