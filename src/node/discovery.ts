import { ArgumentError } from "../term/error.ts";
import { inspect } from "../term/inspect.ts";
import { NONODE, type NodeName, type Pid } from "../term/pid.ts";
import type { ChildSpec } from "../otp/child-spec.ts";
import type { ServerName } from "../otp/server-name.ts";
import { startProcess } from "../otp/start.ts";
import { Supervisor } from "../otp/supervisor.ts";
import { current, runAs } from "../process/context.ts";
import type { Process } from "../process/process.ts";
import { Process as ProcessModule } from "../process/process-module.ts";
import { Connector, type ConnectFunctions } from "./discovery/connector.ts";
import { dnsPoll } from "./discovery/dns.ts";
import { fixedList } from "./discovery/fixed-list.ts";
import { gossip } from "./discovery/gossip.ts";
import { kubernetesDns } from "./discovery/kubernetes-dns.ts";
import { localNames } from "./discovery/local-names.ts";
import type { Config, Strategy } from "./discovery/strategy.ts";
import { Node } from "./node-module.ts";

/** The strategies that come with the library, by name. */
const STRATEGIES = { epmd: fixedList, localEpmd: localNames, dns: dnsPoll, kubernetesDns, gossip };

/** How the nodes of one cluster are found. */
export interface TopologyOptions extends Partial<ConnectFunctions> {
  /** `"epmd"`, `"localEpmd"`, `"dns"`, `"kubernetesDns"`, `"gossip"`, or one's own. */
  readonly strategy: keyof typeof STRATEGIES | Strategy;
  /** Depends on the strategy. */
  readonly config?: Config;
}

/** Topologies by name. */
export type Topologies = Readonly<Record<string, TopologyOptions>>;

/**
 * Forms a cluster by itself, as libcluster does: each topology finds nodes in its own way and connects to them. A node
 * that can't be reached is warned of once, and tried again.
 *
 * ```ts
 * await Discovery.startLink({
 *   example: { strategy: "epmd", config: { hosts: ["n1@127.0.0.1", "n2@127.0.0.1"] } },
 * });
 * ```
 */
export const Discovery = {
  /**
   * Starts the topologies under a supervisor, linked to the caller, and gives its pid at once: nobody waits for nodes to
   * be found. Throws `badarg`, naming topology and option, for a configuration that can't work.
   */
  async startLink(topologies: Topologies, options: { readonly name?: ServerName } = {}): Promise<Pid> {
    const children = Object.entries(topologies).map(([name, topology]) => childOf(name, topology));
    return Supervisor.startLink(children, { strategy: "oneForOne", ...options });
  },

  /** `[Discovery, [topologies, options]]` as a supervisor's child. */
  childSpec([topologies, options = {}]: readonly [topologies: Topologies, options?: { readonly name?: ServerName }]) {
    return {
      id: "Discovery",
      start: ["Discovery", "startLink", [topologies, options]],
      type: "supervisor",
    } satisfies ChildSpec;
  },
};

function childOf(name: string, topology: TopologyOptions): ChildSpec {
  const strategy = strategyOf(name, topology);
  const { config = {} } = topology;
  try {
    strategy.check(config);
  } catch (error) {
    throw new ArgumentError(`Topology "${name}": ${(error as Error).message}`, { cause: error });
  }
  return { id: name, start: () => startTopology(name, strategy, config, topology) };
}

function strategyOf(name: string, { strategy }: TopologyOptions): Strategy {
  if (typeof strategy === "string") {
    if (Object.hasOwn(STRATEGIES, strategy)) return STRATEGIES[strategy];
  } else if (typeof (strategy as Strategy | undefined)?.run === "function" && typeof strategy.check === "function") {
    return strategy;
  }
  const known = Object.keys(STRATEGIES).join(", ");
  throw new ArgumentError(
    `Topology "${name}": the strategy is one of ${known}, or { check, run }, not ${inspect(strategy)}`,
  );
}

function startTopology(name: string, strategy: Strategy, config: Config, functions: Partial<ConnectFunctions>) {
  return startProcess(current(), (process) => () => discover(process, name, strategy, config, functions), {
    link: true,
    initialCall: `Discovery.${name}/0`,
  });
}

async function discover(
  process: Process,
  name: string,
  strategy: Strategy,
  config: Config,
  functions: Partial<ConnectFunctions>,
): Promise<void> {
  const { runtime, pid, signal } = process;
  const {
    connect = connectIfNamed,
    disconnect = Node.disconnect,
    listNodes = () => Node.list("connected"),
  } = functions;
  const connector = new Connector(runtime.name, { connect, disconnect, listNodes }, (text) =>
    // What fails because the topology has ended is no failure.
    process.alive ? runtime.log("warning", `[cluster:${name}] ${text}`, pid) : undefined,
  );
  await strategy.run({
    name,
    config,
    self: runtime.name,
    signal,
    // A socket that hears of a node calls from outside.
    connect: (nodes) => runAs(process, () => connector.connect(nodes)),
    replace: (nodes) => connector.replace(nodes),
    warn: (subject, text) => connector.warn(subject, text),
    settle: (subject) => connector.settle(subject),
    pause: async (ms) => void (await ProcessModule.sleep(ms)),
  });
}

async function connectIfNamed(node: NodeName): Promise<unknown> {
  return current().runtime.name === NONODE ? "ignored" : Node.connect(node);
}
