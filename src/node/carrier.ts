import type { Peer, Signal } from "../process/signal.ts";
import type { NodeName } from "../term/pid.ts";

/**
 * Why a link ended: `disconnect` (this side asked), `connection_closed`, `net_tick_timeout`, or what went wrong in
 * words (`bad_frame: …`, `too far behind: …`). The third element of a `nodedown` that was asked for reasons.
 */
export type DownReason = "disconnect" | "connection_closed" | "net_tick_timeout" | (string & {});

/** What the kernel hears of a link. Called one at a time; `signal` in the order the peer sent; nothing after `down`. */
export interface LinkEvents {
  signal(signal: Signal): void;
  /** Once, last. */
  down(reason: DownReason): void;
  /** The output queue has fallen below its soft limit again, after {@link Link.send} said `busy`. */
  drained(): void;
}

/** A proven connection to one peer, over whatever carrier. The core sees signals, never frames. */
export interface Link {
  readonly peer: Peer;
  /** The kernel takes the link over: events flow from here on; those that came before are delivered first, in order. */
  open(events: LinkEvents): void;
  /**
   * Queues a signal. Returns `busy` if the output queue is past its soft limit (it is queued all the same).
   * Throws a `not_sendable` or `too_large` error, with the path to the value, before anything is queued.
   */
  send(signal: Signal): "ok" | "busy";
  /** Ends the link: what is queued is still written, the peer sees `connection_closed`. */
  close(reason: DownReason): void;
  /** Bytes queued and not yet taken by the network. */
  readonly queuedBytes: number;
  /** Counters since the link came up, for `Node.info` and the observer. */
  readonly stats: {
    readonly bytesIn: number;
    readonly bytesOut: number;
    readonly signalsIn: number;
    readonly signalsOut: number;
  };
}

/** What went wrong with a dial, in a form the node logs and `Node.connect` turns into `false`. */
export interface DialFailure {
  readonly code: "noconnection" | "not_allowed" | "name_in_use" | "version" | "busy" | "timeout" | "wrong_node";
  readonly message: string;
}

/** Signals that wait for a connection which is being made. */
export interface Waiting {
  /** Takes the signal as it is now. Throws what {@link Link.send} would, and has taken nothing then. */
  add(signal: Signal): void;
  /** How much they take. */
  readonly bytes: number;
  /** How much the largest of them takes. */
  readonly largest: number;
  /** All of them, in order, as they would arrive; none is left. */
  take(): Iterable<Signal>;
  /** Those that somebody may have to be told of, which are all but messages; none is left. */
  drop(): Iterable<Signal>;
}

/** The net tick time in milliseconds, or what it is being changed to. */
export type TickTimeState = number | readonly ["ongoing_change_to", number];

/** What became of a change of the net tick time. */
export type TickTimeChange = "unchanged" | "change_initiated" | readonly ["ongoing_change_to", number];

/** Makes links: WebSockets, memory, and later others. Finding the address of a name is the carrier's own affair. */
export interface Carrier {
  /** Dials the node. Rejects with a {@link DialFailure} as an error's fields. Gives up after `netSetuptime`. */
  connect(node: NodeName, signal: AbortSignal): Promise<Link>;
  /** For what is sent to the node while a connection to it is being made. */
  waitingFor(node: NodeName): Waiting;
  /** Called for every proven incoming connection. Set once, before {@link Carrier.listen}. */
  onLink: (link: Link) => void;
  /** Registers the node's name and accepts connections. Rejects with `name_taken`, `listen_refused` or `epmd`. */
  listen(): Promise<void>;
  /** After how much silence a peer is taken for gone, give or take a quarter. */
  readonly tickTime: TickTimeState;
  /**
   * Changes it, for all links: within `transition` milliseconds, in which other nodes may have the old time or the new.
   */
  changeTickTime(time: number, transition: number): TickTimeChange;
  /** Stops accepting, drops pending handshakes, releases the name. Links go on until closed. */
  stop(): Promise<void>;
}
