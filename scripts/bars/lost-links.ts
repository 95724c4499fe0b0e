/** L2, F1: what is told when a peer is killed, and how soon. */
import { once } from "node:events";
import { type Bar, sleep } from "./bar.ts";
import { startSubject, type Subject } from "./run-subject.ts";

const MONITORS = 10_000;
const KILLS = 5;

/** Kills it. Gives the time of that, as {@link absolute} counts. */
async function kill(subject: Subject): Promise<number> {
  const over = once(subject.child, "exit");
  const at = performance.timeOrigin + performance.now();
  subject.child.kill("SIGKILL");
  await over;
  return at;
}

export const monitors: Bar = {
  id: "L2",
  async run(tell) {
    await using subject = await startSubject("l2");
    await using far = await startSubject("l2_far");
    await subject.ask("watchFar", { node: far.name, monitors: MONITORS });
    const at = await kill(far);
    await subject.ask("lost");
    await sleep(500);
    const { downs, last, twice } = await subject.ask("lost");
    tell({ what: "10,000 monitors over a link that dies: told", measured: downs, unit: "", exactly: MONITORS });
    tell({ what: "told twice", measured: twice, unit: "", exactly: 0 });
    tell({ what: "the last of them after", measured: last - at, unit: "ms", most: 500 });
  },
};

export const killed: Bar = {
  id: "F1",
  async run(tell) {
    await using subject = await startSubject("f1");
    const times = { nodedown: [] as number[], down: [] as number[], call: [] as number[] };
    for (let i = 0; i < KILLS; i++) {
      await using far = await startSubject(`f1_far${String(i)}`);
      await subject.ask("watchFar", { node: far.name, monitors: 1 });
      const at = await kill(far);
      const { nodedown, last, call } = await subject.ask("lost");
      times.nodedown.push(nodedown - at);
      times.down.push(last - at);
      times.call.push(call - at);
    }
    const tellSlowest = (what: string, values: readonly number[]): void =>
      tell({
        what: `kill -9: ${what}, the slowest of ${String(KILLS)}`,
        measured: Math.max(...values),
        unit: "ms",
        most: 100,
      });
    tellSlowest("nodedown after", times.nodedown);
    tellSlowest("DOWN after", times.down);
    tellSlowest("a call that waits fails after", times.call);
  },
};
