/** The line below the prompt: the node, its peers, and what waits in the mailbox of the shell's process. */
import { connectionsOf } from "../node/node-module.ts";
import { watchMailbox } from "../process/mailbox-watch.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { type NodeName, NONODE } from "../term/pid.ts";
import { promptingOf } from "./prompting.ts";

/** What the line tells. */
export interface Facts {
  readonly node: NodeName;
  readonly peers: readonly NodeName[];
  /** Messages in the mailbox. */
  readonly messages: number;
  /** A node that has just come or gone. */
  readonly news: readonly [event: "nodeup" | "nodedown", node: NodeName] | undefined;
}

/** How long a node that came or went is news, in milliseconds. */
const NEWS_MS = 5000;
/** The mailbox may change a million times a second: the line follows four times. */
const EVERY_MS = 250;

/** The line, in so many columns. Empty if there is nothing to say: a node that is alone has its name in the prompt. */
export function statusText({ node, peers, messages, news }: Facts, columns: number): string {
  const parts: string[] = [];
  if (messages > 0)
    parts.push(messages === 1 ? "1 message, flush() shows it" : `${String(messages)} messages, flush() shows them`);
  if (news !== undefined) parts.push(`${news[1]} ${news[0] === "nodeup" ? "is up" : "is down"}`);
  if (node !== NONODE) parts.push(peersText(node, peers, columns - [node, ...parts].join(" · ").length - 3));
  return node === NONODE ? parts.join(" · ") : [node, ...parts].join(" · ");
}

/** The names of the peers where there is room for them, else how many there are. */
function peersText(node: NodeName, peers: readonly NodeName[], room: number): string {
  if (peers.length === 0) return "no peers";
  const host = node.slice(node.indexOf("@"));
  // On a host of one's own the name alone says which it is.
  const names = peers.map((peer) => (peer.endsWith(host) ? peer.slice(0, -host.length) : peer)).join(", ");
  const counted = peers.length === 1 ? "1 peer" : `${String(peers.length)} peers`;
  return counted.length + 2 + names.length <= room ? `${counted}: ${names}` : counted;
}

/** Keeps the facts, and says when they have changed. */
export class Status {
  private readonly runtime: Runtime;
  private readonly onChange: () => void;
  private readonly stops: (() => void)[] = [];
  private watched: Process | undefined;
  private unwatch: (() => void) | undefined;
  private news: Facts["news"];
  private newsTimer: NodeJS.Timeout | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(runtime: Runtime, onChange: () => void) {
    this.runtime = runtime;
    this.onChange = onChange;
    const events = connectionsOf(runtime)?.events;
    if (events !== undefined) {
      this.stops.push(events.listen((event, { name, hidden }) => (hidden ? undefined : this.tell([event, name]))));
    }
    const prompting = promptingOf(runtime);
    prompting.onChange = () => this.watch();
    this.stops.push(() => {
      prompting.onChange = undefined;
    });
    this.watch();
  }

  text(columns: number): string {
    const { runtime, news } = this;
    const peers = connectionsOf(runtime)?.list() ?? [];
    const messages = promptingOf(runtime).process?.mailbox.length ?? 0;
    return statusText({ node: runtime.name, peers, messages, news }, columns);
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.unwatch?.();
    clearTimeout(this.newsTimer);
    clearTimeout(this.timer);
  }

  private tell(news: NonNullable<Facts["news"]>): void {
    this.news = news;
    clearTimeout(this.newsTimer);
    this.newsTimer = setTimeout(() => {
      this.news = undefined;
      this.onChange();
    }, NEWS_MS).unref();
    this.onChange();
  }

  private watch(): void {
    const { process } = promptingOf(this.runtime);
    if (process === this.watched) return;
    this.unwatch?.();
    this.watched = process;
    this.unwatch = process && watchMailbox(process, () => this.changed());
    this.onChange();
  }

  private changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.onChange();
    }, EVERY_MS).unref();
  }
}
