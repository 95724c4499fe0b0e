import { MoebiError } from "../term/error.ts";
import { cut, quote } from "../term/escape.ts";
import { NONODE, type NodeName } from "../term/pid.ts";

/** A whole node name, in bytes. It is ASCII, so bytes are characters. */
const LONGEST_NAME = 255;
/** The part before the at-sign. */
const LONGEST_SHORT_NAME = 64;

/**
 * Reads a node name, `alex@localhost`: 1 to 64 of `A-Z a-z 0-9 _ . -`, an at-sign, and a host (a name, an IPv4 address or
 * an IPv6 address without brackets), 255 characters at most. Case counts, as everywhere in a name.
 *
 * Throws `bad_name`, saying what is wrong and what would be right.
 */
export function parseNodeName(text: string): NodeName {
  const fault = faultOf(text);
  if (fault !== undefined) throw badName(text, fault);
  return text as NodeName;
}

/** Whether {@link parseNodeName} would take it. Never throws. */
export function isNodeName(value: unknown): value is NodeName {
  return typeof value === "string" && faultOf(value) === undefined;
}

/** Whether `text` can stand before the at-sign. */
export function isShortName(text: string): boolean {
  if (text.length === 0 || text.length > LONGEST_SHORT_NAME) return false;
  for (let i = 0; i < text.length; i++) if (!isNameCode(text.charCodeAt(i))) return false;
  return true;
}

/**
 * The name of a node started with `--sname` or `--name`; {@link NONODE} with neither.
 *
 * `sname` is a short name: `alex` means `alex@localhost`, and a host that is given has no dots. `name` is a long name:
 * its host is fully qualified (it has a dot) or an IP address, `n1@127.0.0.1`.
 *
 * Throws `bad_name` for a name that is neither, and if both are given.
 */
export function nodeNameFor({
  sname,
  name,
}: {
  readonly sname?: string | undefined;
  readonly name?: string | undefined;
}): NodeName {
  if (sname !== undefined && name !== undefined) {
    throw new MoebiError("bad_name", "A node has one name: give --sname or --name, not both");
  }
  if (sname !== undefined) return shortNodeName(sname);
  if (name !== undefined) return longNodeName(name);
  return NONODE;
}

/** What follows the at-sign. */
export function hostOf(name: NodeName): string {
  return name.slice(name.indexOf("@") + 1);
}

/** What precedes the at-sign: the name a node has at its host's name service. */
export function shortNameOf(name: NodeName): string {
  return name.slice(0, name.indexOf("@"));
}

/** Whether the host is fully qualified or an IP address, as after `--name`. */
export function isLongName(name: NodeName): boolean {
  return isLongHost(hostOf(name));
}

function shortNodeName(text: string): NodeName {
  const node = parseNodeName(text.includes("@") ? text : `${text}@localhost`);
  const host = hostOf(node);
  if (isLongHost(host)) {
    throw badName(text, `the host of a short name has no dots: use --name ${node}, or --sname ${shortNameOf(node)}`);
  }
  return refuseNoNode(node);
}

function longNodeName(text: string): NodeName {
  if (!text.includes("@")) {
    throw badName(
      text,
      `a long name has a host: use --name ${isShortName(text) ? text : "alex"}@127.0.0.1, or --sname`,
    );
  }
  const node = parseNodeName(text);
  if (!isLongHost(hostOf(node))) {
    throw badName(
      text,
      `the host of a long name has a dot or is an IP address: use --sname ${node}, or ${shortNameOf(node)}@127.0.0.1`,
    );
  }
  return node;
}

function refuseNoNode(node: NodeName): NodeName {
  if (node === NONODE) throw badName(node, "that is the name of every node without a name: choose another");
  return node;
}

function isLongHost(host: string): boolean {
  return host.includes(".") || host.includes(":");
}

/** One pass, no backtracking: names come from strangers. */
function faultOf(text: string): string | undefined {
  if (text.length > LONGEST_NAME) return `a name has at most ${LONGEST_NAME} characters, this one has ${text.length}`;
  const at = text.indexOf("@");
  if (at === -1) return "a node name has the form name@host, for example alex@localhost";
  if (at === 0) return "there is nothing before the at-sign, for example alex@localhost";
  if (at > LONGEST_SHORT_NAME)
    return `the part before the at-sign has at most ${LONGEST_SHORT_NAME} characters, this one has ${at}`;
  if (at === text.length - 1) return "there is no host after the at-sign, for example alex@localhost";
  for (let i = 0; i < at; i++) {
    if (!isNameCode(text.charCodeAt(i))) return "a name is made of letters, digits, underscore, dot and hyphen";
  }
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x40) return "a node name has one at-sign";
    if (!isNameCode(code) && code !== 0x3a)
      return "a host is made of letters, digits, underscore, dot, hyphen and colon";
  }
  return undefined;
}

/** `A-Z a-z 0-9 _ . -` */
function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2e ||
    code === 0x2d
  );
}

function badName(text: string, fault: string): MoebiError {
  const shown = text.length > LONGEST_NAME ? `${cut(text, LONGEST_SHORT_NAME)}…` : text;
  return new MoebiError("bad_name", `${quote(shown)} is not a node name: ${fault}`);
}
