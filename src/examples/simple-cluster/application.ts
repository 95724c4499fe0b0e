import { Discovery } from "../../node/discovery.ts";
import { defineApplication } from "../../otp/application-spec.ts";
import { Supervisor } from "../../otp/supervisor.ts";
import { SimpleCluster } from "./simple-cluster.ts";
import { Observer } from "./observer.ts";
import { Ping } from "./ping.ts";

/** Nodes that find each other, tell of each other, and can be asked. */
export default defineApplication({
  name: "simple-cluster",
  description: "A cluster that forms itself",
  start: () =>
    Supervisor.startLink(
      [[Discovery, [SimpleCluster.topologies(), { name: "SimpleCluster.ClusterSupervisor" }]], Observer, Ping],
      { strategy: "oneForOne", name: "SimpleCluster.Supervisor" },
    ),
});
