import { promises as dns } from "node:dns";
import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import type { NodeName } from "../../term/pid.ts";
import { isNodeName, isShortName } from "../node-name.ts";
import { type Config, millisecondsIn, type Strategy, textIn, type Topology } from "./strategy.ts";

const INTERVAL_MS = 5000;
const TIMEOUT_MS = 5000;
/** What can be asked for: addresses become hosts of node names as they are, services by the name of their target. */
const TYPES = ["A", "AAAA", "SRV"] as const;

export type RecordType = (typeof TYPES)[number];

/** One question, and what the nodes in its answer are called. */
export interface Query {
  readonly query: string;
  /** What stands before the at-sign. */
  readonly nodeBasename: string;
  readonly types: readonly RecordType[];
}

/** What is known when a question was answered. `undefined`: it was not, which says nothing of the nodes. */
export type Answer = readonly NodeName[] | undefined;

/**
 * `"dns"`: the nodes whose addresses a name in the DNS has, asked again and again. Whoever is gone from an answer is
 * disconnected; a question that fails changes nothing.
 *
 * Options: `query`, a name, or a list of names and of `{ query, nodeBasename, types }`; `nodeBasename`, what stands before
 * the at-sign; `types`, of `"A"`, `"AAAA"` (both unless told) and `"SRV"`; `pollInterval`, milliseconds, 5000 unless told;
 * `servers`, the DNS servers to ask, `address` or `address:port`, the system's unless told.
 */
export const dnsPoll: Strategy = {
  check(config) {
    queriesIn(config);
    millisecondsIn(config, "pollInterval", INTERVAL_MS);
    resolverFor(config).cancel();
  },
  run: (topology) => poll(topology, queriesIn(topology.config)),
};

/** Asks all questions again and again, and connects to what all answers together name. */
export async function poll(topology: Topology, queries: readonly Query[]): Promise<void> {
  const { config, signal, warn, settle } = topology;
  const interval = millisecondsIn(config, "pollInterval", INTERVAL_MS);
  const resolver = resolverFor(config);
  signal.addEventListener("abort", () => resolver.cancel());
  const last = new Map<Query, readonly NodeName[]>();
  for (;;) {
    await Promise.all(
      queries.map(async (query) => {
        const nodes = await ask(resolver, query, (why) =>
          warn(query.query, `unable to resolve ${query.query}: ${why}`),
        );
        if (nodes === undefined) return;
        settle(query.query);
        last.set(query, nodes);
      }),
    );
    await topology.replace([...last.values()].flat());
    await topology.pause(interval);
  }
}

/** The nodes that a question gives, in each of its types. An answer of nothing is one; a server that fails gives none. */
export async function ask(resolver: dns.Resolver, query: Query, failed: (why: string) => void): Promise<Answer> {
  const hosts: string[] = [];
  for (const type of query.types) {
    try {
      hosts.push(...(await resolve(resolver, query.query, type)));
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      // Nothing of this kind there, or nothing at all: that is an answer.
      if (code === dns.NODATA || code === dns.NOTFOUND) continue;
      failed(message);
      return undefined;
    }
  }
  return hosts.map((host) => `${query.nodeBasename}@${host}`).filter(isNodeName);
}

async function resolve(resolver: dns.Resolver, query: string, type: RecordType): Promise<string[]> {
  if (type === "SRV") return (await resolver.resolveSrv(query)).map(({ name }) => name);
  return type === "A" ? resolver.resolve4(query) : resolver.resolve6(query);
}

function resolverFor(config: Config): dns.Resolver {
  const resolver = new dns.Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  const servers = config["servers"];
  if (servers === undefined) return resolver;
  try {
    resolver.setServers(servers as string[]);
  } catch {
    throw new ArgumentError(`The option servers is a list of addresses of DNS servers, not ${inspect(servers)}`);
  }
  return resolver;
}

function queriesIn(config: Config): Query[] {
  const { query } = config;
  const list = Array.isArray(query) ? (query as unknown[]) : [query];
  return list.map((one) =>
    typeof one === "object" && one !== null ? queryOf({ ...config, ...one }) : queryOf({ ...config, query: one }),
  );
}

function queryOf(config: Config): Query {
  const nodeBasename = textIn(config, "nodeBasename");
  if (!isShortName(nodeBasename))
    throw new ArgumentError(
      `The option nodeBasename is what stands before the @ of a node name, not ${inspect(nodeBasename)}`,
    );
  const types = (config["types"] ?? ["A", "AAAA"]) as RecordType[];
  if (!Array.isArray(types) || types.length === 0 || !types.every((type) => TYPES.includes(type)))
    throw new ArgumentError(`The option types is a list of ${TYPES.join(", ")}, not ${inspect(types)}`);
  return { query: textIn(config, "query"), nodeBasename, types };
}
