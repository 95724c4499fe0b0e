import { Node } from "../../src/node/node-module.ts";
import { type Cluster, startCluster } from "../../src/testing/cluster.ts";

/** Nodes that are connected with each other, each with what `start` starts on it, once they have heard of it. */
export async function startConnected(
  names: readonly string[],
  start: (cluster: Cluster, name: string) => Promise<unknown>,
): Promise<Cluster> {
  const cluster = await startCluster(names);
  for (const name of names.slice(1)) await cluster.run(name, () => Node.connect(`${names[0] ?? ""}@localhost`));
  for (const name of names) await start(cluster, name);
  await cluster.advance(1000);
  return cluster;
}
