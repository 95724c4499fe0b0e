import { isIP } from "node:net";
import { normaliseAddress } from "./handshake-address.ts";
import { formatAddress, type Address } from "./transport.ts";

/** Addresses that never leave the machine, and the name that means them. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  const v4 = host.startsWith("::ffff:") ? host.slice("::ffff:".length) : host;
  return isIP(v4) === 4 && v4.startsWith("127.");
}

/**
 * Every `Host` value that means this listener: its own address, on loopback also the other names of loopback, and what
 * it was told it is reached as (`host` or `host:port`). Nothing is resolved or compared loosely, or a page whose name an
 * attacker points at 127.0.0.1 would get in.
 */
export function hostsOf({ host, port }: Address, names: readonly string[] = []): ReadonlySet<string> {
  const hosts = isLoopback(host) ? [host, "localhost", "127.0.0.1", "::1"] : [host];
  const values = new Set(hosts.map((name) => formatAddress({ host: name, port })));
  for (const name of names)
    values.add(/:\d+$/.test(name) && isIP(name) !== 6 ? name : formatAddress({ host: name, port }));
  return values;
}

/** What a listener on all addresses is called on one connection as well: by the address that this came to, whose end is `near`. */
export function hostsAt(hosts: ReadonlySet<string>, near: Address): ReadonlySet<string> {
  return new Set([...hosts, ...hostsOf({ host: normaliseAddress(near.host), port: near.port })]);
}

/**
 * Whether a request may become a connection: `undefined`, or the status that refuses it. Reads the headers as they
 * came, since the parsed ones hide duplicates. Never throws.
 *
 * Nodes send no `Origin` and browsers always do, so its presence, whatever the value, means a page.
 */
export function refuseUpgrade(
  method: string | undefined,
  rawHeaders: readonly string[],
  hosts: ReadonlySet<string>,
): 400 | 403 | 426 | undefined {
  const seen = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (name === "origin" || name === "sec-websocket-origin") return 403;
    // Twice the same header means two readings of one request.
    if (CHECKED.has(name) && seen.has(name)) return 400;
    seen.set(name, rawHeaders[i + 1]!);
  }
  if (!hosts.has(seen.get("host") ?? "")) return 403;
  if (method !== "GET" || seen.get("upgrade")?.toLowerCase() !== "websocket") return 426;
  if (seen.get("sec-websocket-version") !== "13") return 426;
  return undefined;
}

const CHECKED = new Set(["host", "upgrade", "sec-websocket-version", "sec-websocket-key"]);
