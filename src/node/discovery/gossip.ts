import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIP } from "node:net";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { isNodeName } from "../node-name.ts";
import { Sealed } from "./sealed.ts";
import { type Config, millisecondsIn, type Strategy, textIn, type Topology } from "./strategy.ts";

/** libcluster's port and group, so that firewalls opened for it serve here too. */
const PORT = 45_892;
const GROUP = "233.252.1.32";
const INTERVAL_MS = 5000;
/** More than a sealed node name: what is larger was not sent by a node. */
const LONGEST = 512;

/**
 * `"gossip"`: nodes on one local network tell each other that they are there, by UDP multicast, sealed with a secret.
 * Being told of a node makes a connection to it, for which the cookie is needed as ever.
 *
 * Options: `secret`, which all share; `port`, 45892 unless told; `multicastAddress`, 233.252.1.32; `multicastTtl`, hops,
 * 1; `interface`, the address of the interface to use, 127.0.0.1 unless told: nodes on other machines are found with the
 * address of the interface towards them; `interval`, milliseconds, 5000 on the average.
 */
export const gossip: Strategy = {
  check(config) {
    optionsIn(config);
  },
  async run(topology) {
    const { secret, port, group, ttl, local, interval } = optionsIn(topology.config);
    const sealed = new Sealed(secret);
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    topology.signal.addEventListener("abort", () => closeQuietly(socket));
    socket.on("message", (bytes) => heard(topology, bytes.length > LONGEST ? undefined : sealed.open(bytes)));
    try {
      // Bound to the group, a socket gets what is sent to it and nothing else.
      socket.bind(port, process.platform === "win32" ? local : group);
      await once(socket, "listening", { signal: topology.signal });
      socket.addMembership(group, local);
      socket.setMulticastInterface(local);
      socket.setMulticastTTL(ttl);
      socket.setMulticastLoopback(true);
      socket.on("error", (error) => topology.warn("socket", `unable to gossip: ${error.message}`));
      for (;;) {
        socket.send(sealed.seal(JSON.stringify({ node: topology.self })), port, group, (error) => {
          if (error === null) topology.settle("send");
          else topology.warn("send", `unable to gossip: ${error.message}`);
        });
        // Not all at the same moment, for ever, that were started together.
        await topology.pause(interval * (0.5 + Math.random()));
      }
    } finally {
      closeQuietly(socket);
    }
  },
};

function heard(topology: Topology, text: string | undefined): void {
  if (text === undefined) return;
  let node: unknown;
  try {
    ({ node } = JSON.parse(text) as { node?: unknown });
  } catch {
    return;
  }
  if (!isNodeName(node) || node === topology.self) return;
  // It rejects if the topology has ended meanwhile; then nobody is to be connected.
  topology.connect([node]).catch(() => undefined);
}

function closeQuietly(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // It was closed before.
  }
}

function optionsIn(config: Config) {
  const port = config["port"] ?? PORT;
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new ArgumentError(`The option port is a port, 1 to 65535, not ${inspect(port)}`);
  const ttl = config["multicastTtl"] ?? 1;
  if (typeof ttl !== "number" || !Number.isInteger(ttl) || ttl < 0 || ttl > 255)
    throw new ArgumentError(`The option multicastTtl is a number of hops, 0 to 255, not ${inspect(ttl)}`);
  const [group, local] = [textIn(config, "multicastAddress", GROUP), textIn(config, "interface", "127.0.0.1")];
  if (isIP(group) !== 4 || Number(group.split(".")[0]) < 224 || Number(group.split(".")[0]) > 239)
    throw new ArgumentError(`The option multicastAddress is an IPv4 multicast address, not ${inspect(group)}`);
  if (isIP(local) !== 4)
    throw new ArgumentError(`The option interface is an IPv4 address of this host, not ${inspect(local)}`);
  return {
    secret: textIn(config, "secret"),
    port,
    group,
    ttl,
    local,
    interval: millisecondsIn(config, "interval", INTERVAL_MS),
  };
}
