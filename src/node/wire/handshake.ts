/**
 * The handshake: how two nodes prove to each other that they know the cookie, before anything else of the node sees a
 * byte. Pure: bytes in, bytes out; sockets, deadlines (`netSetuptime`) and places ({@link PendingTable}) are the carrier's.
 *
 *     dialler → acceptor   HELLO       versions, own name, creation, wanted name, dialled address:port, flags, nonce
 *     acceptor → dialler   CHALLENGE   version, versions, own name, creation, flags, nonce   or REFUSED version | busy
 *     dialler → acceptor   PROOF       HMAC-SHA256(K, "A" ‖ T)
 *     acceptor → dialler   PROOF       HMAC-SHA256(K, "B" ‖ T)    or REFUSED not_allowed | name_in_use | simultaneous
 *
 * `K` is derived from the cookie ({@link Cookie.key}). `T` is SHA-256 over the exact bytes of HELLO and CHALLENGE, each
 * after its length, and the channel binding. That T holds both names, the address that was dialled and the binding is
 * what stops a program that took a node's name from passing a third node's challenge to whoever dials that name.
 *
 * ## Two nodes that dial each other
 *
 * The acceptor decides, once the dialler has proven itself and never before, in `admit`. If it has a dial of its own
 * pending to the same node it asks {@link settleSimultaneous}: of the two dials the one made by the name that sorts first
 * wins.
 *
 * - The peer's name sorts first: `accept`. The acceptor gives up its own dial and admits this one.
 * - Its own name sorts first: `refuse` with `simultaneous`. The dialler on hearing that does not fail: it waits for the
 *   incoming connection, which is already on its way, until the deadline of its own dial.
 *
 * Both ends decide by the same names, so exactly one of the two survives.
 */

import { createHash, createHmac, randomBytes, timingSafeEqual, type KeyObject } from "node:crypto";
import type { Peer } from "../../process/signal.ts";
import type { NodeName } from "../../term/pid.ts";
import { normaliseAddress, sameEndpoint, type Endpoint } from "./handshake-address.ts";
import {
  NONCE_BYTES,
  PROOF_BYTES,
  formatChallenge,
  formatHello,
  formatProof,
  formatRefused,
  parseChallenge,
  parseHello,
  parseHelloVersions,
  parseProof,
  parseRefused,
  type Challenge,
  type Hello,
  type RefusedReason,
  type VersionRange,
} from "./handshake-message.ts";

/** The versions of the protocol this code speaks. */
export const VERSIONS: VersionRange = { min: 1, max: 1 };

/** In the flags of HELLO and CHALLENGE. Bits nobody knows are ignored. */
export const FLAG_HIDDEN = 1;

/** How long a connection with a wrong proof keeps its place before it is closed without a reason, in milliseconds. */
export const WRONG_PROOF_MS = 1000;

/**
 * Why a handshake failed. Besides what the wire can say: `wrong_node` (another node than the one wanted is there, or the
 * address dialled is not this end), `wrong_proof` (another cookie, or an impostor), `bad_handshake` (not these messages,
 * or not in this order), `closed` (the other end went away).
 */
export type RefusalCode = RefusedReason | "wrong_node" | "wrong_proof" | "bad_handshake" | "closed";

export interface Refusal {
  readonly code: RefusalCode;
  /** For this node's log or error, a sentence. Holds nothing from the wire but names that were checked. */
  readonly reason: string;
  /** The name the other end gave, proven or not, once it has given one. */
  readonly name?: NodeName;
  /** How long the connection keeps its place before it is closed, in milliseconds; else it is closed once `send` is out. */
  readonly holdMs: number;
  /** Dialling side: the connection was cut before CHALLENGE, and one more try is due. */
  readonly again: boolean;
}

/** What is to be done after a message: write `send` in order, then go on as `done` or `refused` says, or wait for more. */
export interface Step {
  readonly send: readonly Uint8Array[];
  readonly done?: Proven;
  readonly refused?: Refusal;
}

/** Whether a proven dialler is let in; anything but `ok` is told to it. */
export type Admission = "ok" | "not_allowed" | "name_in_use" | "simultaneous";

interface Side {
  /** This node's name, creation, and whether it is hidden. */
  readonly self: Peer;
  /** The key for the cookie shared with that node: `(node) => jar.for(node).key()`. */
  readonly keyFor: (node: NodeName) => KeyObject;
  /** The same bytes at both ends of this very channel, and different through a relay. Empty or absent on plain loopback. */
  readonly binding?: Uint8Array;
  readonly versions?: VersionRange;
  /** 32 unpredictable bytes. Given only by tests. */
  readonly nonce?: () => Uint8Array;
}

export interface DialOptions extends Side {
  /** The node that was meant to be dialled. */
  readonly wanted: NodeName;
  /**
   * The far end of the socket as this end sees it, `socket.remoteAddress` and `remotePort`; the advertised one, when the
   * node was dialled by that. Never what a name service said it was called.
   */
  readonly dialled: Endpoint;
}

export interface AcceptOptions extends Side {
  /** The near end of the socket, `socket.localAddress` and `localPort`, and, with TLS only, what the node advertises. */
  readonly local: readonly Endpoint[];
  /**
   * Asked once, when the dialler has proven that it knows the cookie: settles simultaneous dials (see above), a name that
   * is connected already, and who is let in at all. Whoever answers `ok` has reserved the name from that moment, and gives
   * it back if the connection closes before the step is done. A rejection counts as `not_allowed`.
   */
  readonly admit: (peer: Peer) => Admission | Promise<Admission>;
  /** Whether to turn everybody away for now, asked at HELLO. */
  readonly busy?: () => boolean;
}

/** Which of two simultaneous dials an acceptor keeps: `accept` the incoming one and give up its own, or `refuse` it. */
export function settleSimultaneous(self: NodeName, peer: NodeName): "accept" | "refuse" {
  return peer < self ? "accept" : "refuse";
}

/** Held by this file alone: nothing else can make a {@link Proven}. */
const SEAL = Symbol("proven");

/**
 * A peer that has proven itself and was let in. Whatever routes or decodes for a peer asks for one of these, which only
 * a finished handshake can give: the type is the gate, so there is no check to forget.
 */
class ProvenPeer {
  readonly #peer: Peer;
  readonly version: number;
  readonly dialled: boolean;

  constructor(seal: typeof SEAL, peer: Peer, version: number, dialled: boolean) {
    if (seal !== SEAL) throw new TypeError("A peer is proven by a handshake");
    this.#peer = Object.freeze(peer);
    this.version = version;
    this.dialled = dialled;
    Object.freeze(this);
  }

  /** The node at the other end. */
  get peer(): Peer {
    return this.#peer;
  }

  static holds(value: unknown): value is ProvenPeer {
    return typeof value === "object" && value !== null && #peer in value;
  }
}

/** `peer`, the `version` both speak, and whether this node `dialled`. */
export type Proven = ProvenPeer;

/** Whether `value` came out of a finished handshake, also where types were lost on the way. */
export function isProven(value: unknown): value is Proven {
  return ProvenPeer.holds(value);
}

/** The dialling side. {@link start} once, then {@link step} for each message until it is done or refused. */
export class DialHandshake {
  readonly #options: DialOptions;
  readonly #versions: VersionRange;
  #state: "new" | "hello" | "proof" | "over" = "new";
  #hello: Uint8Array = new Uint8Array();
  #peer: Peer | undefined;
  #version = 0;
  #expected: Uint8Array = new Uint8Array();

  constructor(options: DialOptions) {
    this.#options = options;
    this.#versions = options.versions ?? VERSIONS;
  }

  /** The HELLO to write first. */
  start(): Step {
    const { self, wanted, dialled } = this.#options;
    if (this.#state !== "new") throw new Error("A handshake starts once");
    if (wanted === self.name) {
      this.#state = "over";
      return refusal("wrong_node", "A node does not dial itself");
    }
    this.#state = "hello";
    this.#hello = formatHello({
      versions: this.#versions,
      name: self.name,
      creation: self.creation,
      wanted,
      dialled: { address: normaliseAddress(dialled.address), port: dialled.port },
      flags: flagsOf(self),
      nonce: freshNonce(this.#options),
    });
    return { send: [this.#hello] };
  }

  /** Takes the next message of the acceptor. After `done` or `refused` every message is refused. */
  step(bytes: Uint8Array): Step {
    const state = this.#state;
    this.#state = "over";
    if (state === "hello") return this.#challenged(bytes);
    if (state === "proof") return this.#answered(bytes);
    return refusal("bad_handshake", "A message came that is not part of the handshake", this.#peer?.name);
  }

  /** What it means that the connection has closed now. */
  closed(): Refusal {
    const state = this.#state;
    this.#state = "over";
    const { wanted } = this.#options;
    if (state === "proof") {
      // Whoever refuses a proof says nothing: a reason would help to guess.
      const reason = `"${wanted}" closed the connection without a reason, most likely because its cookie is another one: start both nodes with one cookie`;
      return refusalOf("wrong_proof", reason, wanted);
    }
    return {
      ...refusalOf("closed", `The connection to "${wanted}" closed during the handshake`, undefined),
      again: state === "hello",
    };
  }

  #challenged(bytes: Uint8Array): Step {
    const { self, wanted, keyFor, binding } = this.#options;
    const refused = parseRefused(bytes);
    if (refused === "version")
      return refusal("version", `"${wanted}" speaks other versions of the protocol: update the older node`);
    if (refused === "busy") return refusal("busy", `"${wanted}" accepts no connections at the moment: try again later`);
    const challenge = parseChallenge(bytes);
    if (challenge === undefined)
      return refusal("bad_handshake", `What answered for "${wanted}" does not speak this protocol`);
    if (challenge.name !== wanted || challenge.name === self.name) {
      return refusal("wrong_node", `"${challenge.name}" answered where "${wanted}" was expected`, challenge.name);
    }
    if (challenge.version !== highestCommon(this.#versions, challenge.versions)) {
      return refusal(
        "version",
        `"${wanted}" chose a version of the protocol that is not the highest both speak`,
        wanted,
      );
    }
    const key = keyFor(wanted);
    const transcript = transcriptOf(this.#hello, bytes, binding);
    this.#peer = peerOf(challenge);
    this.#version = challenge.version;
    this.#expected = proofOf(key, "B", transcript);
    this.#state = "proof";
    return { send: [formatProof(proofOf(key, "A", transcript))] };
  }

  #answered(bytes: Uint8Array): Step {
    const { wanted } = this.#options;
    const peer = this.#peer;
    const refused = parseRefused(bytes);
    if (refused === "not_allowed")
      return refusal("not_allowed", `"${wanted}" does not allow this node to connect`, wanted);
    if (refused === "name_in_use") {
      return refusal(
        "name_in_use",
        `"${wanted}" is connected to another node named "${this.#options.self.name}"`,
        wanted,
      );
    }
    if (refused === "simultaneous") return refusal("simultaneous", `"${wanted}" is dialling this node itself`, wanted);
    const proof = parseProof(bytes);
    if (proof === undefined || peer === undefined) {
      return refusal("bad_handshake", `What answered for "${wanted}" does not speak this protocol`, wanted);
    }
    if (!sameProof(proof, this.#expected)) {
      return refusal("wrong_proof", `What answered for "${wanted}" does not know the cookie`, wanted);
    }
    return { send: [], done: new ProvenPeer(SEAL, peer, this.#version, true) };
  }
}

/** The accepting side: {@link step} for each message until it is done or refused. */
export class AcceptHandshake {
  readonly #options: AcceptOptions;
  readonly #versions: VersionRange;
  #state: "new" | "challenge" | "admitting" | "over" = "new";
  #hello: Hello | undefined;
  #version = 0;
  #transcript: Uint8Array = new Uint8Array();

  constructor(options: AcceptOptions) {
    this.#options = options;
    this.#versions = options.versions ?? VERSIONS;
  }

  /**
   * Takes the next message of the dialler. The promise never rejects, and only `admit` makes it wait. A message that comes
   * in the meantime ends the handshake: both steps are then refused.
   */
  async step(bytes: Uint8Array): Promise<Step> {
    const state = this.#state;
    this.#state = "over";
    if (state === "new") return this.#greeted(bytes);
    if (state === "challenge") return await this.#proven(bytes);
    return refusal("bad_handshake", "A message came that is not part of the handshake", this.#hello?.name);
  }

  /** What it means that the connection has closed now. A step that waits for `admit` is refused when that has answered. */
  closed(): Refusal {
    this.#state = "over";
    return refusalOf("closed", "The connection closed during the handshake", this.#hello?.name);
  }

  #greeted(bytes: Uint8Array): Step {
    const { self, local, busy } = this.#options;
    const offered = parseHelloVersions(bytes);
    if (offered === undefined) return refusal("bad_handshake", "What connected does not speak this protocol");
    const version = highestCommon(this.#versions, offered);
    if (version === undefined) {
      return refusal(
        "version",
        `It speaks versions ${offered.min} to ${offered.max} of the protocol`,
        undefined,
        "version",
      );
    }
    const hello = parseHello(bytes);
    if (hello === undefined) return refusal("bad_handshake", "What connected does not speak this protocol");
    if (busy?.() === true) return refusal("busy", "No connections are accepted at the moment", hello.name, "busy");
    if (hello.wanted !== self.name) {
      return refusal("wrong_node", `It wanted "${hello.wanted}", and this is "${self.name}"`, hello.name);
    }
    if (hello.name === self.name) return refusal("wrong_node", "It has this node's own name", hello.name);
    if (!local.some((endpoint) => sameEndpoint(endpoint, hello.dialled))) {
      const { address, port } = hello.dialled;
      const reason = `It dialled ${address}:${port}, which is not this end of the connection: behind a forwarder use TLS and --advertise ${address}:${port}`;
      return refusal("wrong_node", reason, hello.name);
    }
    const challenge = formatChallenge({
      version,
      versions: this.#versions,
      name: self.name,
      creation: self.creation,
      flags: flagsOf(self),
      nonce: freshNonce(this.#options),
    });
    this.#hello = hello;
    this.#version = version;
    this.#transcript = transcriptOf(bytes, challenge, this.#options.binding);
    this.#state = "challenge";
    return { send: [challenge] };
  }

  async #proven(bytes: Uint8Array): Promise<Step> {
    const { admit, keyFor } = this.#options;
    const hello = this.#hello;
    const proof = parseProof(bytes);
    if (proof === undefined || hello === undefined) {
      return refusal("bad_handshake", "What connected does not speak this protocol", hello?.name);
    }
    const key = keyFor(hello.name);
    if (!sameProof(proof, proofOf(key, "A", this.#transcript))) {
      const refused = refusalOf("wrong_proof", "It has another cookie", hello.name);
      return { send: [], refused: { ...refused, holdMs: WRONG_PROOF_MS } };
    }
    this.#state = "admitting";
    const peer = peerOf(hello);
    let admission: Admission;
    try {
      admission = await admit(peer);
    } catch {
      admission = "not_allowed";
    }
    if (this.#state !== "admitting") return { send: [], refused: this.closed() };
    this.#state = "over";
    if (admission !== "ok") return refusal(admission, ADMISSION_REASONS[admission], peer.name, admission);
    return {
      send: [formatProof(proofOf(key, "B", this.#transcript))],
      done: new ProvenPeer(SEAL, peer, this.#version, false),
    };
  }
}

const ADMISSION_REASONS: Readonly<Record<Exclude<Admission, "ok">, string>> = {
  not_allowed: "It is not among the nodes that may connect",
  name_in_use: "A node of that name is connected and alive",
  simultaneous: "This node is dialling it already",
};

/** `T`. The lengths keep a byte from moving from one message into the next unnoticed. */
function transcriptOf(hello: Uint8Array, challenge: Uint8Array, binding: Uint8Array | undefined): Uint8Array {
  const hash = createHash("sha256");
  for (const message of [hello, challenge]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    hash.update(length).update(message);
  }
  return hash.update(binding ?? new Uint8Array()).digest();
}

/** The letter makes the two proofs differ, so that neither can be sent back as the other. */
function proofOf(key: KeyObject, side: "A" | "B", transcript: Uint8Array): Uint8Array {
  return createHmac("sha256", key).update(side).update(transcript).digest();
}

function sameProof(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === PROOF_BYTES && other.length === PROOF_BYTES && timingSafeEqual(one, other);
}

function highestCommon(one: VersionRange, other: VersionRange): number | undefined {
  const highest = Math.min(one.max, other.max);
  return highest >= one.min && highest >= other.min ? highest : undefined;
}

function freshNonce({ nonce }: Side): Uint8Array {
  return nonce === undefined ? randomBytes(NONCE_BYTES) : nonce();
}

function flagsOf(peer: Peer): number {
  return peer.hidden ? FLAG_HIDDEN : 0;
}

function peerOf({ name, creation, flags }: Hello | Challenge): Peer {
  return { name, creation, hidden: (flags & FLAG_HIDDEN) !== 0 };
}

function refusalOf(code: RefusalCode, reason: string, name: NodeName | undefined): Refusal {
  return { code, reason, holdMs: 0, again: false, ...(name === undefined ? {} : { name }) };
}

/** A step that ends the handshake, telling the other end `told` or nothing. */
function refusal(code: RefusalCode, reason: string, name?: NodeName, told?: RefusedReason): Step {
  return { send: told === undefined ? [] : [formatRefused(told)], refused: refusalOf(code, reason, name) };
}
