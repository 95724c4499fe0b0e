import type { KeyObject } from "node:crypto";
import type { Clock } from "../../process/clock.ts";
import { Patience } from "../../process/patience.ts";
import type { Peer } from "../../process/signal.ts";
import { hasCode, MoebiError } from "../../term/error.ts";
import type { NodeName } from "../../term/pid.ts";
import type { DialFailure, Link } from "../carrier.ts";
import { LONGEST_MESSAGE } from "./handshake-message.ts";
import { DialHandshake, type Proven, type Refusal, type RefusalCode, type Step } from "./handshake.ts";
import type { Resolver } from "./resolver.ts";
import { CLOSE_NORMAL, CLOSE_TOO_BIG, parseAddress, type Channel, type Transport } from "./transport.ts";

export interface DialOptions {
  readonly node: NodeName;
  readonly transport: Transport;
  readonly resolver: Resolver;
  readonly self: Peer;
  readonly keyFor: (node: NodeName) => KeyObject;
  readonly clock: Clock;
  /** Milliseconds until it gives up, of those in which this program could listen. */
  readonly setupTime: number;
  /** Makes a link of the proven channel. */
  readonly link: (channel: Channel, proven: Proven) => Link;
  /** The link to the node, if there is one by now. */
  readonly linked: () => Link | undefined;
}

/** An error with the fields of a {@link DialFailure}. */
export function dialFailure(code: DialFailure["code"], message: string, cause?: unknown): MoebiError {
  return new MoebiError(code, message, cause === undefined ? undefined : { cause });
}

/** What a refused handshake is to whoever dialled. */
const FAILURES: Readonly<Record<RefusalCode, DialFailure["code"]>> = {
  version: "version",
  busy: "busy",
  not_allowed: "not_allowed",
  name_in_use: "name_in_use",
  wrong_node: "wrong_node",
  wrong_proof: "not_allowed",
  bad_handshake: "noconnection",
  closed: "noconnection",
  simultaneous: "noconnection",
};

/**
 * One attempt to reach a node: look-up, connection, handshake, within one deadline. It may also end with a link that the
 * node dialled itself meanwhile.
 */
export class Dial {
  readonly done: Promise<Link>;
  /** The node is dialling this one, and that dial wins: this one only waits for it. */
  yielded = false;

  readonly #options: DialOptions;
  readonly #resolve: (link: Link) => void;
  readonly #reject: (error: Error) => void;
  readonly #abort = new AbortController();
  readonly #patience: Patience;
  #channel: Channel | undefined;
  #over = false;

  constructor(options: DialOptions) {
    this.#options = options;
    const { promise, resolve, reject } = Promise.withResolvers<Link>();
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    const { clock, setupTime, node } = options;
    this.#patience = new Patience(clock, setupTime, () =>
      this.fail(dialFailure("timeout", `"${node}" did not answer within ${setupTime / 1000} seconds`)),
    );
    void this.#attempt(true);
  }

  /** The node was reached, by this dial or by its own. */
  succeed(link: Link): void {
    if (this.#finish()) this.#resolve(link);
  }

  /** Gives up. */
  fail(error: Error): void {
    if (this.#finish()) this.#reject(error);
  }

  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#patience[Symbol.dispose]();
    this.#abort.abort(dialFailure("noconnection", "The dial is over"));
    this.#channel?.terminate();
    return true;
  }

  async #attempt(mayRepeat: boolean): Promise<void> {
    const { node, transport, resolver } = this.#options;
    try {
      const address = await resolver.lookup(node);
      if (this.#over) return;
      if (address === undefined) {
        this.fail(dialFailure("noconnection", `No node named "${node}" is registered on its host`));
        return;
      }
      const channel = await transport.dial(address, this.#abort.signal);
      if (this.#over) channel.terminate();
      else this.#shake(channel, mayRepeat);
    } catch (error) {
      // A connection that is cut as soon as it is made was most likely evicted by others that came at once with it.
      if (mayRepeat && hasCode(error, "connection_reset")) void this.#attempt(false);
      else this.fail(dialFailure("noconnection", (error as Error).message, error));
    }
  }

  #shake(channel: Channel, mayRepeat: boolean): void {
    const { node, self, keyFor } = this.#options;
    this.#channel = channel;
    if (channel.peerNames !== undefined && !channel.peerNames.includes(node)) {
      const remedy = `give that node one with email:${node} among its alternative names`;
      this.fail(dialFailure("wrong_node", `The certificate that answered for "${node}" does not name it: ${remedy}`));
      return;
    }
    const { host, port } = parseAddress(channel.remoteAddress);
    const handshake = new DialHandshake({
      self,
      wanted: node,
      keyFor,
      dialled: { address: host, port },
      binding: channel.binding,
    });
    channel.onClose = () => this.#refused(handshake.closed(), mayRepeat);
    channel.onMessage = (bytes) => {
      if (bytes.length > LONGEST_MESSAGE) {
        channel.onMessage = undefined;
        channel.onClose = undefined;
        channel.close(CLOSE_TOO_BIG);
        this.#channel = undefined;
        this.fail(dialFailure("noconnection", `What answered for "${node}" does not speak this protocol`));
      } else this.#stepped(channel, handshake.step(bytes));
    };
    this.#stepped(channel, handshake.start());
  }

  #stepped(channel: Channel, { send, done, refused }: Step): void {
    for (const message of send) channel.send(message);
    if (done !== undefined) {
      channel.onMessage = undefined;
      this.#channel = undefined;
      this.succeed(this.#options.linked() === undefined ? this.#options.link(channel, done) : this.#instead(channel));
    } else if (refused !== undefined) {
      channel.onMessage = undefined;
      channel.onClose = undefined;
      channel.close(CLOSE_NORMAL);
      this.#channel = undefined;
      this.#refused(refused, false);
    }
  }

  /** The node's own dial was quicker. */
  #instead(channel: Channel): Link {
    channel.close(CLOSE_NORMAL);
    return this.#options.linked()!;
  }

  #refused(refusal: Refusal, mayRepeat: boolean): void {
    if (this.#over) return;
    this.#channel = undefined;
    if (refusal.code === "simultaneous") {
      const link = this.#options.linked();
      if (link !== undefined) this.succeed(link);
      // Else its dial is on its way here, and the deadline goes on.
      else this.yielded = true;
    } else if (mayRepeat && refusal.again) void this.#attempt(false);
    else this.fail(dialFailure(FAILURES[refusal.code], refusal.reason));
  }
}
