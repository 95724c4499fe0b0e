/** The line below the prompt of a shell on another node: that node is asked, while nobody waits for the answer. */
import { connectionsOf } from "../node/node-module.ts";
import { isNodeName } from "../node/node-name.ts";
import type { Clock, Timer } from "../process/clock.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Pid } from "../term/pid.ts";
import { type Facts, statusText } from "./status.ts";

/** How long after an answer the node is asked again, in milliseconds. */
const EVERY_MS = 1000;

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
  /** Asks the node. What fails, or is no answer, is nothing known. */
  ask(): Promise<Facts | undefined>;
  readonly clock: Clock;
  onChange(): void;
}

/** Keeps what the node told last. An answer that stays away makes the line empty, and nothing else wait. */
export class RemoteStatus {
  private readonly options: RemoteStatusOptions;
  private facts: Facts | undefined;
  private timer: Timer | undefined;
  private stopped = false;

  constructor(options: RemoteStatusOptions) {
    this.options = options;
    void this.follow();
  }

  text(columns: number): string {
    return this.facts === undefined ? "" : statusText(this.facts, columns);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== undefined) this.options.clock.clearTimeout(this.timer);
  }

  private async follow(): Promise<void> {
    const { ask, clock, onChange } = this.options;
    const facts = await ask().catch(() => undefined);
    if (this.stopped) return;
    const before = this.text(Infinity);
    this.facts = facts;
    if (this.text(Infinity) !== before) onChange();
    this.timer = clock.setTimeout(() => void this.follow(), EVERY_MS);
  }
}
