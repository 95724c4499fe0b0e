/** F8: two hundred processes offer 20 GB to a node that is stopped: as fast as they can, and as programs that heed it do. */
import { type Bar, MB, quantile } from "./bar.ts";
import { memoryOf, startSubject } from "./run-subject.ts";

const SENDERS = 200;
const BYTES = 10_000;
/** 20 GB in all. */
const EACH = 10_000;
const PING_BAR = 100;

export const stoppedPeer: Bar = {
  id: "F8",
  async run(tell) {
    for (const heeds of [false, true]) {
      const kind = heeds ? "heeding" : "heedless";
      await using node = await startSubject(`f8_${kind}`);
      await using stopped = await startSubject(`f8_${kind}_stopped`);
      await using other = await startSubject(`f8_${kind}_other`);
      await node.ask("connect", stopped.name);
      await node.ask("connect", other.name);
      await other.ask("keep", node.name);
      const quiet = await node.ask("pings", { to: other.name, count: 1_000 });
      tell({ what: "Quiet: p99 of 1,000 round trips to another node", measured: quantile(quiet, 0.99), unit: "ms" });
      const before = (await node.figures()).rss;
      stopped.child.kill("SIGSTOP");
      const load = { to: stopped.name, senders: SENDERS, each: EACH, bytes: BYTES, other: other.name };
      const { offered, pings, rss } = await node.ask("offer", { ...load, waits: heeds ? 20_000 : 0 });
      if (heeds) {
        tell({
          what: "200 senders that heed `nosuspend`, for 20 s: it took",
          measured: offered / MB,
          unit: "MB",
          most: 64,
        });
      } else {
        tell({ what: "200 senders offered a stopped node", measured: offered / 1e9, unit: "GB", least: 20 });
      }
      tell({ what: "RSS at most", measured: (rss - before) / MB, unit: "MB more", most: 128 });
      const peak = memoryOf(node.child.pid).peak;
      tell({ what: "as the system counts it", measured: (peak - before) / MB, unit: "MB more", most: 128 });
      tell({
        what: "p99 of round trips to another node meanwhile",
        measured: quantile(pings, 0.99),
        unit: "ms",
        most: PING_BAR,
      });
      tell({
        what: "ends of a monitor that the other node was told of",
        measured: await other.ask("ends"),
        unit: "",
        exactly: 0,
      });
      stopped.child.kill("SIGCONT");
      tell({
        what: "the stopped one, gone on, is reached, of 1",
        measured: await node.ask("reach", [stopped.name]),
        unit: "",
        exactly: 1,
      });
    }
  },
};
