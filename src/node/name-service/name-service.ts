/**
 * How a node's name becomes an address. Every host has one list of names, at a fixed port; the first node that needs it
 * serves it, and when that node ends another takes over. There is no daemon to start and none left behind.
 */

import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { hostname } from "node:os";
import { systemClock, type Clock } from "../../process/clock.ts";
import { Patience } from "../../process/patience.ts";
import { ArgumentError, hasCode, MoebiError } from "../../term/error.ts";
import type { NodeName } from "../../term/pid.ts";
import { hostOf, isShortName, shortNameOf } from "../node-name.ts";
import { ANSWER_MS, ask, type Failure } from "./client.ts";
import type { AnswerLine, Registration, Request } from "./protocol.ts";
import { NameRelay } from "./relay.ts";
import { NameServer } from "./server.ts";

export type { Registration } from "./protocol.ts";

/** Where a host's list of names is, unless `MOEBI_EPMD_PORT` says otherwise. Erlang's is at 4369. */
const DEFAULT_PORT = 4370;
/** Where this host's own list is asked, whoever serves it. */
const LOOPBACK = "127.0.0.1";
/** Where no other host, and no name of another address, leads. */
const UNSEEN: ReadonlySet<string> = new Set([LOOPBACK, "localhost", "::1"]);
/** How long the first registration may take, in milliseconds. The one that serves may be computing. */
const REGISTER_MS = 4500;
/** The longest pause before the port is tried again, in milliseconds; the shortest is 0, so that nodes do not move in step. */
const RETRY_MS = 100;
/** The same once trying has failed for a reason that will last. */
const SLOW_RETRY_MS = 1000;
/** How long it may take, when the node that served has ended, until every name is back, in milliseconds. */
const CHANGE_MS = 2000;
/** How long the service may take to see that a name is given back, in milliseconds. */
const RELEASE_MS = 500;

export interface NameServiceOptions {
  /**
   * Where the node listens. Default `127.0.0.1`; at another address, or `0.0.0.0`, other hosts can ask this host's list as
   * long as the node is there, whoever serves it. Registering is for this host alone, always.
   */
  readonly host?: string;
  /** Default {@link defaultNameServicePort}. */
  readonly port?: number;
  readonly clock?: Clock;
  /** 0 up to 1, for pauses. */
  readonly random?: () => number;
}

/** What other hosts may ask. */
type Asked = Exclude<Request, { readonly op: "register" }>;

/** The answers of a host that has no list. */
const NOTHING: Readonly<Record<Asked["op"], readonly AnswerLine[]>> = {
  lookup: [{ op: "none" }],
  names: [{ op: "end" }],
};

/** What a look-up found: where to dial. A hint; the handshake decides who answers there. */
export interface Found {
  readonly host: string;
  readonly port: number;
}

/** The port of every host's list of names: `MOEBI_EPMD_PORT`, or 4370. Throws `badarg` if the variable is no port. */
export function defaultNameServicePort(env: NodeJS.ProcessEnv = process.env): number {
  const text = env["MOEBI_EPMD_PORT"];
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 0xffff) throw new ArgumentError("MOEBI_EPMD_PORT must be a port, 1 to 65535");
  return port;
}

/** One node's part in it: registers the node, looks others up, and serves the list if nobody else does. */
export class NameService {
  readonly #host: string;
  readonly #port: number;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #ended = new AbortController();
  /** The registrant's secret; see the protocol. */
  readonly #token = randomBytes(16).toString("hex");
  #registration: Registration | undefined;
  #held: Socket | undefined;
  /** When the connection to the list was lost. */
  #lostAt = -Infinity;
  #server: NameServer | undefined;
  #relay: NameRelay | undefined;
  /** What runs to get the name back; `close` waits for it. */
  #work: Promise<void> = Promise.resolve();

  constructor({
    host = LOOPBACK,
    port = defaultNameServicePort(),
    clock = systemClock,
    random = Math.random,
  }: NameServiceOptions = {}) {
    this.#host = host;
    this.#port = port;
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether this node serves the list at the moment. */
  get serving(): boolean {
    return this.#server !== undefined;
  }

  /** Whether the name is registered at the moment. Between the end of the node that served and the next it is not. */
  get registered(): boolean {
    return this.#held !== undefined;
  }

  /**
   * Registers a name on this host and keeps it registered, whoever serves the list, until {@link close}.
   *
   * Rejects within 5 s with `name_taken`, naming the holder's port and process, or with `epmd`: a foreign program has the
   * port, it does not answer, or the list is full. Throws `badarg` for a second name and after `close`.
   */
  async register({ name, port }: Registration): Promise<void> {
    if (!isShortName(name)) throw new ArgumentError("A name to register is what precedes the at-sign of a node name");
    if (this.#registration !== undefined) throw new ArgumentError(`"${this.#registration.name}" is registered already`);
    if (this.#ended.signal.aborted) throw new ArgumentError("The name service is closed");
    this.#registration = { name, port };
    const registering = this.#obtain(this.#registration);
    this.#work = registering.catch(() => undefined);
    try {
      await registering;
      await this.#openToOthers();
    } catch (error) {
      this.#registration = undefined;
      await this.#relay?.close();
      await this.#release();
      await this.#stopServing();
      throw error;
    }
  }

  /**
   * Where to dial a node. A name of this host is looked up here and dialled over loopback, any other at its own host.
   * `undefined` if it is not registered there, or there is no list.
   *
   * While another node takes over the list of this host, which takes 2 s at most, a name that is missing is looked up again.
   *
   * Rejects within 2 s with `epmd`: the host can't be reached, does not answer, or a foreign program does.
   */
  async lookup(node: NodeName): Promise<Found | undefined> {
    const host = this.#whereIs(hostOf(node));
    using patience = new Patience(this.#clock, CHANGE_MS);
    for (;;) {
      const { failure, lines } = await this.#ask(host, { op: "lookup", name: shortNameOf(node) });
      const line = lines?.[0];
      if (line?.op === "port") return { host, port: line.port };
      const absent = failure === "nobody" || failure === "closed";
      // Where the name is still held, the end of who served is only about to be heard.
      const changing = this.#changing || (absent && this.#held !== undefined);
      if (host !== LOOPBACK || !changing || patience.left === 0 || !(absent || failure === undefined)) {
        if (failure === undefined || failure === "nobody") return undefined;
        throw this.#fault(host, failure);
      }
      await this.#pause(RETRY_MS);
    }
  }

  /**
   * The names on this host, or on another, in the order of registration; as many as fit in 64 KiB. Empty if there is no
   * list. Rejects as {@link lookup}.
   */
  async names(host: string = LOOPBACK): Promise<readonly Registration[]> {
    const asked = this.#whereIs(host);
    const { failure, lines } = await this.#ask(asked, { op: "names" });
    if (failure === "nobody") return [];
    if (failure !== undefined) throw this.#fault(asked, failure);
    return lines.flatMap((line) => (line.op === "name" ? [{ name: line.name, port: line.port }] : []));
  }

  /** Gives the name back, and the port if this node serves: another node takes over. Nothing is left running. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#work;
    await this.#relay?.close();
    await this.#release();
    await this.#stopServing();
  }

  /** Whether the node that served has just ended: until every name is back, one that is missing may be of a node that runs. */
  get #changing(): boolean {
    return !this.#ended.signal.aborted && this.#clock.now() - this.#lostAt < CHANGE_MS;
  }

  /** Asks again, in the time that is left, if the connection was closed: who served has ended, or took us for idle. */
  async #ask(host: string, request: Asked): ReturnType<typeof ask> {
    using patience = new Patience(this.#clock, ANSWER_MS);
    const options = { host, port: this.#port, request, clock: this.#clock, signal: this.#ended.signal };
    const reply = await ask(options);
    return reply.failure === "closed" && patience.left > 0 ? await ask({ ...options, timeout: patience.left }) : reply;
  }

  /** Rejects with why there will be no name, however often it is tried. Resolves without one if this is closed. */
  async #obtain(registration: Registration): Promise<void> {
    using patience = new Patience(this.#clock, REGISTER_MS);
    for (;;) {
      const request = { op: "register", ...registration, pid: process.pid, token: this.#token } as const;
      const reply = await ask({
        host: LOOPBACK,
        port: this.#port,
        request,
        clock: this.#clock,
        timeout: patience.left,
        signal: this.#ended.signal,
      });
      if (this.#ended.signal.aborted) {
        reply.socket?.destroy();
        throw new MoebiError("epmd", "The name service was closed while the name was being registered");
      }
      if (reply.failure === undefined) {
        const [line] = reply.lines;
        if (line?.op === "registered") return this.#hold(reply.socket);
        if (line?.op === "taken") {
          const text = `The name "${registration.name}" is taken on this host, by a node at port ${line.port} (process ${line.pid}): choose another name`;
          throw new MoebiError("name_taken", text);
        }
        if (line?.op === "full")
          throw new MoebiError(
            "epmd",
            `This host has ${line.limit} names, which is the most it can have: stop some nodes`,
          );
        throw new MoebiError("epmd", `The name service at port ${this.#port} registers names of its own host only`);
      }
      if (reply.failure === "nobody") {
        if (await this.#serve()) continue;
      } else if (reply.failure !== "closed" || patience.left === 0) {
        throw this.#fault(LOOPBACK, reply.failure);
      }
      if (patience.left === 0) throw this.#fault(LOOPBACK, "silent");
      await this.#pause(this.#random() * RETRY_MS);
    }
  }

  /** Lets other hosts ask the list, if the node listens where they reach it. Rejects with `epmd` if the port can't be had there. */
  async #openToOthers(): Promise<void> {
    if (UNSEEN.has(this.#host)) return;
    const relay = new NameRelay({
      host: this.#host,
      port: this.#port,
      ask: async (request) => (await this.#ask(LOOPBACK, request as Asked)).lines ?? NOTHING[request.op as Asked["op"]],
      check: async (address) => {
        const { failure } = await this.#ask(address, { op: "names" });
        if (failure !== undefined && failure !== "nobody") throw this.#fault(address, failure);
      },
    });
    this.#relay = relay;
    try {
      await relay.open();
    } catch (error) {
      if (hasCode(error, "epmd")) throw error;
      throw this.#fault(this.#host, (error as NodeJS.ErrnoException).code ?? "unknown error");
    }
  }

  /** Whether this node serves now; not, if another was faster. Rejects with `epmd` if the port can't be had. */
  async #serve(): Promise<boolean> {
    await this.#stopServing();
    const server = new NameServer({ clock: this.#clock });
    try {
      await server.listen(LOOPBACK, this.#port);
    } catch (error) {
      await server.close();
      const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
      if (code === "EADDRINUSE") return false;
      throw this.#fault(LOOPBACK, code);
    }
    this.#server = server;
    return true;
  }

  #hold(socket: Socket): void {
    const since = this.#clock.now();
    const lost = (): void => {
      if (this.#held !== socket) return;
      this.#held = undefined;
      this.#lostAt = this.#clock.now();
      // A service that takes the name and drops it at once is not asked in a tight loop.
      const longest = this.#clock.now() - since < SLOW_RETRY_MS ? SLOW_RETRY_MS : RETRY_MS;
      if (!this.#ended.signal.aborted) this.#work = this.#regain(longest);
    };
    this.#held = socket;
    // It lasts as long as the node, but does not keep it alive.
    socket.unref();
    socket.once("close", lost);
    // Nothing is said on it any more.
    socket.on("data", () => socket.destroy());
    socket.resume();
    if (socket.closed) lost();
  }

  /** The node that served has ended: whoever is first serves, the others find it. Never gives up. */
  async #regain(pause: number): Promise<void> {
    const registration = this.#registration;
    if (registration === undefined) return;
    for (let longest = pause; !this.#ended.signal.aborted; longest = SLOW_RETRY_MS) {
      await this.#pause(this.#random() * longest);
      try {
        return await this.#obtain(registration);
      } catch {
        // Taken, or the port is: it may be free later, and links do not depend on it.
      }
    }
  }

  async #release(): Promise<void> {
    const socket = this.#held;
    if (socket === undefined) return;
    this.#held = undefined;
    await new Promise<void>((resolve) => {
      const timer = this.#clock.setTimeout(() => socket.destroy(), RELEASE_MS);
      socket.once("close", () => {
        this.#clock.clearTimeout(timer);
        resolve();
      });
      socket.ref();
      // The service closes its end when it has taken the name off the list.
      socket.end();
    });
  }

  async #stopServing(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#ended;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        this.#clock.clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = this.#clock.setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }

  #whereIs(host: string): string {
    return isThisHost(host) ? LOOPBACK : host;
  }

  #fault(host: string, failure: Failure): MoebiError {
    const where = host === LOOPBACK || host === this.#host ? `Port ${this.#port}` : `Port ${this.#port} of "${host}"`;
    const remedy = "stop it, or start every node with MOEBI_EPMD_PORT set to another port";
    switch (failure) {
      case "foreign":
        return new MoebiError("epmd", `${where} is taken by a program that is not moebi's name service: ${remedy}`);
      case "silent":
      case "closed":
        return new MoebiError(
          "epmd",
          `${where} is taken by a program that does not answer as moebi's name service: ${remedy}`,
        );
      case "aborted":
        return new MoebiError("epmd", "The name service is closed");
      default:
        return new MoebiError("epmd", `${where}, where the name service should be, can't be used: ${failure}`);
    }
  }
}

/** By name: an address that happens to be one of this host's is asked there, where its list may be open to others. */
function isThisHost(host: string): boolean {
  const name = host.toLowerCase();
  const own = hostname().toLowerCase();
  return name === "localhost" || name === LOOPBACK || name === "::1" || name === own || name === own.split(".", 1)[0];
}
