/** The line below the prompt of a shell on another node: that node is asked, while nobody waits for the answer. */
import { connectionsOf } from "../node/node-module.ts";
import type { StatusPart } from "../io/device.ts";
import { isNodeName } from "../node/node-name.ts";
import type { Clock, Timer } from "../process/clock.ts";
import type { Runtime } from "../process/runtime.ts";
import type { NodeName, Pid } from "../term/pid.ts";
import { type Facts, statusParts, textOf } from "./status.ts";
import { since } from "./units.ts";

/** How long after an answer the node is asked again, in milliseconds. */
const EVERY_MS = 1000;
/** A node that has not answered for so long is said not to: one that computes is not gone. */
const LATE_MS = 2000;

/** What a node tells of itself and of the process that evaluates for the one who asks. */
export function factsOf(runtime: Runtime, evaluator: Pid | undefined): Facts {
  const process = evaluator === undefined ? undefined : runtime.find(evaluator);
  const peers = connectionsOf(runtime)?.list() ?? [];
  return { node: runtime.name, peers, messages: process?.mailbox.length ?? 0, news: undefined };
}

/** The facts in an answer, `undefined` if it is none. */
export function readFacts(answer: unknown): Facts | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const { node, peers, messages } = answer as Partial<Record<keyof Facts, unknown>>;
  if (!isNodeName(node) || !Array.isArray(peers) || typeof messages !== "number") return undefined;
  return { node, peers: peers.filter(isNodeName), messages, news: undefined };
}

export interface RemoteStatusOptions {
  /** Whom the row is about. */
  readonly node: NodeName;
  /** Asks the node. What fails, or is no answer, is nothing known. */
  ask(): Promise<Facts | undefined>;
  readonly clock: Clock;
  onChange(): void;
}

/** Keeps what the node told last. An answer that stays away makes the row say so, and nothing else wait. */
export class RemoteStatus {
  private readonly options: RemoteStatusOptions;
  private facts: Facts | undefined;
  /** When the node was known to answer for the last time. */
  private answeredAt: number;
  private shown = "";
  private timer: Timer | undefined;
  private stopped = false;

  constructor(options: RemoteStatusOptions) {
    this.options = options;
    this.answeredAt = options.clock.now();
    void this.follow();
  }

  parts(columns: number): readonly StatusPart[] {
    return this.facts === undefined ? this.late : statusParts(this.facts, columns);
  }

  /** While something is evaluated there, the row is empty unless the node is silent: then nothing will come of it. */
  get late(): readonly StatusPart[] {
    const { node, clock } = this.options;
    const silent = clock.now() - this.answeredAt;
    if (this.facts !== undefined || silent < LATE_MS) return [];
    return [{ text: node, node }, { text: ` does not answer, for ${since(silent)} · Ctrl+G for another shell` }];
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== undefined) this.options.clock.clearTimeout(this.timer);
  }

  private async follow(): Promise<void> {
    const { ask, clock, onChange } = this.options;
    const facts = await ask().catch(() => undefined);
    if (this.stopped) return;
    this.facts = facts;
    if (facts !== undefined) this.answeredAt = clock.now();
    const text = textOf(this.parts(Infinity));
    if (text !== this.shown) onChange();
    this.shown = text;
    this.timer = clock.setTimeout(() => void this.follow(), EVERY_MS);
  }
}
