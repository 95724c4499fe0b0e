import { SocketAddress, isIP } from "node:net";

/** One end of a socket, as `remoteAddress` and `remotePort` or `localAddress` and `localPort` say it. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Whether `text` has the form of an address or host name: 1 to 255 of `A-Z a-z 0-9 . : _ -`. */
export function isAddress(text: string): boolean {
  if (text.length === 0 || text.length > 255) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    const digit = code >= 0x30 && code <= 0x39;
    if (!letter && !digit && code !== 0x2e && code !== 0x3a && code !== 0x5f && code !== 0x2d) return false;
  }
  return true;
}

/**
 * One spelling for one address: an IPv4-mapped IPv6 address is the IPv4 address, an IPv6 address is in its shortest form
 * without a zone, `localhost` is `127.0.0.1`, and any other name is in lower case.
 *
 * `::1` and `127.0.0.1` stay two addresses. Their ports are apart: whoever listens at `[::1]:4001` need not be who
 * listens at `127.0.0.1:4001`, and could relay to it.
 */
export function normaliseAddress(address: string): string {
  const text = address.toLowerCase();
  if (text === "localhost") return "127.0.0.1";
  const zone = text.indexOf("%");
  const bare = zone === -1 ? text : text.slice(0, zone);
  if (isIP(bare) !== 6) return text;
  const shortest = new SocketAddress({ address: bare, family: "ipv6" }).address.toLowerCase();
  const mapped = shortest.startsWith("::ffff:") ? shortest.slice("::ffff:".length) : undefined;
  return mapped !== undefined && isIP(mapped) === 4 ? mapped : shortest;
}

/** Whether both are one address and port, however spelt. */
export function sameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && normaliseAddress(one.address) === normaliseAddress(other.address);
}
