/** How far a pending connection has come. */
export const Stage = {
  /** It has connected and sent nothing. */
  silent: 0,
  /** It has been upgraded to a WebSocket and said nothing in it. */
  upgraded: 1,
  /** It has said HELLO. */
  greeted: 2,
  /** It has proven that it knows the cookie and waits to be let in. */
  proven: 3,
} as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

/** The default of {@link PendingTable}. */
export const MOST_PENDING = 512;

/**
 * The connections that have not finished the handshake, bounded. When it is full the one that has come least far goes, the
 * one longest at that stage first: strangers who open connections as fast as they are cut push out one another, not the
 * node that is about to prove itself.
 */
export class PendingTable<C extends object> {
  readonly #limit: number;
  readonly #stageOf = new Map<C, Stage>();
  /** One set a stage, in the order of arrival there. */
  readonly #stages: readonly Set<C>[] = [new Set<C>(), new Set<C>(), new Set<C>(), new Set<C>()];

  constructor(limit: number = MOST_PENDING) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#stageOf.size;
  }

  /** Takes in a connection that has sent nothing. Returns the one that has to go for it, already removed; the caller closes it. */
  add(connection: C): C | undefined {
    if (this.#stageOf.has(connection)) return undefined;
    const evicted = this.#stageOf.size < this.#limit ? undefined : this.#leastFar();
    if (evicted !== undefined) this.remove(evicted);
    this.#put(connection, Stage.silent);
    return evicted;
  }

  /** It has come further. Ignored for a connection that is not pending, and backwards. */
  advance(connection: C, stage: Stage): void {
    const before = this.#stageOf.get(connection);
    if (before === undefined || before >= stage) return;
    this.#stages[before]?.delete(connection);
    this.#put(connection, stage);
  }

  /** It is proven or closed. Returns whether it was pending. */
  remove(connection: C): boolean {
    const stage = this.#stageOf.get(connection);
    if (stage === undefined) return false;
    this.#stages[stage]?.delete(connection);
    return this.#stageOf.delete(connection);
  }

  /** All that are pending, those that have come least far first: to close them when the node stops. */
  [Symbol.iterator](): Iterator<C> {
    return this.#stages.flatMap((stage) => [...stage])[Symbol.iterator]();
  }

  #put(connection: C, stage: Stage): void {
    this.#stageOf.set(connection, stage);
    this.#stages[stage]?.add(connection);
  }

  #leastFar(): C | undefined {
    for (const stage of this.#stages) for (const connection of stage) return connection;
    return undefined;
  }
}
