/** F11: the node that serves the list of names is killed. */
import { once } from "node:events";
import { freePort } from "../free-port.ts";
import { type Bar, sleep } from "./bar.ts";
import { startSubject } from "./run-subject.ts";

const OTHERS = 10;
/** Names are given up for lost after so many milliseconds. */
const PATIENCE = 20_000;

export const nameHolder: Bar = {
  id: "F11",
  async run(tell) {
    const env = { MOEBI_EPMD_PORT: String(await freePort()) };
    await using holder = await startSubject("f11_holder", { env });
    await using stack = new AsyncDisposableStack();
    const others = [];
    for (let i = 0; i < OTHERS; i++) others.push(stack.use(await startSubject(`f11_${String(i)}`, { env })));
    const [first] = others;
    if (first === undefined) return;
    await first.ask("talk", []);
    await first.ask(
      "reach",
      others.slice(1).map(({ name }) => name),
    );
    const over = once(holder.child, "exit");
    const begun = performance.now();
    holder.child.kill("SIGKILL");
    await over;
    const missing = new Set(others);
    while (missing.size > 0 && performance.now() - begun < PATIENCE) {
      for (const other of missing) {
        const [, port] = await first.ask("lookup", other.name).catch(() => [0, 0] as const);
        if (port !== 0) missing.delete(other);
      }
      await sleep(10);
    }
    const seconds = missing.size > 0 ? Infinity : (performance.now() - begun) / 1_000;
    tell({ what: "the holder of names is killed: 10 names are back after", measured: seconds, unit: "s", most: 2 });
    const { nodedowns } = await first.ask("told");
    tell({ what: "links lost by it", measured: nodedowns, unit: "", exactly: 0 });
    tell({
      what: "peers that answer, of 9",
      measured: await first.ask(
        "reach",
        others.slice(1).map(({ name }) => name),
      ),
      unit: "",
      exactly: OTHERS - 1,
    });
    await using late = await startSubject("f11_late", { env });
    tell({
      what: "a node that starts then connects, after",
      measured: await late.ask("connect", first.name),
      unit: "ms",
      least: 0,
    });
  },
};
