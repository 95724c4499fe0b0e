/** Puts the layers together: a node with its carrier, its user device and the library's names. */
import { functionCodec } from "./code/closure.ts";
import { routeConsole } from "./io/console.ts";
import type { Device } from "./io/device.ts";
import { startGroup } from "./io/group.ts";
import { StandardDevice } from "./io/standard-device.ts";
import type { Carrier } from "./node/carrier.ts";
import type { AutoConnect } from "./node/connections.ts";
import { Cookie, CookieJar, readOrCreateCookie } from "./node/cookie.ts";
import { NAME_SERVER } from "./node/global/lock.ts";
import { startNameServer } from "./node/global/name-server.ts";
import { LocalNode } from "./node/local-node.ts";
import { forwardLogs } from "./node/log-forward.ts";
import { NameService } from "./node/name-service/name-service.ts";
import { provideCookies } from "./node/node-module.ts";
import { hostOf, nodeNameFor } from "./node/node-name.ts";
import { providePeers } from "./node/peer/channel.ts";

import { nameServiceResolver, type Resolver } from "./node/wire/resolver.ts";
import { parseAddress, type Transport } from "./node/wire/transport.ts";
import { WireCarrier } from "./node/wire/wire-carrier.ts";
import { WsTransport, type TlsKeys } from "./node/wire/ws-transport.ts";
import { controllerOf } from "./otp/application-controller.ts";
import { loggerOf } from "./otp/logger/state.ts";
import type { Clock } from "./process/clock.ts";
import { formatExit } from "./process/format-exit.ts";
import type { LogEntry, LogSink } from "./process/log.ts";
import type { RuntimeOptions } from "./process/runtime.ts";
import { claimRejections } from "./process/rejections.ts";
import type { FunctionCodec, ModuleCodec } from "./term/codec.ts";
import { ArgumentError } from "./term/error.ts";
import { nameModule, moduleNameOf } from "./term/module-name.ts";
import { type NodeName, NONODE } from "./term/pid.ts";

export interface NodeOptions {
  /** A short name: `alex` (on `localhost`) or `alex@host`. Without a name the node is alone. */
  readonly sname?: string | undefined;
  /** A long name: `n1@127.0.0.1`, `n1@host.example.com`. */
  readonly name?: string | undefined;
  /** The cluster's secret; else `MOEBI_COOKIE`, else `~/.moebi.cookie`, which is made at first need. */
  readonly cookie?: string | undefined;
  /** Not shown to others as part of the mesh, and connected to none of them by itself. */
  readonly hidden?: boolean | undefined;
  /** Where to listen: loopback by default; anything else needs TLS and a cookie of 16 characters, or `insecure`. */
  readonly host?: string | undefined;
  /** The port to listen on, free by default. */
  readonly port?: number | undefined;
  readonly tls?: TlsKeys | undefined;
  readonly insecure?: boolean | undefined;
  /** What the node is reached as through a forwarder, `host:port`. Only with TLS. */
  readonly advertise?: string | undefined;
  /** Seconds of silence after which a peer is taken for gone: 60 by default. */
  readonly netTicktime?: number | undefined;
  /** How long a connection may take to be made, in milliseconds: 7000 by default. */
  readonly netSetuptime?: number | undefined;
  readonly autoConnect?: AutoConnect | undefined;
  /** Whether nodes that connect here are told of each other. `true` by default. */
  readonly connectAll?: boolean | undefined;
  /**
   * Whether nodes that lost each other are kept from sharing a third: a connection that is lost ends others too, until
   * each part of the cluster is a full mesh. `true` by default; only of use if it is so on all nodes.
   */
  readonly preventOverlappingPartitions?: boolean | undefined;
  /** The largest message, in bytes: 128 MiB by default. */
  readonly maxMessageBytes?: number | undefined;
  /** Where processes print that have no other leader; standard output by default. */
  readonly device?: Device | undefined;
  /** Prints what other nodes send as it is, control characters included. */
  readonly rawOutput?: boolean | undefined;
  readonly log?: LogSink | undefined;
  readonly clock?: Clock | undefined;
  readonly creation?: number | undefined;
  /** Another way to reach other nodes than WebSockets and the host's name service. */
  readonly network?: { readonly transport: Transport; readonly resolver: Resolver } | undefined;
}

/**
 * Starts a node: with a name, it listens, is entered in the host's list of names, and can be connected to.
 *
 * ```ts
 * const node = await startNode({ sname: "app" });
 * await node.run(() => IO.puts("hello"));
 * await node.stop();
 * ```
 *
 * Rejects with `bad_name`, `name_taken` (somebody has that name on this host), `listen_refused` (beyond loopback
 * without what that needs), `bad_cookie_file`, or `epmd` (a foreign program holds the port of the name service). Then
 * nothing is left running.
 */
export async function startNode(options: NodeOptions = {}): Promise<LocalNode> {
  const named = options.sname !== undefined || options.name !== undefined;
  const name = named ? nodeNameFor({ sname: options.sname, name: options.name }) : NONODE;
  const jar = named
    ? new CookieJar(
        options.cookie !== undefined && options.network !== undefined
          ? new Cookie(options.cookie)
          : readOrCreateCookie({ flag: options.cookie }),
      )
    : undefined;
  const node: LocalNode = new LocalNode(runtimeOptions(options, name, (entry) => logger.line(entry)));
  const logger = loggerOf(node.runtime);
  const { functions, modules } = codecsOf(node);
  providePeers(node.runtime, { functions, modules, cookie: () => options.cookie, files: new Set() });
  routeConsole();
  node.onStop(claimRejections());
  const device = options.device ?? new StandardDevice();
  node.onStop(() => logger.flush());
  const applications = controllerOf(node.runtime);
  applications.onFatal = () => void node.stop();
  // In good order, and first of all: while there is everything that they need.
  node.onStop(() => applications.stopAll());
  startGroup(node.runtime, device, { name: "user", raw: options.rawOutput ?? false });
  if (jar === undefined) {
    startNameServer(node.runtime);
    stopWithNames(node);
    return node;
  }

  provideCookies(node.runtime, { setCookie: (peer, cookie) => jar.set(peer, new Cookie(cookie)) });
  const { autoConnect = "always", connectAll = true, hidden = false, preventOverlappingPartitions } = options;
  try {
    const listening = node.connectOver(carrierOf(node, name, jar, options), { autoConnect, connectAll, hidden });
    startNameServer(node.runtime, {
      connections: node.connections,
      shares: connectAll && !hidden,
      prevents: preventOverlappingPartitions ?? true,
    });
    stopWithNames(node);
    await listening;
  } catch (error) {
    await node.stop();
    throw error;
  }
  if (node.connections !== undefined) forwardLogs(node.runtime, node.connections);
  return node;
}

/**
 * Started anew, the name server would know no name, while other nodes take it for the one that does. So the node stops
 * with it, as Erlang's does with any part of its kernel.
 */
function stopWithNames({ runtime }: LocalNode): void {
  const server = runtime.names.get(NAME_SERVER);
  server?.signal.addEventListener("abort", () => {
    if (runtime.stopped) return;
    const reason = server.exitReason;
    runtime.log("critical", `The name server of ${runtime.name} exited, so the node stops: ${formatExit(reason)}`);
    controllerOf(runtime).onFatal("kernel", reason);
  });
}

function runtimeOptions(
  { clock, creation, log }: NodeOptions,
  name: NodeName,
  line: (entry: LogEntry) => string,
): RuntimeOptions {
  return {
    name,
    ...(clock && { clock }),
    ...(creation !== undefined && { creation }),
    log: log ?? ((entry) => void process.stderr.write(`${line(entry)}\n`)),
  };
}

function carrierOf(node: LocalNode, name: NodeName, cookies: CookieJar, options: NodeOptions): Carrier {
  const { runtime } = node;
  const { host, port, tls, insecure, advertise, netSetuptime, netTicktime, maxMessageBytes, clock, hidden } = options;
  if (advertise !== undefined && tls === undefined)
    throw new ArgumentError("--advertise needs TLS: give --tls-cert and --tls-key");
  const endpoint = advertise === undefined ? undefined : parseAddress(advertise);
  if (endpoint !== undefined && (endpoint.port === 0 || endpoint.host === "")) {
    throw new ArgumentError(`--advertise takes host:port, not "${String(advertise)}"`);
  }
  const { transport, resolver } = options.network ?? {
    transport: new WsTransport({
      host,
      port,
      tls,
      insecure,
      // Who is told of the node by name dials the host in it.
      advertised: advertise === undefined ? [hostOf(name)] : [hostOf(name), advertise],
      setupTime: netSetuptime,
    }),
    resolver: nameServiceResolver(new NameService({ ...(host !== undefined && { host }) })),
  };
  return new WireCarrier({
    transport,
    resolver,
    name,
    creation: runtime.creation,
    hidden,
    cookies,
    ...codecsOf(node),
    clock,
    log: (line) => runtime.log("warning", line),
    netSetuptime,
    netTicktime: netTicktime === undefined ? undefined : netTicktime * 1000,
    maxMessageBytes,
    advertised: endpoint === undefined ? undefined : [{ address: endpoint.host, port: endpoint.port }],
    insecure,
  });
}

/** How functions and modules leave the node and come to it. */
function codecsOf({ runtime, scope }: LocalNode): { functions: FunctionCodec; modules: ModuleCodec } {
  return {
    functions: functionCodec(scope, runtime.name),
    modules: { nameOf: moduleNameOf, resolve: (module) => runtime.modules.get(module) ?? placeholder(module) },
  };
}

/** A module that arrived by a name nobody has defined here: prints as its name, and calls of it fail with `undef`. */
function placeholder(name: string): object {
  const module = {};
  nameModule(module, name);
  return module;
}
