/** The line below the prompt: the node, its peers, and what waits in the mailbox of the shell's process. */
import type { StatusPart } from "../io/device.ts";
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

/**
 * The line, in so many columns. Empty if there is nothing to say: a node that is alone has its name in the prompt. The names
 * of other nodes are pieces of their own, which can have their colours: that is the key to the lines above.
 */
export function statusParts({ node, peers, messages, news }: Facts, columns: number): readonly StatusPart[] {
  const parts: (readonly StatusPart[])[] = node === NONODE ? [] : [[{ text: node }]];
  if (messages > 0)
    parts.push([
      { text: messages === 1 ? "1 message, flush() shows it" : `${String(messages)} messages, flush() shows them` },
    ]);
  if (news !== undefined)
    parts.push([{ text: news[1], node: news[1] }, { text: ` ${news[0] === "nodeup" ? "is up" : "is down"}` }]);
  if (node !== NONODE) {
    const used = textOf(parts.flat()).length + 3 * parts.length;
    parts.push(peersParts(node, peers, columns - used));
  }
  return joined(parts, " · ");
}

/** How many peers there are, and the names of those for whom there is room. */
function peersParts(node: NodeName, peers: readonly NodeName[], room: number): readonly StatusPart[] {
  if (peers.length === 0) return [{ text: "no peers" }];
  const host = node.slice(node.indexOf("@"));
  const counted = peers.length === 1 ? "1 peer" : `${String(peers.length)} peers`;
  // On a host of one's own the name alone says which it is.
  const names = peers.map((peer): readonly StatusPart[] => [
    { text: peer.endsWith(host) ? peer.slice(0, -host.length) : peer, node: peer },
  ]);
  const all = joined(names, ", ");
  const left = room - counted.length - 2;
  if (textOf(all).length <= left) return [{ text: `${counted}: ` }, ...all];
  let fit = names.length - 1;
  while (fit > 0 && textOf(joined(names.slice(0, fit), ", ")).length + 3 > left) fit--;
  return fit === 0
    ? [{ text: counted }]
    : [{ text: `${counted}: ` }, ...joined(names.slice(0, fit), ", "), { text: ", …" }];
}

function joined(parts: readonly (readonly StatusPart[])[], between: string): StatusPart[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: between }, ...part]));
}

export function textOf(parts: readonly StatusPart[]): string {
  return parts.map(({ text }) => text).join("");
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

  parts(columns: number): readonly StatusPart[] {
    const { runtime, news } = this;
    const peers = connectionsOf(runtime)?.list() ?? [];
    const messages = promptingOf(runtime).process?.mailbox.length ?? 0;
    return statusParts({ node: runtime.name, peers, messages, news }, columns);
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
