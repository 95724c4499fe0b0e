import { expect, test } from "vitest";
import { newHost, prompts } from "../support/moebi.ts";
import { general } from "../support/transcript.ts";

const TIME = String.raw`\d\d:\d\d:\d\d\.\d{3}`;

test("a cluster forms itself, tells who comes and goes, and can be asked", async () => {
  await using host = await newHost();
  const node = (name: string): string[] => ["--name", `${name}@127.0.0.1`];
  const terminal = host.open([...node("n1"), "--app", "simple-cluster"], { columns: 140 });
  const shows = async (line: string): Promise<void> => {
    const wanted = new RegExp(`^${line}$`, "m");
    await terminal.waitFor((screen) => wanted.test(general(screen.scrollback())));
  };
  const asks = async (counter: number, statement: string, answer: string): Promise<void> => {
    await terminal.waitFor(prompts(`moebi(n1@127.0.0.1)${String(counter)}>`));
    terminal.type(`${statement}\r`);
    await shows(answer);
  };

  await shows(String.raw`${TIME} \[warning\] \[cluster:example\] unable to connect to n2@127\.0\.0\.1`);
  const other = host.start([...node("n2"), "--app", "simple-cluster", "--no-halt", "-e", "0"]);
  await other.waitFor("[info] --- Node up: n1@127.0.0.1");
  await shows(String.raw`${TIME} \[info\] --- Node up: n2@127\.0\.0\.1`);
  await asks(1, "Node.list()", String.raw`\["n2@127\.0\.0\.1"\]`);
  await asks(2, 'Node.connect("n2@127.0.0.1")', "true");
  await asks(3, "SimpleCluster.Ping.ping()", '"ok"');
  await shows(String.raw`${TIME} \[info\] \[\["ok", "n2@127\.0\.0\.1", "pong"\]\]`);
  await other.waitFor("--- Receiving ping from ");
  expect(general(other.stderr)).toMatch(
    new RegExp(String.raw`^${TIME} \[info\] --- Receiving ping from \[#PID<…>, #Ref<…>\]$`, "m"),
  );
  other.kill("SIGKILL");
  await shows(String.raw`${TIME} \[info\] --- Node down: n2@127\.0\.0\.1`);

  // The same by a configuration alone: the start waits for the node it names.
  const config = await host.file(
    "sync.json",
    '{ "kernel": { "syncNodesMandatory": ["n1@127.0.0.1"], "syncNodesTimeout": 60000 } }',
  );
  const third = await host.run([...node("n3"), "--config", config, "-e", "Node.list()"]);
  expect(third).toEqual({ stdout: '["n1@127.0.0.1"]\n', stderr: "", status: 0 });
  await shows(String.raw`${TIME} \[info\] --- Node down: n3@127\.0\.0\.1`);
  await asks(4, "Node.list()", String.raw`\[\]`);
});
