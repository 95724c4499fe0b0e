/** Clusters whose nodes have names in common, for tests of `global`. */
import { global } from "../../src/node/global.ts";
import { Node } from "../../src/node/node-module.ts";
import { receive } from "../../src/process/receive.ts";
import { spawn } from "../../src/process/spawn.ts";
import { type Cluster, startCluster } from "../../src/testing.ts";
import type { NodeName, Pid } from "../../src/term/pid.ts";

export const nodes = (...names: string[]): NodeName[] => names.map((name): NodeName => `${name}@localhost`);

/** Connects them all with each other, and waits until they have each other's names. */
export async function join(cluster: Cluster, ...names: string[]): Promise<void> {
  for (const a of names) {
    for (const b of names) if (a < b) await cluster.run(a, () => Node.connect(`${b}@localhost`));
  }
  await Promise.all(names.map((name) => cluster.run(name, () => global.sync())));
}

export async function mesh(...names: string[]): Promise<Cluster> {
  const cluster = await startCluster(names);
  await join(cluster, ...names);
  return cluster;
}

/** A process of a node that waits for ever, or until it is told to end. */
export const holder = (cluster: Cluster, node: string): Promise<Pid> =>
  cluster.run(node, () => spawn(() => receive((message) => message === "end")));

export const lookUp = (cluster: Cluster, name: unknown): Promise<(Pid | null)[]> =>
  Promise.all([...cluster.members.keys()].map((node) => cluster.run(node, () => global.whereisName(name))));

export const register = (
  cluster: Cluster,
  node: string,
  ...args: Parameters<typeof global.registerName>
): Promise<"yes" | "no"> => cluster.run(node, () => global.registerName(...args));

/** Who sees whom, by first letters: `a` of `a@localhost`. */
export const seen = (cluster: Cluster): Record<string, string> =>
  Object.fromEntries(
    [...cluster.members].map(([name, { node }]) => [
      name,
      (node.connections?.list() ?? [])
        .map((peer) => peer.split("@")[0])
        .sort()
        .join(""),
    ]),
  );
