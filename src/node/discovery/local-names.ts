import { ArgumentError } from "../../term/error.ts";
import { hostOf, isNodeName } from "../node-name.ts";
import { NameService } from "../name-service/name-service.ts";
import { millisecondsIn, type Strategy } from "./strategy.ts";

const INTERVAL_MS = 5000;

async function namesOfHost(): Promise<string[]> {
  const service = new NameService({});
  try {
    return (await service.names()).map(({ name }) => name);
  } finally {
    await service.close();
  }
}

/**
 * `"localEpmd"`: every node that this host's name service knows.
 *
 * Options: `interval`, milliseconds between looks, 5000 unless told; `names`, a function that gives the names instead.
 */
export const localNames: Strategy = {
  check(config) {
    millisecondsIn(config, "interval", INTERVAL_MS);
    if (config["names"] !== undefined && typeof config["names"] !== "function")
      throw new ArgumentError("The option names is a function that gives the names of the nodes on this host");
  },
  async run({ config, self, connect, warn, settle, pause }) {
    const interval = millisecondsIn(config, "interval", INTERVAL_MS);
    const names = (config["names"] as (() => unknown) | undefined) ?? namesOfHost;
    for (;;) {
      try {
        const found = (await names()) as string[];
        settle("names");
        await connect(found.map((name) => `${name}@${hostOf(self)}`).filter(isNodeName));
      } catch (error) {
        warn("names", `unable to ask this host's name service: ${(error as Error).message}`);
      }
      await pause(interval);
    }
  },
};
