import { createServer, type Server, type Socket } from "node:net";
import { systemClock, type Clock, type Timer } from "../../process/clock.ts";
import { BACKLOG } from "../backlog.ts";
import { normaliseAddress } from "../wire/handshake-address.ts";
import {
  BANNER,
  LONGEST_ANSWER,
  LONGEST_REQUEST,
  LineReader,
  formatAnswerLine,
  parseRequest,
  type AnswerLine,
  type Registration,
  type Request,
} from "./protocol.ts";

/** How many connections may be open that have registered nothing. */
const MOST_STRANGERS = 256;
/** How long each of them may stay, in milliseconds. */
const STRANGER_MS = 2000;
/** How many names a host may have. Each holds a connection, and so a file descriptor of the node that serves. */
const MOST_NAMES = 2048;

interface Holder extends Registration {
  readonly pid: number;
  readonly token: string;
  readonly socket: Socket;
}

export interface NameServerOptions {
  readonly clock?: Clock;
  readonly mostNames?: number;
  readonly mostStrangers?: number;
  /** Answers for the list, which another program or socket has: nothing can be registered then. */
  readonly relay?: (request: Request) => Promise<readonly AnswerLine[]>;
}

/**
 * The host's list of names, served by one of its nodes. A name lasts as long as the connection that registered it, so
 * the list needs no cleaning and no trust in anybody's goodbye.
 */
export class NameServer {
  readonly #clock: Clock;
  readonly #mostNames: number;
  readonly #mostStrangers: number;
  readonly #relay: NameServerOptions["relay"];
  readonly #servers: Server[] = [];
  readonly #names = new Map<string, Holder>();
  readonly #sockets = new Set<Socket>();
  /** Those that have registered nothing, oldest first. */
  readonly #strangers = new Map<Socket, Timer>();

  constructor({
    clock = systemClock,
    mostNames = MOST_NAMES,
    mostStrangers = MOST_STRANGERS,
    relay,
  }: NameServerOptions = {}) {
    this.#clock = clock;
    this.#relay = relay;
    this.#mostNames = mostNames;
    this.#mostStrangers = mostStrangers;
  }

  /** Serves at an address, and can be called for several. Resolves with the port; rejects with the system's error. */
  listen(host: string, port: number): Promise<number> {
    const server = createServer((socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      // Exclusive: in a cluster of Node's own, workers would otherwise share the port.
      server.listen({ host, port, exclusive: true, backlog: BACKLOG }, () => {
        server.off("error", reject);
        // Being out of file descriptors for a while is no reason to fall.
        server.on("error", () => undefined);
        server.unref();
        this.#servers.push(server);
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Cuts every connection and gives the port back. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    this.#servers.length = 0;
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #accept(socket: Socket): void {
    if (this.#strangers.size >= this.#mostStrangers) {
      for (const oldest of this.#strangers.keys()) {
        this.#forget(oldest);
        oldest.destroy();
        break;
      }
    }
    this.#sockets.add(socket);
    this.#strangers.set(
      socket,
      this.#clock.setTimeout(() => {
        // After a long computation here its request may be waiting to be read.
        this.#clock.setImmediate(() => {
          if (this.#strangers.has(socket)) socket.destroy();
        });
      }, STRANGER_MS),
    );
    let held: string | undefined;
    let asked = false;
    const lines = new LineReader(LONGEST_REQUEST);
    const release = (): void => {
      if (held !== undefined && this.#names.get(held)?.socket === socket) this.#names.delete(held);
      held = undefined;
    };
    socket.setNoDelay(true);
    socket.unref();
    socket.on("error", () => undefined);
    socket.on("end", release);
    socket.on("close", () => {
      release();
      this.#forget(socket);
      this.#sockets.delete(socket);
    });
    socket.on("data", (chunk) => {
      const complete = lines.push(chunk);
      if (complete !== undefined && complete.length === 0 && !asked) return;
      const line = complete?.[0];
      // One request, and nothing after it.
      if (asked || line === undefined || complete?.length !== 1) {
        release();
        this.#end(socket, [{ op: "bad" }]);
        return;
      }
      asked = true;
      const request = parseRequest(line);
      if (this.#relay !== undefined && request !== undefined && request.op !== "register") {
        this.#relay(request).then(
          (answer) => this.#end(socket, answer),
          () => socket.destroy(),
        );
        return;
      }
      if (request?.op !== "register") {
        this.#end(socket, this.#answer(request));
        return;
      }
      const answer = this.#register(request, socket);
      if (answer.op !== "registered") {
        this.#end(socket, [answer]);
        return;
      }
      held = request.name;
      this.#forget(socket);
      socket.write(`${formatAnswerLine(answer)}\n`);
    });
    socket.write(`${BANNER}\n`);
  }

  #register(request: Request & { readonly op: "register" }, socket: Socket): AnswerLine {
    if (this.#relay !== undefined || !isLoopback(socket.remoteAddress)) return { op: "refused" };
    const { name, port, pid, token } = request;
    const before = this.#names.get(name);
    if (before !== undefined && before.token !== token) return { op: "taken", port: before.port, pid: before.pid };
    if (before === undefined && this.#names.size >= this.#mostNames) return { op: "full", limit: this.#mostNames };
    this.#names.set(name, { name, port, pid, token, socket });
    before?.socket.destroy();
    return { op: "registered" };
  }

  #answer(request: Request | undefined): AnswerLine[] {
    if (request?.op === "lookup") {
      const holder = this.#names.get(request.name);
      return [holder === undefined ? { op: "none" } : { op: "port", port: holder.port }];
    }
    if (request?.op !== "names") return [{ op: "bad" }];
    const lines: AnswerLine[] = [];
    let length = BANNER.length + formatAnswerLine({ op: "end" }).length + 2;
    for (const { name, port } of this.#names.values()) {
      const line: AnswerLine = { op: "name", name, port };
      length += formatAnswerLine(line).length + 1;
      if (length > LONGEST_ANSWER) break;
      lines.push(line);
    }
    return [...lines, { op: "end" }];
  }

  /** The two seconds of a stranger still run: one that does not read its answer is cut. */
  #end(socket: Socket, lines: readonly AnswerLine[]): void {
    if (socket.writableEnded || !this.#strangers.has(socket)) {
      socket.destroy();
      return;
    }
    socket.end(lines.map((line) => `${formatAnswerLine(line)}\n`).join(""));
  }

  #forget(socket: Socket): void {
    this.#clock.clearTimeout(this.#strangers.get(socket));
    this.#strangers.delete(socket);
  }
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const normal = normaliseAddress(address);
  return normal === "::1" || normal.startsWith("127.");
}
