import { createServer as createHttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { WebSocket, WebSocketServer, type ClientOptions, type ServerOptions } from "ws";
import { hasCode, MoebiError } from "../../term/error.ts";
import { BACKLOG } from "../backlog.ts";
import { answerError, dialError, NOT_VOUCHED_FOR, TLS_NEEDED } from "./dial-error.ts";
import { createServer as createHttpServer, STATUS_CODES, type IncomingMessage, type Server } from "./http.ts";
import {
  BaseChannel,
  CLOSE_ABNORMAL,
  CLOSE_NORMAL,
  formatAddress,
  MAX_FRAME_BYTES,
  type Address,
  type Channel,
  type Doorkeeper,
  type Transport,
  type Visitor,
} from "./transport.ts";
import { listenRefused } from "./listen-refused.ts";
import { framed } from "./ws-frame.ts";
import { hostsAt, hostsOf, isLoopback, refuseUpgrade } from "./upgrade-check.ts";

/** Key, certificate and, for certificates to be verified, the authority that signs the cluster's. PEM. */
export interface TlsKeys {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  readonly ca?: string | Buffer | undefined;
}

export interface WsTransportOptions {
  /** Where to listen; loopback unless told otherwise. */
  readonly host?: string | undefined;
  /** 0, the default, picks a free port. */
  readonly port?: number | undefined;
  /** What else the node is reached as, `host` or `host:port`. */
  readonly advertised?: readonly string[] | undefined;
  readonly tls?: TlsKeys | undefined;
  /** Lets a plain listener leave loopback. */
  readonly insecure?: boolean | undefined;
  /** From accept to upgrade, milliseconds. */
  readonly setupTime?: number | undefined;
}

const LOOPBACK = "127.0.0.1";
const DEFAULT_SETUP_TIME = 7_000;

/** How long the closing handshake may take before the socket is destroyed. */
const CLOSE_TIMEOUT = 1_000;

/** Ours are about 300 bytes. */
const MAX_HEADER_BYTES = 8 * 1024;

/** A frame and the room a carrier needs around it. */
const MAX_PAYLOAD = MAX_FRAME_BYTES + 1024;

const CHANNEL_OPTIONS = {
  maxPayload: MAX_PAYLOAD,
  // A frame is sent as one piece. A hostile peer may split it; it gains nothing from doing so a thousand times.
  maxFragments: 16,
  maxBufferedChunks: 1024,
  perMessageDeflate: false,
  allowSynchronousEvents: true,
  autoPong: false,
  closeTimeout: CLOSE_TIMEOUT,
} as const;

const SEND_OPTIONS = { binary: true, compress: false, fin: true } as const;

const BINDING_LABEL = "EXPORTER-moebi";
/** The first byte of a TLS handshake record. */
const TLS_HANDSHAKE = 0x16;

/** Channels over WebSockets, plain on loopback, elsewhere inside TLS 1.3. */
export class WsTransport implements Transport {
  readonly exposed: boolean;
  readonly #options: WsTransportOptions;
  readonly #setupTime: number;
  /** Accepted and not upgraded, by the remote end, which is the same for a raw socket and the TLS one around it. */
  readonly #pending = new Map<string, { readonly socket: Socket; readonly visitor: Visitor | undefined }>();
  #server: Server | undefined;
  #webSockets: WebSocketServer | undefined;
  readonly #everywhere: boolean;
  #hosts: ReadonlySet<string> = new Set();

  constructor(options: WsTransportOptions = {}) {
    this.#options = options;
    this.#everywhere = options.host === "0.0.0.0" || options.host === "::";
    this.exposed = !isLoopback(options.host ?? LOOPBACK);
    this.#setupTime = options.setupTime ?? DEFAULT_SETUP_TIME;
  }

  dial(address: Address, signal: AbortSignal): Promise<Channel> {
    const { tls } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Channel>();
    if (signal.aborted) return Promise.reject(signal.reason as Error);

    const options: ClientOptions & { closeTimeout: number } = { ...CHANNEL_OPTIONS, handshakeTimeout: this.#setupTime };
    // The mask keeps scripts in a browser from writing bytes of their choice past a proxy that does not know
    // WebSockets. Where no proxy can be, on loopback and inside TLS, it only costs: an all-zero mask is none to apply at
    // either end, and large frames go twice as fast.
    const masks = tls !== undefined || isLoopback(address.host) ? "zero" : "at random";
    if (masks === "zero") options.generateMask = zeroMask;
    if (tls !== undefined) {
      // Who answers is settled by the cookie, and by the node name in the certificate; host names say nothing here.
      Object.assign(options, { ...tlsOptions(tls), checkServerIdentity: () => undefined });
    }
    const socket = new WebSocket(`${tls === undefined ? "ws" : "wss"}://${formatAddress(address)}/`, options);

    const abort = (): void => {
      reject(signal.reason as Error);
      socket.terminate();
    };
    signal.addEventListener("abort", abort, { once: true });
    let raw: Socket | undefined;
    socket.once("upgrade", (response) => (raw = response.socket));
    socket.once("open", () => {
      signal.removeEventListener("abort", abort);
      resolve(new WsChannel(socket, raw!, tls, masks));
    });
    socket.once("unexpected-response", (_, response) => {
      signal.removeEventListener("abort", abort);
      reject(answerError(response, address));
      socket.terminate();
    });
    socket.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(dialError(error, address, tls !== undefined));
    });
    return promise;
  }

  listen(onChannel: (channel: Channel) => void, doorkeeper?: Doorkeeper): Promise<Address> {
    const { host = LOOPBACK, port = 0, tls, insecure = false, advertised } = this.#options;
    if (tls === undefined && !insecure && this.exposed) {
      return Promise.reject(
        new MoebiError(
          "listen_refused",
          `Listening on "${host}" needs TLS: give --tls-cert and --tls-key, or --insecure`,
        ),
      );
    }
    const server = tls === undefined ? createHttpServer(this.#httpOptions()) : this.#httpsServer(tls);
    this.#server = server;
    const refused = (reason: string, { remoteAddress = "" }: Socket): void =>
      doorkeeper?.refused(reason, remoteAddress);
    const webSockets = (this.#webSockets = new WebSocketServer({
      ...(CHANNEL_OPTIONS as ServerOptions),
      noServer: true,
      clientTracking: false,
    }));
    // Headers that are beyond a count are dropped unseen by default, and one of them might be Origin.
    server.maxHeadersCount = 0;
    server.maxRequestsPerSocket = 1;

    server.on("connection", (socket: Socket) => this.#accepted(socket, doorkeeper));
    const notUpgrade = (request: IncomingMessage): void => refuse(request.socket, 426);
    server.on("request", notUpgrade);
    server.on("checkContinue", notUpgrade);
    server.on("checkExpectation", notUpgrade);
    server.on("connect", notUpgrade);
    server.on("clientError", (error: Error & { rawPacket?: Buffer }, socket: Duplex) => {
      if (tls === undefined && error.rawPacket?.[0] === TLS_HANDSHAKE) {
        refused(
          "It speaks TLS, and this node listens without TLS: start both with --tls-cert and --tls-key, or neither",
          socket as Socket,
        );
      }
      refuse(socket, hasCode(error, "HPE_HEADER_OVERFLOW") ? 431 : 400);
    });
    server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
      const pending = this.#pending.get(remoteOf(socket));
      if (hasCode(error, "ERR_SSL_HTTP_REQUEST")) {
        refused(
          "It came without TLS, and this node listens with TLS: start the other with --tls-cert and --tls-key",
          socket,
        );
        // Past the TLS socket, in the language of who asked.
        if (pending !== undefined) refuse(pending.socket, 400, `${TLS_NEEDED}: yes\r\n`);
      }
      socket.destroy();
    });
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Destroyed sockets report errors after the request is gone; a closure would keep it as long as the connection.
      socket.on("error", destroyIt);
      try {
        const status = refuseUpgrade(request.method, request.rawHeaders, this.#hostsAt(request.socket));
        if (status !== undefined) {
          if (status === 403)
            refused("It is a page in a browser, or dialled a host that is not this node's", request.socket);
          refuse(socket, status);
          return;
        }
        if (tls?.ca !== undefined && !(request.socket as TLSSocket).authorized) {
          refused(`No authority in --tls-ca has signed its certificate`, request.socket);
          refuse(socket, 403, `${NOT_VOUCHED_FOR}: yes\r\n`);
          return;
        }
        webSockets.handleUpgrade(request, socket, head, (webSocket) => {
          const channel = new WsChannel(webSocket, request.socket, tls, "none");
          const remote = remoteOf(request.socket);
          const pending = this.#pending.get(remote);
          this.#pending.delete(remote);
          pending?.visitor?.upgraded(channel);
          onChannel(channel);
        });
      } catch {
        // What a request can make throw must not get out of it: that would end the node.
        socket.destroy();
      }
    });

    const { promise, resolve, reject } = Promise.withResolvers<Address>();
    server.once("error", (error) => {
      const { code = "unknown" } = error as NodeJS.ErrnoException;
      reject(listenRefused(formatAddress({ host, port }), code, error));
    });
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.removeAllListeners("error");
      server.on("error", () => {});
      const bound = server.address() as { address: string; port: number };
      const address = { host: bound.address, port: bound.port };
      this.#hosts = hostsOf(address, [host, ...(advertised ?? [])]);
      resolve(address);
    });
    return promise;
  }

  close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return Promise.resolve();
    this.#server = undefined;
    this.#webSockets?.close();
    server.close();
    for (const { socket } of [...this.#pending.values()]) socket.destroy();
    // The server's own close event waits for channels too; those are not the transport's any more.
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** On all addresses at once, the one that the connection came to is that of the listener. */
  #hostsAt({ localAddress = "", localPort = 0 }: Socket): ReadonlySet<string> {
    return this.#everywhere ? hostsAt(this.#hosts, { host: localAddress, port: localPort }) : this.#hosts;
  }

  #httpOptions() {
    return {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: this.#setupTime,
      requestTimeout: this.#setupTime,
      connectionsCheckingInterval: Math.min(500, this.#setupTime),
      keepAlive: false,
      noDelay: true,
    };
  }

  #httpsServer(tls: TlsKeys): Server {
    return createHttpsServer({
      ...this.#httpOptions(),
      ...tlsOptions(tls),
      requestCert: tls.ca !== undefined,
      // One without a certificate that is vouched for is let in as far as to be told so; see `upgrade`.
      rejectUnauthorized: false,
      handshakeTimeout: this.#setupTime,
    });
  }

  #accepted(socket: Socket, doorkeeper: Doorkeeper | undefined): void {
    // Over TLS this is the raw socket, before any handshake: what is evicted must not have had to speak first.
    const remote = remoteOf(socket);
    const visitor = doorkeeper?.accepted(() => socket.destroy());
    const entry = { socket, visitor };
    this.#pending.set(remote, entry);
    socket.once("close", () => {
      if (this.#pending.get(remote) === entry) this.#pending.delete(remote);
      visitor?.closed();
    });
  }
}

/** How what this end sends is masked: a client's must be, a server's must not. */
type Masks = "none" | "zero" | "at random";

class WsChannel extends BaseChannel {
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly binding: Uint8Array;
  readonly peerNames: readonly string[] | undefined;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #masks: Masks;
  #closing = false;

  constructor(webSocket: WebSocket, socket: Socket, tls: TlsKeys | undefined, masks: Masks) {
    super();
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#masks = masks;
    this.localAddress = formatAddress({ host: socket.localAddress ?? "", port: socket.localPort ?? 0 });
    this.remoteAddress = remoteOf(socket);
    this.binding = tls === undefined ? new Uint8Array(0) : bindingOf(socket as TLSSocket);
    this.peerNames = tls?.ca === undefined ? undefined : certifiedNames(socket as TLSSocket);

    webSocket.on("message", (data, isBinary) => {
      if (this.#closing) return;
      if (isBinary) this.received(data as Buffer);
      else this.close(CLOSE_UNSUPPORTED, "Text is not spoken here");
    });
    // Every error is followed by a close.
    webSocket.on("error", () => {});
    webSocket.on("close", (code, reason) =>
      this.ended(code === CLOSE_NO_STATUS ? CLOSE_ABNORMAL : code, reason.toString()),
    );
    socket.on("drain", () => this.onDrain?.());
  }

  get bufferedBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  send(frame: Uint8Array, headroom?: number): void {
    if (this.#closing || this.#webSocket.readyState !== WebSocket.OPEN) return;
    if (this.#masks === "at random") this.#webSocket.send(frame, SEND_OPTIONS);
    // In one piece: a round trip gains a microsecond over ws's head and body. What ws sends itself, pongs and closes, comes
    // between two frames, as none is compressed.
    else this.#socket.write(framed(frame, this.#masks === "zero", headroom));
  }

  close(code = CLOSE_NORMAL, reason = ""): void {
    if (this.#closing) return;
    this.#closing = true;
    // The peer's agreement has to be read.
    this.#webSocket.resume();
    this.#webSocket.close(code, cut(reason, MAX_REASON_BYTES));
  }

  terminate(): void {
    this.#closing = true;
    this.#webSocket.terminate();
  }

  pause(): void {
    if (!this.#closing) this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }
}

const CLOSE_UNSUPPORTED = 1003;
/** Stands in for a close message without a code. */
const CLOSE_NO_STATUS = 1005;
/** RFC 6455: a control frame holds 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

function destroyIt(this: Duplex): void {
  this.destroy();
}

function zeroMask(mask: Buffer): void {
  mask[0] = mask[1] = mask[2] = mask[3] = 0;
}

function tlsOptions({ key, cert, ca }: TlsKeys) {
  return {
    key,
    cert,
    ...(ca === undefined ? {} : { ca }),
    minVersion: "TLSv1.3",
    rejectUnauthorized: ca !== undefined,
  } as const;
}

function bindingOf(socket: TLSSocket): Uint8Array {
  return socket.exportKeyingMaterial(32, BINDING_LABEL, Buffer.alloc(0));
}

/** The names in the peer's certificate. Quoted ones hold characters that no node name does, and are left out. */
function certifiedNames(socket: TLSSocket): readonly string[] {
  const { subjectaltname = "" } = socket.getPeerCertificate();
  return subjectaltname.split(", ").flatMap((entry) => /^(?:DNS|email|URI):([^",\s]+)$/.exec(entry)?.[1] ?? []);
}

function remoteOf(socket: Socket): string {
  return formatAddress({ host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 });
}

/** Answers a status with an empty body and hangs up. */
function refuse(socket: Duplex, status: 400 | 403 | 426 | 431, header = ""): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const upgrade =
    status === 426
      ? "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nConnection: Upgrade, close"
      : "Connection: close";
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${upgrade}\r\n${header}Content-Length: 0\r\n\r\n`);
}

function cut(text: string, bytes: number): string {
  let short = text.slice(0, bytes);
  while (Buffer.byteLength(short) > bytes) short = short.slice(0, -1);
  return short.toWellFormed();
}
