/** L3: fifty simulated nodes for an hour of their time, with links that are cut and healed. */
import { type Bar, quantile } from "./bar.ts";

const NODES = 50;
const MINUTES = 60;
const SEED = 1;

export const simulation: Bar = {
  id: "L3",
  async run(tell) {
    const { startCluster } = await import("../../src/testing.ts");
    const { Node, Process, receive, send, spawn } = await import("../../src/index.ts");
    const names = Array.from({ length: NODES }, (_, i) => `s${String(i)}`);
    const begun = performance.now();
    const cluster = await startCluster(names, { seed: SEED, network: "memory" });
    const [first = "s0"] = names;
    for (const name of names.slice(1)) await cluster.run(name, () => Node.connect(`${first}@localhost`));
    await cluster.advance(10_000);
    const whole = (): number => names.filter((name) => listOf(name).length === NODES - 1).length;
    const listOf = (name: string) => cluster.at(name).node.connections?.list() ?? [];
    tell({ what: "50 simulated nodes that know all others", measured: whole(), unit: "", exactly: NODES });

    // Each tells the next a number each second, who checks that none is missing, but over a nodedown, and none is late.
    let [received, disorder, twice] = [0, 0, 0];
    const monitored = { made: 0, told: 0 };
    for (const [i, name] of names.entries()) {
      const next = names[(i + 1) % NODES] ?? first;
      await cluster.run(next, () => {
        const pid = spawn(async () => {
          let last = 0;
          let whole = true;
          Node.monitorNodes(true);
          for (;;) {
            const message = (await receive()) as readonly [string, unknown];
            if (message[0] === "nodedown") whole = false;
            if (message[0] !== "number") continue;
            const number = message[1] as number;
            received++;
            if (number <= last || (whole && number !== last + 1)) disorder++;
            last = number;
            whole = true;
          }
        });
        Process.register(pid, `numbers${String(i)}`);
      });
      await cluster.run(name, () => {
        spawn(async () => {
          for (let number = 1; ; number++) {
            send([`numbers${String(i)}`, `${next}@localhost`], ["number", number]);
            await Process.sleep(1_000);
          }
        });
        spawn(async () => {
          const over = new Set<unknown>();
          for (;;) {
            const ref = Process.monitor([`numbers${String(i)}`, `${next}@localhost`]);
            monitored.made++;
            for (let open = true; open;) {
              const message = (await receive()) as readonly unknown[];
              if (over.has(message[1])) twice++;
              over.add(message[1]);
              open = message[1] !== ref;
            }
            monitored.told++;
            await Process.sleep(5_000);
          }
        });
      });
    }
    // Two minutes cut, three healed.
    const cut: [string, string][] = [];
    const minutes: number[] = [];
    for (let minute = 0; minute < MINUTES; minute++) {
      const [a, b] = [names[(minute * 7) % NODES] ?? first, names[(minute * 7 + 1) % NODES] ?? first];
      if (minute % 5 === 0 && minute < MINUTES - 5) {
        cluster.cut(a, b);
        cut.push([a, b]);
      }
      if (minute % 5 === 2) for (const [x, y] of cut.splice(0)) cluster.heal(x, y);
      const since = performance.now();
      await cluster.advance(60_000);
      minutes.push(performance.now() - since);
    }
    for (const name of names)
      for (const other of names)
        if (name < other && !listOf(name).includes(`${other}@localhost`))
          await cluster.run(name, () => Node.connect(`${other}@localhost`));
    await cluster.advance(1_000);
    const uneven = names.flatMap((a) =>
      names.filter((b) => listOf(a).includes(`${b}@localhost`) !== listOf(b).includes(`${a}@localhost`)),
    );
    tell({
      what: "1 h of their time, cuts and traffic in it",
      measured: (performance.now() - begun) / 1_000,
      unit: "s",
      most: 60,
    });
    tell({ what: "a minute of it, the middle", measured: quantile(minutes, 0.5), unit: "ms" });
    tell({ what: "messages received", measured: received, unit: "", least: NODES * 3_000 });
    tell({ what: "out of order, twice, or missing without a nodedown", measured: disorder, unit: "", exactly: 0 });
    tell({
      what: "monitors told (one of each is open)",
      measured: monitored.told,
      unit: "",
      exactly: monitored.made - NODES,
    });
    tell({ what: "monitors told twice", measured: twice, unit: "", exactly: 0 });
    tell({ what: "links that one side alone has, after healing", measured: uneven.length, unit: "", exactly: 0 });
    tell({ what: "nodes that know all others, after healing", measured: whole(), unit: "", exactly: NODES });
    await cluster[Symbol.asyncDispose]();
  },
};
