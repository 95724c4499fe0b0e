/** L4: five nodes that talk to each other; every ten seconds one of four is killed and started again. */
import { once } from "node:events";
import { type Bar, MB, sleep } from "./bar.ts";
import { memoryOf, startSubject, type Subject } from "./run-subject.ts";

const NAMES = ["l4_0", "l4_1", "l4_2", "l4_3", "l4_4"] as const;
const PERIOD = 10_000;
/** What is compiled and cached in the beginning is no leak. */
const WARM_UP = 0.25;
/** A slope through fewer minutes says nothing: it is told, not judged. */
const LEAST_MINUTES = 30;

const othersOf = (name: string) =>
  NAMES.filter((other) => other !== name).map((other) => `${other}@localhost` as const);

async function started(name: string): Promise<Subject> {
  const subject = await startSubject(name);
  await subject.ask("talk", othersOf(name));
  return subject;
}

/** Waits until the condition holds; gives up after a minute. */
async function until(condition: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 240; tries++) {
    if (await condition()) return true;
    await sleep(250);
  }
  return false;
}

/** How fast the values grow, per hour, as the line through them says. Times in milliseconds. */
function slopeOf(points: readonly (readonly [time: number, value: number])[]): number {
  const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [time, value] = [mean(0), mean(1)];
  const above = points.reduce((sum, [t, v]) => sum + (t - time) * (v - value), 0);
  return (above / points.reduce((sum, [t]) => sum + (t - time) ** 2, 0)) * 3_600_000;
}

export const kills: Bar = {
  id: "L4",
  async run(tell, { minutes }) {
    await using witness = await started(NAMES[0]);
    const victims = new Map<string, Subject>();
    try {
      for (const name of NAMES.slice(1)) victims.set(name, await started(name));
      /** It talks to all four and watches a process of each. */
      const whole = async (): Promise<boolean> => (await witness.ask("told")).watching === victims.size;
      if (!(await until(whole))) throw new Error("The five nodes did not come to talk to each other");
      const begin = await witness.figures();
      const heap: [number, number][] = [];
      const rss: [number, number][] = [];
      let killed = 0;
      let seen = 0;
      const begun = performance.now();
      const end = begun + minutes * 60_000;
      while (performance.now() < end) {
        const next = performance.now() + PERIOD;
        const name = NAMES[1 + (killed % 4)] ?? NAMES[1];
        const victim = victims.get(name);
        const before = await witness.ask("told");
        const over = once(victim!.child, "exit");
        victim?.child.kill("SIGKILL");
        killed++;
        await over;
        if (await until(async () => (await witness.ask("told")).nodedowns > before.nodedowns)) seen++;
        victims.set(name, await started(name));
        await until(whole);
        await sleep(Math.max(0, next - performance.now()));
        const figures = await witness.figures();
        heap.push([performance.now() - begun, figures.heap]);
        rss.push([performance.now() - begun, memoryOf(witness.child.pid).rss]);
      }
      const late = (points: readonly [number, number][]) => points.slice(Math.floor(points.length * WARM_UP));
      const told = await witness.ask("told");
      tell({ what: `kill -9 under traffic for ${String(minutes)} min`, measured: killed, unit: "kills" });
      tell({ what: "calls answered meanwhile", measured: told.calls, unit: "", least: 1 });
      tell({ what: "kills that were told by a nodedown, of those", measured: seen, unit: "", exactly: killed });
      tell({ what: "nodedowns", measured: told.nodedowns, unit: "", exactly: killed });
      tell({ what: "nodeup or nodedown told twice", measured: told.twice, unit: "", exactly: 0 });
      tell({ what: "DOWN of monitors", measured: told.downs, unit: "", exactly: told.monitors - told.watching });
      const after = await witness.figures();
      tell({ what: "file descriptors after", measured: after.descriptors - begin.descriptors, unit: "more", most: 0 });
      const bar = minutes < LEAST_MINUTES ? {} : { most: 1 };
      tell({ what: "RSS grows by", measured: slopeOf(late(rss)) / MB, unit: "MB/h", ...bar });
      tell({
        what: "heap after garbage is collected grows by",
        measured: slopeOf(late(heap)) / MB,
        unit: "MB/h",
        ...bar,
      });
      tell({ what: "heap after, in all", measured: (after.heap - begin.heap) / MB, unit: "MB more" });
    } finally {
      for (const victim of victims.values()) await victim[Symbol.asyncDispose]();
    }
  },
};
