import { millisecondsIn, nodesIn, type Strategy } from "./strategy.ts";

const INTERVAL_MS = 5000;

/**
 * `"epmd"`: the nodes are known by name, and are tried until they are there, and again when they come back.
 *
 * Options: `hosts`, node names; `interval`, milliseconds between attempts, 5000 unless told.
 */
export const fixedList: Strategy = {
  check(config) {
    nodesIn(config, "hosts");
    millisecondsIn(config, "interval", INTERVAL_MS);
  },
  async run({ config, connect, pause }) {
    const hosts = nodesIn(config, "hosts");
    const interval = millisecondsIn(config, "interval", INTERVAL_MS);
    for (;;) {
      await connect(hosts);
      await pause(interval);
    }
  },
};
