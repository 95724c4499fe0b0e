/**
 * What a name service and who asks it say to each other: lines of ASCII, one request a connection.
 *
 *     service   moebi-names 1                          at once, so that a foreign program on the port is recognised
 *     asker     register <name> <port> <pid> <token>   registered | taken <port> <pid> | full <limit> | refused
 *               lookup <name>                          port <port> | none
 *               names                                  name <name> <port> …, then end
 *
 * Anything else is answered `bad`. A connection that has registered is held: it is the registration. The token is the
 * registrant's own secret, by which it replaces its registration when it has lost the connection and the service has
 * not noticed yet.
 */

import { isShortName } from "../node-name.ts";

/** What the service says first. */
export const BANNER = "moebi-names 1";

/** In bytes, with the line feed. */
export const LONGEST_REQUEST = 512;
/** In bytes, of all lines of an answer and the banner. */
export const LONGEST_ANSWER = 64 * 1024;

/** In hexadecimal digits. */
const TOKEN_LENGTH = 32;

/** A name on a host, and the port where its node listens. */
export interface Registration {
  /** The part before the at-sign. */
  readonly name: string;
  readonly port: number;
}

export type Request =
  | {
      readonly op: "register";
      readonly name: string;
      readonly port: number;
      readonly pid: number;
      readonly token: string;
    }
  | { readonly op: "lookup"; readonly name: string }
  | { readonly op: "names" };

/** One line of an answer. All but `name` end it. */
export type AnswerLine =
  | { readonly op: "registered" }
  | { readonly op: "taken"; readonly port: number; readonly pid: number }
  | { readonly op: "full"; readonly limit: number }
  | { readonly op: "refused" }
  | { readonly op: "port"; readonly port: number }
  | { readonly op: "none" }
  | { readonly op: "name"; readonly name: string; readonly port: number }
  | { readonly op: "end" }
  | { readonly op: "bad" };

/** A line without its line feed. */
export function formatRequest(request: Request): string {
  switch (request.op) {
    case "register":
      return `register ${request.name} ${request.port} ${request.pid} ${request.token}`;
    case "lookup":
      return `lookup ${request.name}`;
    case "names":
      return "names";
  }
}

/** `undefined` for anything that is not exactly a request. */
export function parseRequest(line: string): Request | undefined {
  if (line.length >= LONGEST_REQUEST) return undefined;
  const [op, name, port, pid, token, ...more] = line.split(" ");
  if (more.length > 0) return undefined;
  if (op === "names" && name === undefined) return { op };
  if (name === undefined || !isShortName(name)) return undefined;
  if (op === "lookup" && port === undefined) return { op, name };
  const portNumber = parsePort(port);
  const pidNumber = parseCount(pid);
  if (op !== "register" || portNumber === undefined || pidNumber === undefined || !isToken(token)) return undefined;
  return { op, name, port: portNumber, pid: pidNumber, token };
}

/** A line without its line feed. */
export function formatAnswerLine(line: AnswerLine): string {
  switch (line.op) {
    case "taken":
      return `taken ${line.port} ${line.pid}`;
    case "full":
      return `full ${line.limit}`;
    case "port":
      return `port ${line.port}`;
    case "name":
      return `name ${line.name} ${line.port}`;
    default:
      return line.op;
  }
}

/** `undefined` for anything that is not exactly a line of an answer. */
export function parseAnswerLine(text: string): AnswerLine | undefined {
  if (text.length >= LONGEST_REQUEST) return undefined;
  const [op, first, second, ...more] = text.split(" ");
  if (more.length > 0) return undefined;
  switch (op) {
    case "registered":
    case "refused":
    case "none":
    case "end":
    case "bad":
      return first === undefined ? { op } : undefined;
    case "taken": {
      const port = parsePort(first);
      const pid = parseCount(second);
      return port === undefined || pid === undefined ? undefined : { op, port, pid };
    }
    case "full": {
      const limit = parseCount(first);
      return limit === undefined || second !== undefined ? undefined : { op, limit };
    }
    case "port": {
      const port = parsePort(first);
      return port === undefined || second !== undefined ? undefined : { op, port };
    }
    case "name": {
      const port = parsePort(second);
      return first === undefined || !isShortName(first) || port === undefined ? undefined : { op, name: first, port };
    }
    default:
      return undefined;
  }
}

/** Cuts what arrives into lines, each byte looked at once. */
export class LineReader {
  readonly #limit: number;
  #bytes = 0;
  #parts: string[] = [];

  /** @param limit how many bytes there may be in all */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that are now complete, without their line feeds; `undefined` once there has been more than the limit. */
  push(chunk: Uint8Array): string[] | undefined {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limit) return undefined;
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    const lines: string[] = [];
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      lines.push(this.#parts.join("") + text.slice(start, end));
      this.#parts = [];
      start = end + 1;
    }
    if (start < text.length) this.#parts.push(text.slice(start));
    return lines;
  }
}

/** 1 to 65535. */
function parsePort(text: string | undefined): number | undefined {
  const port = parseCount(text);
  return port === undefined || port === 0 || port > 0xffff ? undefined : port;
}

/** A decimal number of at most ten digits. */
function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined;
}

function isToken(text: string | undefined): text is string {
  return text !== undefined && text.length === TOKEN_LENGTH && /^[0-9a-f]+$/.test(text);
}
