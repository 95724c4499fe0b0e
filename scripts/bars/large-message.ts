/** L6: pings while a message of 64 MiB is on its way over the same connection, and over another to the same node. */
import { type Bar, MB, quantile } from "./bar.ts";
import { startSubject } from "./run-subject.ts";

const BYTES = 64 * MB;
const TIMES = 50;
const PING_BAR = 100;

export const largeMessage: Bar = {
  id: "L6",
  async run(tell) {
    await using from = await startSubject("l6_from");
    await using to = await startSubject("l6_to");
    await using third = await startSubject("l6_third");
    await from.ask("connect", to.name);
    await third.ask("connect", to.name);
    const quiet = await from.ask("pings", { to: to.name, count: 1_000 });
    tell({ what: "Quiet: p99 of 1,000 round trips", measured: quantile(quiet, 0.99), unit: "ms" });
    const sent = new AbortController();
    const others: number[] = [];
    const beside = (async () => {
      while (!sent.signal.aborted) others.push(...(await third.ask("pings", { to: to.name, count: 10 })));
    })();
    const times = await from.ask("pingsDuring", { to: to.name, bytes: BYTES, times: TIMES });
    sent.abort();
    await beside;
    tell({
      what: "50 messages of 64 MiB: round trips between their fragments",
      measured: times.length,
      unit: "",
      least: 100,
    });
    tell({ what: "p99 of those", measured: quantile(times, 0.99), unit: "ms", most: PING_BAR });
    tell({ what: "the slowest", measured: Math.max(...times), unit: "ms" });
    tell({ what: "p99 of a third node's", measured: quantile(others, 0.99), unit: "ms", most: PING_BAR });
  },
};
