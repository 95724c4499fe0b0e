import { createSecretKey, hkdfSync, randomBytes, type KeyObject } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { ArgumentError, MoebiError } from "../term/error.ts";
import type { NodeName } from "../term/pid.ts";

/** No cookie is longer, in bytes. */
const LONGEST_COOKIE = 4096;

/**
 * The secret a cluster shares. Whoever holds it may run any code on every node.
 *
 * Nothing shows its value: not `inspect`, not JSON, not a template string, not a copy. It leaves only as the key that is
 * derived from it.
 */
export class Cookie {
  readonly #value: string;
  #key: KeyObject | undefined;

  /** Throws `badarg` for a cookie that is empty or longer than 4096 bytes. */
  constructor(value: string) {
    if (value.length === 0) throw new ArgumentError("A cookie can't be empty");
    if (Buffer.byteLength(value) > LONGEST_COOKIE)
      throw new ArgumentError(`A cookie has at most ${LONGEST_COOKIE} bytes`);
    this.#value = value;
  }

  /** In characters: off loopback a node asks for 16 at least. */
  get length(): number {
    return this.#value.length;
  }

  /** The key of the handshake: HKDF-SHA256 of the cookie. A key object, which shows its bytes as little as this does. */
  key(): KeyObject {
    if (this.#key === undefined) {
      const bytes = Buffer.from(hkdfSync("sha256", this.#value, "moebi", "handshake 1", 32));
      this.#key = createSecretKey(bytes);
      bytes.fill(0);
    }
    return this.#key;
  }

  toString(): string {
    return "Cookie{ … }";
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A node's cookies: its own, and others for single peers. */
export class CookieJar {
  /** For every peer that has none of its own. */
  default: Cookie;
  readonly #cookies = new Map<NodeName, Cookie>();

  constructor(cookie: Cookie) {
    this.default = cookie;
  }

  /** From the next handshake on, in both directions. */
  set(node: NodeName, cookie: Cookie): void {
    this.#cookies.set(node, cookie);
  }

  for(node: NodeName): Cookie {
    return this.#cookies.get(node) ?? this.default;
  }
}

export interface CookieSources {
  /** Default `~/.moebi.cookie`. */
  readonly path?: string | undefined;
  /** Default `process.env`. `MOEBI_COOKIE` is deleted from it, used or not, so that no child process inherits it. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** The value of `--cookie`. */
  readonly flag?: string | undefined;
}

/**
 * The cookie of this node: `flag`, else `MOEBI_COOKIE`, else the file, which is made with a random cookie if there is none.
 * Two nodes that start together come to the same one.
 *
 * Throws `bad_cookie_file`, with the command that mends it, for a file that is a link, is not a regular file, belongs to
 * another user, can be read or written by others, is empty, too long or not text; and if it can't be made. Throws `badarg`
 * for an empty or too long `flag` or variable; a variable that is set to nothing counts as not set.
 */
export function readOrCreateCookie({ path, env = process.env, flag }: CookieSources = {}): Cookie {
  const variable = env["MOEBI_COOKIE"];
  delete env["MOEBI_COOKIE"];
  if (flag !== undefined) return new Cookie(flag);
  if (variable !== undefined && variable !== "") return new Cookie(variable);
  const file = path ?? join(homedir(), ".moebi.cookie");
  const found = readCookieFile(file);
  if (found !== undefined) return found;
  createCookieFile(file);
  const made = readCookieFile(file);
  if (made === undefined)
    throw badFile(`The cookie file ${shellWord(file)} went away while it was read`, "start the node again");
  return made;
}

/** `undefined` if there is none. Every check is on what was opened, so that nobody can put another file there in between. */
function readCookieFile(file: string): Cookie | undefined {
  let descriptor: number;
  try {
    // Without O_NONBLOCK a FIFO would wait for a writer for ever.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw unreadable(file, error);
  }
  try {
    refuseUnsafe(file, descriptor);
    return new Cookie(textOf(file, descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function refuseUnsafe(file: string, descriptor: number): void {
  const stat = fstatSync(descriptor);
  const word = shellWord(file);
  if (!stat.isFile())
    throw badFile(`The cookie file ${word} is not a regular file`, `mv ${word} ${shellWord(`${file}.old`)}`);
  // Windows has neither owners nor modes of this kind.
  if (process.getuid === undefined) return;
  if (stat.uid !== process.getuid()) {
    throw badFile(`The cookie file ${word} belongs to another user`, `mv ${word} ${shellWord(`${file}.old`)}`);
  }
  if ((stat.mode & 0o077) !== 0) {
    const mode = (stat.mode & 0o777).toString(8).padStart(4, "0");
    throw badFile(`The cookie file ${word} can be used by other users, its mode is ${mode}`, `chmod 600 ${word}`);
  }
}

function textOf(file: string, descriptor: number): string {
  const word = shellWord(file);
  const buffer = Buffer.alloc(LONGEST_COOKIE + 1);
  let length = 0;
  try {
    for (;;) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (read === 0) break;
      length += read;
    }
    if (length > LONGEST_COOKIE)
      throw badFile(`The cookie file ${word} is larger than ${LONGEST_COOKIE} bytes`, `rm ${word}`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(buffer.subarray(0, length)).replace(/\r?\n$/, "");
    if (text === "") throw badFile(`The cookie file ${word} is empty`, `rm ${word}`);
    return text;
  } catch (error) {
    if (error instanceof TypeError) throw badFile(`The cookie file ${word} is not text`, `rm ${word}`);
    throw error;
  } finally {
    buffer.fill(0);
  }
}

/**
 * Written aside and linked into place: the file is whole from the moment it has its name, and of two nodes that do this
 * at once the second finds the first one's.
 */
function createCookieFile(file: string): void {
  const aside = `${file}.${process.pid}.${randomBytes(8).toString("hex")}`;
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
    const descriptor = openSync(aside, flags, 0o600);
    try {
      writeSync(descriptor, randomBytes(32).toString("base64url"));
      fsyncSync(descriptor);
      linkSync(aside, file);
    } finally {
      closeSync(descriptor);
      unlinkSync(aside);
    }
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return;
    throw badFile(
      `The cookie file ${shellWord(file)} can't be made: ${errnoOf(error)}`,
      "make its directory writable, or start with --cookie",
    );
  }
}

function unreadable(file: string, error: unknown): MoebiError {
  const word = shellWord(file);
  const code = errnoOf(error);
  // A link that is not followed: ELOOP on Linux and macOS, EMLINK on FreeBSD.
  if (code === "ELOOP" || code === "EMLINK") {
    return badFile(
      `The cookie file ${word} is a link`,
      `cp ${word} ${word}.new && chmod 600 ${word}.new && mv ${word}.new ${word}`,
    );
  }
  if (code === "EACCES" || code === "EPERM")
    return badFile(`The cookie file ${word} can't be read`, `chmod 600 ${word}`);
  return badFile(`The cookie file ${word} can't be read: ${code}`, `mv ${word} ${shellWord(`${file}.old`)}`);
}

function badFile(fault: string, remedy: string): MoebiError {
  return new MoebiError("bad_cookie_file", `${fault}: ${remedy}`);
}

function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown error";
}

/** The path as it can be pasted into a shell. */
function shellWord(path: string): string {
  return /^[A-Za-z0-9_.,:@%+=/-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
