import { expect, test } from "vitest";
import { newHost, prompts } from "../support/moebi.ts";
import type { Pty } from "../support/pty.ts";
import type { Screen } from "../support/screen.ts";

const first = (text: string) => (screen: Screen) => screen.line(0).startsWith(text);
/** Whether the row with the keys is the last one, as it is where the whole screen is drawn. */
const covered = (screen: Screen): boolean => screen.line(-1).startsWith("q leave");

/** Types a statement at an empty prompt and waits for the next. */
async function evaluated(pty: Pty, node: string, number: number, statement: string): Promise<void> {
  await pty.waitFor(prompts(`moebi(${node})${String(number)}>`));
  pty.type(`${statement}\r`);
  await pty.waitFor(prompts(`moebi(${node})${String(number + 1)}>`));
}

test("the observer covers the prompt, follows keys and sizes, and gives back what was there, what is typed too", async () => {
  await using host = await newHost();
  const alex = host.open(["--sname", "alex@localhost"]);
  // It opens while something is being typed.
  await evaluated(
    alex,
    "alex@localhost",
    1,
    'spawn(async () => { Node.monitorNodes(true); await receive(); await observer(); IO.puts("was left") })',
  );
  await alex.waitFor("alex@localhost · no peers");
  alex.type("half ty");
  await alex.waitFor(prompts("moebi(alex@localhost)2> half ty"));
  const before = alex.screen.scrollback();
  const kate = await host.background("kate@localhost", [
    'Process.register(spawn(() => receive(() => false)), "Idler")',
    'for (let i = 0; i < 7; i++) send("Idler", i)',
    'Node.connect("alex@localhost")',
  ]);
  await alex.waitFor((screen) => /^kate@localhost +connected +[\d.]+ m?s/m.test(screen.text()));
  expect(covered(alex.screen)).toBe(true);
  expect(alex.screen.line(0)).toMatch(/^ alex@localhost {2}up .* · \d+ processes · 1 peer/);

  alex.type("2/evaluate\r");
  await alex.waitFor((screen) => screen.text().includes("Shell.evaluate/1") && !screen.text().includes("Shell.loop/0"));
  alex.type("\r");
  await alex.waitFor((screen) => /^Initial call +Shell\.evaluate\/1$/m.test(screen.text()));

  alex.resize(40, 10);
  await alex.waitFor((screen) => covered(screen) && /^Initial call {2}Shell/m.test(screen.text()));
  alex.resize(120, 30);
  await alex.waitFor((screen) => covered(screen) && /memory \d/.test(screen.line(0)));

  // Another node, by its row.
  alex.type("1\x1b[B\r");
  await alex.waitFor(first(" kate@localhost "));
  await alex.waitFor((screen) => /^#PID<\d+\.\d+\.0> +evaluate|Shell/m.test(screen.text()));
  alex.type("/\x15Idler\r");
  await alex.waitFor((screen) => /^#PID<1\.\d+\.0> +Idler +7 /m.test(screen.text()));
  kate.kill("SIGKILL");
  await alex.waitFor("no connection");
  // What is known stays, and the keys work.
  expect(alex.screen.text()).toContain("Idler");
  alex.type("q");
  await alex.waitFor(prompts("moebi(alex@localhost)2> half ty"));
  await alex.waitFor("was left\nmoebi(alex@localhost)2> half ty");
  expect(alex.screen.scrollback()).toContain(before.split("\nmoebi(alex@localhost)2>")[0] ?? "");
  expect(alex.screen.scrollback()).not.toContain("q leave");

  alex.type("\x15");
  await evaluated(alex, "alex@localhost", 2, "send(self(), 1); 7");
  await alex.waitFor("1 message, flush() shows it");
  for (const [number, key] of [
    [3, "\x03"],
    [4, "\x1b"],
  ] as const) {
    await alex.waitFor(prompts(`moebi(alex@localhost)${String(number)}>`));
    alex.type("observer()\r");
    await alex.waitFor(covered);
    alex.type(key);
    await alex.waitFor(prompts(`moebi(alex@localhost)${String(number + 1)}>`));
  }
  await evaluated(alex, "alex@localhost", 5, "configure({ statusLine: false }); 8");
  await alex.waitFor((screen) => screen.text().endsWith("moebi(alex@localhost)6>"));
  // What was told below the prompt is not in what has scrolled by.
  expect(alex.screen.scrollback()).not.toMatch(/· (?:no peers|1 peer|1 message)/);
});

test("moebi observe shows a node on a terminal, and prints one look at it elsewhere", async () => {
  await using host = await newHost();
  await host.background("kate@localhost", ['Process.register(spawn(() => receive(() => false)), "Idler")']);
  const seen = await host.run(["observe", "kate@localhost"]);
  expect(seen.stdout).toMatch(/^kate@localhost: up .*\n\nNode +State/);
  expect(seen.stdout).toMatch(/^#PID<\d+\.\d+\.0> .* Idler$/m);
  expect(seen).toMatchObject({ status: 0, stderr: "" });
  const pty = host.open(["observe", "kate@localhost"]);
  await pty.waitFor((screen) => covered(screen) && first(" kate@localhost  up ")(screen));
  pty.type("q");
  expect(await pty.exited).toMatchObject({ code: 0 });
  expect(pty.screen.text()).toBe("");
  expect(pty.screen.cursor.visible).toBe(true);
  const nobody = await host.run(["observe", "nobody@localhost"]);
  expect(nobody.status).toBe(2);
});

test("10,000 lines from another node cost no key, come in order, and in that node's colour", async () => {
  await using host = await newHost();
  await host.background("kate@localhost");
  const alex = host.open(["--sname", "alex@localhost"], { env: { NO_COLOR: undefined } });
  await evaluated(alex, "alex@localhost", 1, "Node.ping('kate@localhost')");
  const flood = "for (let i = 1; i <= 10000; i++) IO.puts(`line ${i}`)";
  await evaluated(alex, "alex@localhost", 2, `Node.spawn("kate@localhost", async () => { await receive(); ${flood} })`);
  await evaluated(alex, "alex@localhost", 3, 'send(v(), "go")');
  await alex.waitFor("line ");
  await alex.typeSlowly("'typed in the flood'");
  const typed = prompts("moebi(alex@localhost)4> 'typed in the flood'");
  await alex.waitFor((screen) => typed(screen) && screen.text().includes("line 10000\n"));
  const row = alex.screen.cursor.y - 1;
  expect(alex.screen.line(row)).toBe("line 10000");
  expect(alex.screen.cell(0, row).foreground).toBeGreaterThan(0);
  alex.type("\r");
  await alex.waitFor('"typed in the flood"');
  const numbers = [...alex.screen.scrollback().matchAll(/^line (\d+)$/gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
});

test("the observer ends a process when y says so, and tells how the program is", async () => {
  await using host = await newHost();
  await host.background("kate@localhost", [
    'Process.register(spawn(() => receive(() => false)), "Idler")',
    'Process.register(spawn(() => receive(() => false)), "Keeper")',
  ]);
  const pty = host.open(["observe", "kate@localhost"], { columns: 80, rows: 24 });
  await pty.waitFor(first(" kate@localhost "));
  pty.type("2/eeper\r");
  await pty.waitFor((screen) => /^#PID<\d+\.\d+\.0> +Keeper/m.test(screen.line(3)));
  pty.type("xn");
  await pty.waitFor(covered);
  pty.type("/\x15dler\r");
  await pty.waitFor((screen) => /^#PID<\d+\.\d+\.0> +Idler/m.test(screen.line(3)));
  pty.type("x");
  await pty.waitFor((screen) => /^Kill #PID<\d+\.\d+\.0> Idler\? y, or any other key$/.test(screen.line(-1)));
  pty.type("y");
  await pty.waitFor((screen) => screen.line(3) === "none");
  pty.type("/\x15eeper\r");
  await pty.waitFor((screen) => screen.line(3).includes("Keeper"));
  pty.type("6");
  await pty.waitFor((screen) => /^Delay +[\d.]+ ms, at most [\d.]+ ms/m.test(screen.text()));
  pty.type("?");
  await pty.waitFor((screen) => screen.line(-1) === "any key goes back");
  pty.type(" q");
  expect(await pty.exited).toMatchObject({ code: 0 });
});
