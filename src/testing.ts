/** What tests of programs on moebi import from `moebi/testing`. */
import "./library.ts";

export { captureIO } from "./io/capture-io.ts";
export { StringDevice } from "./io/string-device.ts";
export { Cluster, type ClusterOptions, type Member, startCluster } from "./testing/cluster.ts";
export { VirtualClock } from "./testing/virtual-clock.ts";
