/**
 * What lies under a link: connections that carry whole binary messages in order, over WebSockets or in memory. Nothing
 * here knows of nodes, handshakes or signals.
 */

/** Close codes, WebSocket's own (RFC 6455, section 7.4.1). */
export const CLOSE_NORMAL = 1000;
export const CLOSE_GOING_AWAY = 1001;
/** Never sent: the connection ended without a close message. */
export const CLOSE_ABNORMAL = 1006;
/** What the peer sent does not decode. */
export const CLOSE_BAD_FRAME = 1007;
export const CLOSE_TOO_BIG = 1009;

/** No channel carries a longer message. What is longer travels in fragments. */
export const MAX_FRAME_BYTES = 64 * 1024;

/** The longest head a channel puts before a message: a WebSocket frame's, with a length of 64 bits and a mask. */
export const HEADROOM = 14;

/** Where something listens. `host` is a name or an address, an IPv6 one without brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:4369`, `[::1]:4369`. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Undoes {@link formatAddress}. What is no address comes back with port 0. */
export function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(colon, 0));
  return { host: host.startsWith("[") ? host.slice(1, -1) : host, port: Number(text.slice(colon + 1)) || 0 };
}

/**
 * One connection. What arrives before `onMessage` is set, or while it is `undefined`, is kept and delivered, in order,
 * once it is set: that is how a channel passes from the handshake to the link without losing a message.
 */
export interface Channel {
  /**
   * Queues a message, at most {@link MAX_FRAME_BYTES}, which the caller must not change until {@link Channel.bufferedBytes}
   * is 0. Dropped if closed.
   *
   * @param headroom how many bytes there are before the message in its memory that the channel may write to: with
   *   {@link HEADROOM} of them the head of its own frame goes there, and all of it to the network in one piece
   */
  send(frame: Uint8Array, headroom?: number): void;
  /** Bytes queued that the network has not taken. At 0 it holds none of the messages given to it. */
  readonly bufferedBytes: number;
  /** The message is a view that the receiver may keep but not change. */
  onMessage: ((frame: Uint8Array) => void) | undefined;
  /** `bufferedBytes` was above {@link MAX_FRAME_BYTES} and is nearly 0 again. */
  onDrain: (() => void) | undefined;
  /** Once, last. The code and the reason are the peer's, or 1006 and the empty text if it said nothing. */
  onClose: ((code: number, reason: string) => void) | undefined;
  /** Closes after what is queued has been written; gives the peer a second to agree. */
  close(code?: number, reason?: string): void;
  /** Cuts the connection at once; what is queued is lost. */
  terminate(): void;
  /** Stops reading. A few messages that were read already may still arrive. */
  pause(): void;
  resume(): void;
  /** This end, as `address:port`. */
  readonly localAddress: string;
  /** The other end, as `address:port`. */
  readonly remoteAddress: string;
  /** What ties the handshake to this very connection: TLS's exported keying material. Empty where there is none. */
  readonly binding: Uint8Array;
  /** The names in the peer's verified certificate; `undefined` if certificates are not verified here. */
  readonly peerNames: readonly string[] | undefined;
}

/** Bounds what strangers hold open: told of every connection from the moment it is accepted. */
export interface Doorkeeper {
  /** A connection was accepted; `evict` cuts it. */
  accepted(evict: () => void): Visitor;
  /** One was refused by the transport itself, from that address without a port. `reason` is a sentence. */
  refused(reason: string, remoteAddress: string): void;
}

/** One accepted connection. */
export interface Visitor {
  /** It can carry messages now. */
  upgraded(channel: Channel): void;
  /** It is gone. */
  closed(): void;
}

/** Makes channels. */
export interface Transport {
  /** Whether other machines can reach what listens here. */
  readonly exposed: boolean;
  /**
   * Rejects with `noconnection` if nothing answers, `connection_reset` if the connection is cut, `tls_mismatch` if one side speaks TLS and the other does not,
   * and the signal's reason when it aborts.
   */
  dial(address: Address, signal: AbortSignal): Promise<Channel>;
  /** Rejects with `listen_refused` if the address can't be bound. Answers where it listens. */
  listen(onChannel: (channel: Channel) => void, doorkeeper?: Doorkeeper): Promise<Address>;
  /** Stops listening and cuts the connections that have not become channels. Channels go on until closed. */
  close(): Promise<void>;
}

/** The part of a channel that all transports share: who is called, and what waits until somebody listens. */
export abstract class BaseChannel implements Channel {
  abstract readonly bufferedBytes: number;
  abstract readonly localAddress: string;
  abstract readonly remoteAddress: string;
  abstract readonly binding: Uint8Array;
  abstract readonly peerNames: readonly string[] | undefined;
  onDrain: (() => void) | undefined;

  #onMessage: ((frame: Uint8Array) => void) | undefined;
  #onClose: ((code: number, reason: string) => void) | undefined;
  readonly #backlog: Uint8Array[] = [];
  #closed: { code: number; reason: string } | undefined;

  abstract send(frame: Uint8Array, headroom?: number): void;
  abstract close(code?: number, reason?: string): void;
  abstract terminate(): void;
  abstract pause(): void;
  abstract resume(): void;

  get onMessage(): ((frame: Uint8Array) => void) | undefined {
    return this.#onMessage;
  }

  set onMessage(handler: ((frame: Uint8Array) => void) | undefined) {
    this.#onMessage = handler;
    this.#flushLater();
  }

  get onClose(): ((code: number, reason: string) => void) | undefined {
    return this.#onClose;
  }

  set onClose(handler: ((code: number, reason: string) => void) | undefined) {
    this.#onClose = handler;
    this.#flushLater();
  }

  /** For the transport: a message has come. */
  protected received(frame: Uint8Array): void {
    if (this.#onMessage !== undefined && this.#backlog.length === 0) this.#onMessage(frame);
    else this.#backlog.push(frame);
  }

  /** For the transport: the connection is over. Only the first call counts. */
  protected ended(code: number, reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = { code, reason };
    this.#flush();
  }

  #flushLater(): void {
    // Not at once: whoever sets a handler has seldom finished setting itself up.
    if (this.#backlog.length > 0 || this.#closed !== undefined) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    while (this.#onMessage !== undefined && this.#backlog.length > 0) this.#onMessage(this.#backlog.shift()!);
    if (this.#closed === undefined || this.#onClose === undefined) return;
    // Nobody will ever ask for messages that came before an end which is known.
    if (this.#backlog.length > 0 && this.#onMessage !== undefined) return;
    const { code, reason } = this.#closed;
    const handler = this.#onClose;
    this.#onClose = undefined;
    handler(code, reason);
  }
}
