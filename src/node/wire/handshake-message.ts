/**
 * The four messages of the handshake, as bytes. Big-endian, fixed order, nothing optional and nothing after the end, so
 * that there is one encoding for one meaning. A string is a length byte and that many ASCII characters.
 *
 *     HELLO      'H'  min u16, max u16, own name, creation u32, wanted name, address, port u16, flags u32, nonce 32
 *     CHALLENGE  'C'  version u16, min u16, max u16, own name, creation u32, flags u32, nonce 32
 *     PROOF      'P'  32
 *     REFUSED    'R'  reason u8
 *
 * `min` and `max` come first in HELLO and stay there for ever: a later version may change what follows.
 */

import type { NodeName } from "../../term/pid.ts";
import { isNodeName } from "../node-name.ts";
import { isAddress, type Endpoint } from "./handshake-address.ts";

/** No message of the handshake is longer, in bytes. What carries them should cut off what is. */
export const LONGEST_MESSAGE = 4096;

/** Bytes in a nonce and in a proof. */
export const NONCE_BYTES = 32;
export const PROOF_BYTES = 32;

/** The lowest and the highest version a node speaks, both included. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export interface Hello {
  readonly versions: VersionRange;
  readonly name: NodeName;
  readonly creation: number;
  readonly wanted: NodeName;
  readonly dialled: Endpoint;
  readonly flags: number;
  readonly nonce: Uint8Array;
}

export interface Challenge {
  readonly version: number;
  readonly versions: VersionRange;
  readonly name: NodeName;
  readonly creation: number;
  readonly flags: number;
  readonly nonce: Uint8Array;
}

/** Why a connection is refused, in the words the wire has for it. The first two come before a proof, the others after. */
export type RefusedReason = "version" | "busy" | "not_allowed" | "name_in_use" | "simultaneous";

const REASONS: readonly RefusedReason[] = ["version", "busy", "not_allowed", "name_in_use", "simultaneous"];

const HELLO = 0x48;
const CHALLENGE = 0x43;
const PROOF = 0x50;
const REFUSED = 0x52;

export function formatHello(hello: Hello): Uint8Array {
  return new Writer(HELLO)
    .u16(hello.versions.min)
    .u16(hello.versions.max)
    .text(hello.name)
    .u32(hello.creation)
    .text(hello.wanted)
    .text(hello.dialled.address)
    .u16(hello.dialled.port)
    .u32(hello.flags)
    .raw(hello.nonce)
    .bytes();
}

export function formatChallenge(challenge: Challenge): Uint8Array {
  return new Writer(CHALLENGE)
    .u16(challenge.version)
    .u16(challenge.versions.min)
    .u16(challenge.versions.max)
    .text(challenge.name)
    .u32(challenge.creation)
    .u32(challenge.flags)
    .raw(challenge.nonce)
    .bytes();
}

export function formatProof(proof: Uint8Array): Uint8Array {
  return new Writer(PROOF).raw(proof).bytes();
}

export function formatRefused(reason: RefusedReason): Uint8Array {
  return new Writer(REFUSED).u8(REASONS.indexOf(reason) + 1).bytes();
}

/** The versions a HELLO offers, even one whose later fields this version does not know; `undefined` if it is no HELLO. */
export function parseHelloVersions(bytes: Uint8Array): VersionRange | undefined {
  const reader = Reader.of(bytes, HELLO);
  return reader?.versions();
}

/** `undefined` for anything that is not exactly a HELLO. */
export function parseHello(bytes: Uint8Array): Hello | undefined {
  const reader = Reader.of(bytes, HELLO);
  if (reader === undefined) return undefined;
  const versions = reader.versions();
  const name = reader.nodeName();
  const creation = reader.u32();
  const wanted = reader.nodeName();
  const address = reader.text();
  const port = reader.u16();
  const flags = reader.u32();
  const nonce = reader.raw(NONCE_BYTES);
  if (
    !reader.ended ||
    versions === undefined ||
    name === undefined ||
    creation === undefined ||
    wanted === undefined ||
    address === undefined ||
    !isAddress(address) ||
    port === undefined ||
    flags === undefined ||
    nonce === undefined
  ) {
    return undefined;
  }
  return { versions, name, creation, wanted, dialled: { address, port }, flags, nonce };
}

/** `undefined` for anything that is not exactly a CHALLENGE. */
export function parseChallenge(bytes: Uint8Array): Challenge | undefined {
  const reader = Reader.of(bytes, CHALLENGE);
  if (reader === undefined) return undefined;
  const version = reader.u16();
  const versions = reader.versions();
  const name = reader.nodeName();
  const creation = reader.u32();
  const flags = reader.u32();
  const nonce = reader.raw(NONCE_BYTES);
  if (
    !reader.ended ||
    version === undefined ||
    versions === undefined ||
    name === undefined ||
    creation === undefined ||
    flags === undefined ||
    nonce === undefined
  ) {
    return undefined;
  }
  return { version, versions, name, creation, flags, nonce };
}

/** The 32 bytes of a PROOF, or `undefined`. */
export function parseProof(bytes: Uint8Array): Uint8Array | undefined {
  const reader = Reader.of(bytes, PROOF);
  const proof = reader?.raw(PROOF_BYTES);
  return reader?.ended === true ? proof : undefined;
}

/** The reason in a REFUSED, or `undefined`. */
export function parseRefused(bytes: Uint8Array): RefusedReason | undefined {
  const reader = Reader.of(bytes, REFUSED);
  const code = reader?.u8();
  return reader?.ended === true && code !== undefined ? REASONS[code - 1] : undefined;
}

class Writer {
  readonly #parts: number[] = [];

  constructor(type: number) {
    this.#parts.push(type);
  }

  u8(value: number): this {
    this.#parts.push(value & 0xff);
    return this;
  }

  u16(value: number): this {
    return this.u8(value >>> 8).u8(value);
  }

  u32(value: number): this {
    return this.u16(value >>> 16).u16(value);
  }

  /** What is written is a name or address that was checked: ASCII, at most 255 characters. */
  text(value: string): this {
    this.u8(value.length);
    for (let i = 0; i < value.length; i++) this.u8(value.charCodeAt(i));
    return this;
  }

  raw(value: Uint8Array): this {
    this.#parts.push(...value);
    return this;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }
}

/** Reads what is there and never beyond; a field that is not all there is `undefined`, and so is all that follows. */
class Reader {
  readonly #view: DataView;
  #at = 1;
  #short = false;

  private constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  static of(bytes: Uint8Array, type: number): Reader | undefined {
    if (bytes.length === 0 || bytes.length > LONGEST_MESSAGE || bytes[0] !== type) return undefined;
    return new Reader(bytes);
  }

  get ended(): boolean {
    return !this.#short && this.#at === this.#view.byteLength;
  }

  u8(): number | undefined {
    return this.#take(1) ? this.#view.getUint8(this.#at - 1) : undefined;
  }

  u16(): number | undefined {
    return this.#take(2) ? this.#view.getUint16(this.#at - 2) : undefined;
  }

  u32(): number | undefined {
    return this.#take(4) ? this.#view.getUint32(this.#at - 4) : undefined;
  }

  versions(): VersionRange | undefined {
    const min = this.u16();
    const max = this.u16();
    return min === undefined || max === undefined || min > max ? undefined : { min, max };
  }

  text(): string | undefined {
    const length = this.u8();
    const bytes = length === undefined ? undefined : this.#slice(length);
    if (bytes === undefined) return undefined;
    for (const byte of bytes) if (byte < 0x20 || byte > 0x7e) return undefined;
    return String.fromCharCode(...bytes);
  }

  nodeName(): NodeName | undefined {
    const text = this.text();
    return isNodeName(text) ? text : undefined;
  }

  /** A copy: the bytes may belong to a buffer that is used again. */
  raw(length: number): Uint8Array | undefined {
    return this.#slice(length)?.slice();
  }

  #slice(length: number): Uint8Array | undefined {
    if (!this.#take(length)) return undefined;
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at - length, length);
  }

  #take(length: number): boolean {
    if (this.#short || this.#view.byteLength - this.#at < length) {
      this.#short = true;
      return false;
    }
    this.#at += length;
    return true;
  }
}
