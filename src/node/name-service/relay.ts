/**
 * The list of a host is served on loopback, by any of its nodes. One that is to be reached from elsewhere opens it to other
 * hosts, at its own address: there the list can be asked, and no name registered.
 */

import { networkInterfaces } from "node:os";
import type { AnswerLine, Request } from "./protocol.ts";
import { NameServer } from "./server.ts";

/** How often an address that another node has opened is tried again, in milliseconds: that node may be gone. */
const RETRY_MS = 500;

export interface NameRelayOptions {
  /** The address the node listens on; `0.0.0.0` and `::` stand for all of this host's. */
  readonly host: string;
  readonly port: number;
  /** What the list of this host answers. */
  readonly ask: (request: Request) => Promise<readonly AnswerLine[]>;
  /** Whether what has the port at an address is a list of names. Rejects with why it is none. */
  readonly check: (address: string) => Promise<void>;
}

/** Where a host's list can be asked from other hosts, for as long as one of its nodes listens there. */
export class NameRelay {
  readonly #options: NameRelayOptions;
  readonly #open = new Map<string, NameServer>();
  #retry: NodeJS.Timeout | undefined;
  #trying: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: NameRelayOptions) {
    this.#options = options;
  }

  /**
   * Opens every address, or leaves it to the node that has. From then on an address that becomes free is taken.
   * Rejects with the system's error, or as `check` does.
   */
  async open(): Promise<void> {
    for (const address of addressesOf(this.#options.host)) {
      if (!(await this.#serve(address))) await this.#options.check(address);
    }
    if (this.#closed) return;
    this.#retry = setInterval(() => {
      this.#trying = this.#trying.then(() => this.#again());
    }, RETRY_MS);
    this.#retry.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#retry);
    await this.#trying;
    const servers = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(servers.map((server) => server.close()));
  }

  /** Opens what is not open: another node had it, or the host has got the address only now. */
  async #again(): Promise<void> {
    for (const address of addressesOf(this.#options.host)) {
      // An address that is on its way out can't be had, and need not be.
      if (!this.#closed && !this.#open.has(address)) await this.#serve(address).catch(() => undefined);
    }
  }

  /** Whether the address is open to others by this node now; not, if the port is taken there. */
  async #serve(address: string): Promise<boolean> {
    const server = new NameServer({ relay: this.#options.ask });
    try {
      await server.listen(address, this.#options.port);
    } catch (error) {
      await server.close();
      if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
      throw error;
    }
    if (this.#closed) await server.close();
    else this.#open.set(address, server);
    return true;
  }
}

/** One by one: the port of all addresses at once could not be had, as the list has it on loopback. */
function addressesOf(host: string): string[] {
  if (host !== "0.0.0.0" && host !== "::") return [host];
  return Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .filter(({ internal, family, scopeid }) => !internal && (family === "IPv4" || (host === "::" && scopeid === 0)))
    .map(({ address }) => address);
}
