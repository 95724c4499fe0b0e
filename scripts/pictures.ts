/**
 * Makes the pictures that the README shows, from real programs on real terminals:
 *
 *     node scripts/pictures.ts
 *
 * `scripts/pictures/chat.svg` is the demo's tour, `remsh.svg` a shell in a service that runs, `observer.svg` the observer on a
 * node with some peers. Build first: they show what is in `dist`. Names of pictures make those alone.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { Cast, type Pace } from "./theatre/cast.ts";
import type { Pane } from "./theatre/pane.ts";
import { Recording } from "./theatre/recording.ts";
import { type Frame, svgOf } from "./theatre/svg.ts";
import { TOUR } from "./theatre/tour.ts";

const folder = fileURLToPath(new URL("pictures", import.meta.url));
const sources = (path: string): string => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
/** As wide as a page shows without making them smaller. */
const COLUMNS = 98;
const TALK: Pace = { key: 28, step: 1_100 };

async function picture(name: string, about: string, frames: readonly Frame[]): Promise<void> {
  const svg = svgOf(frames, about);
  await writeFile(join(folder, `${name}.svg`), svg);
  console.log(
    `scripts/pictures/${name}.svg  ${String(Math.ceil(svg.length / 1024))} KiB, ${String(frames.length)} frames`,
  );
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Types a statement as people do, and waits for the prompt behind it. */
async function say(pane: Pane, statement: string, prompt: RegExp): Promise<void> {
  for (const character of statement) {
    pane.type(character);
    await pause(TALK.key);
  }
  pane.type("\r");
  await pane.until(prompt);
}

async function chat(): Promise<void> {
  await using cast = await Cast.start({ columns: COLUMNS, rows: 24 });
  await cast.ready();
  let text = "Three nodes, three terminals.";
  using recording = new Recording({
    panes: cast.panes,
    titles: ["alex", "kate", "moebi"].map((name) => `${name}: scripts/moebi --sname ${name} --app chat`),
    caption: { title: "The tour", text: () => text },
  });
  for (const step of TOUR) {
    text = step.caption;
    await cast.play(step, TALK);
  }
  recording.note();
  await picture(
    "chat",
    "Three nodes: messages appear above prompts, a function runs on another node",
    recording.frames,
  );
}

async function remsh(): Promise<void> {
  await using cast = await Cast.start({ columns: COLUMNS, rows: 24 }, { nodes: [] });
  const port = await freePort();
  const service = cast.program("service", [sources("examples/service/service.ts")], { PORT: String(port) });
  await service.until(/^Listening on /m);
  for (const name of ["Ada", "Joe", "Robert"]) await (await fetch(`http://127.0.0.1:${String(port)}/${name}`)).text();
  const visitor = cast.visit("service@localhost");
  const at = (counter: number): RegExp => new RegExp(`^moebi\\(service@localhost\\)${String(counter)}> ?$`, "m");
  await visitor.until(at(1));
  using recording = new Recording({
    panes: [service, visitor],
    titles: ["a program: node service.ts", "moebi --remsh service@localhost"],
  });
  const greeted = `await (await fetch("http://127.0.0.1:${String(port)}/Grace")).text()`;
  const statements: readonly (readonly [statement: string, counter: number])[] = [
    ["Service.served()", 2],
    ['Service.setGreting("Good evening")', 2],
    ['Service.setGreeting("Good evening")', 3],
    [greeted, 4],
    ['Agent.get("Service.State", (state) => state)', 5],
    ['IO.puts("printed here, not where the service prints")', 6],
  ];
  for (const [statement, counter] of statements) {
    await pause(TALK.step);
    await say(visitor, statement, at(counter));
  }
  await pause(TALK.step);
  recording.note();
  await picture("remsh", "A shell in a running service: its modules, its state, its output here", recording.frames);
}

async function observer(): Promise<void> {
  const nodes = ["alex", "kate", "moebi", "n1", "n2", "n3"];
  await using cast = await Cast.start({ columns: COLUMNS, rows: 16 }, { nodes });
  await Promise.all(cast.panes.map((pane) => pane.until(/^moebi\(\w+@localhost\)1> ?$/m)));
  const alex = cast.of("alex");
  // Something to be seen: messages to and fro, more of them for some nodes than for others, and now and then.
  const work = [
    "const work = async (name, size) => {",
    "const echo = await Node.spawn(`${name}@localhost`, async () => { for (;;) { const [from, data] = await receive(); send(from, data) } });",
    "for (let n = 0; ; n++) { send(echo, [self(), 'x'.repeat(size * (1 + Math.sin(n / 9)))]); await receive(); await Process.sleep(120) } };",
    `for (const [index, name] of ${JSON.stringify(nodes.slice(1))}.entries()) spawn(() => work(name, 300 * (index + 1)))`,
  ].join(" ");
  alex.type(`${work}\r`);
  await alex.until(/^moebi\(alex@localhost\)2> ?$/m);
  alex.type("\x0c");
  await say(alex, "observer()", /^q leave/m);
  await alex.until(/kate@localhost +connected +[\d.]+ m?s/);
  // The sparklines are full by then.
  await pause(14_000);
  using recording = new Recording({ panes: [alex], titles: ["moebi(alex@localhost)1> observer()"], cursor: false });
  await pause(4_000);
  alex.type("2ss");
  await pause(4_500);
  alex.type("3");
  await pause(1_000);
  alex.type("\x1b[C");
  await pause(3_500);
  alex.type("6");
  await pause(4_000);
  alex.type("1");
  await pause(2_500);
  recording.note();
  await picture("observer", "The observer: nodes, processes, supervisors, the system", recording.frames);
}

const all = { chat, remsh, observer };
await mkdir(folder, { recursive: true });
for (const [name, make] of Object.entries(all)) {
  const wanted = process.argv.slice(2);
  if (wanted.length === 0 || wanted.includes(name)) await make();
}
