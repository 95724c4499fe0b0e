import { ArgumentError } from "../../term/error.ts";
import { inspect } from "../../term/inspect.ts";
import { poll, type Query } from "./dns.ts";
import { type Config, millisecondsIn, type Strategy, textIn } from "./strategy.ts";

/**
 * `"kubernetesDns"`: the pods of a headless service, by the cluster's DNS.
 *
 * Options: `service` and `applicationName` (what stands before the at-sign); `namespace`, `"default"` unless told;
 * `clusterDomain`, `"cluster.local"` unless told; `mode`, `"ip"` (nodes are `app@10.1.2.3`, unless told) or `"hostname"`
 * (`app@pod.service.namespace.svc.cluster.local`, as a stateful set names its pods); `pollInterval` and `servers` as
 * `"dns"` has them.
 */
export const kubernetesDns: Strategy = {
  check(config) {
    queryOf(config);
    millisecondsIn(config, "pollInterval", 5000);
  },
  run: (topology) => poll(topology, [queryOf(topology.config)]),
};

function queryOf(config: Config): Query {
  const [service, namespace, domain] = [
    textIn(config, "service"),
    textIn(config, "namespace", "default"),
    textIn(config, "clusterDomain", "cluster.local"),
  ];
  const mode = textIn(config, "mode", "ip");
  if (mode !== "ip" && mode !== "hostname")
    throw new ArgumentError(`The option mode is "ip" or "hostname", not ${inspect(mode)}`);
  return {
    query: `${service}.${namespace}.svc.${domain}`,
    nodeBasename: textIn(config, "applicationName"),
    types: mode === "ip" ? ["A", "AAAA"] : ["SRV"],
  };
}
