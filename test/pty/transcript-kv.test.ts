import { expect, test } from "vitest";
import { Client } from "../support/kv.ts";
import { type Host, newHost, type Piped } from "../support/moebi.ts";
import { general, type Turn, typeSession } from "../support/transcript.ts";

const table = '[["a", "m", "foo@localhost"], ["n", "z", "bar@localhost"]]';

/** What foo's user types, bar being there. */
const routing: readonly Turn[] = [
  {
    type: 'const task = Task.Supervisor.async(["KV.RouterTasks", "bar@localhost"], () => ["ok", node()])',
    value: "Task{ pid: #PID<…>, ref: #Ref<…>, owner: #PID<…> }",
  },
  { type: "Task.await(task)", value: '["ok", "bar@localhost"]' },
  {
    type: 'Task.await(Task.Supervisor.async(["KV.RouterTasks", "bar@localhost"], Kernel, "node", []))',
    value: '"bar@localhost"',
  },
  { type: 'KV.Router.route("hello", Kernel, "node", [])', value: '"foo@localhost"' },
  { type: 'KV.Router.route("world", Kernel, "node", [])', value: '"bar@localhost"' },
  {
    type: 'KV.Router.route("\\0", Kernel, "node", [])',
    fails: [`** (Error) could not find entry for "\\u0000" in table ${table}`],
  },
];

/** The command line of a node whose settings for kv are in a file. */
async function app(host: Host, name: string, settings: string): Promise<string[]> {
  const config = await host.file("kv.json", `{ "kv": ${settings} }`);
  return ["--sname", `${name}@localhost`, "--app", "kv", "--config", config];
}

/** A node in the background, and the port of its server. */
async function started(host: Host, args: readonly string[], nodes = ""): Promise<{ program: Piped; port: number }> {
  const env = { PORT: "0", NODES: nodes };
  const program = host.start([...args, "--no-halt", "-e", 'IO.puts("is ready")'], env);
  await program.waitFor("is ready\n");
  await program.waitFor("Accepting connections on port ");
  return { program, port: Number(/connections on port (\d+)/.exec(program.stderr)?.[1]) };
}

test("the router, typed at a terminal", async () => {
  await using host = await newHost();
  await started(host, await app(host, "bar", `{ "routingTable": ${table} }`));
  const terminal = host.open(await app(host, "foo", `{ "routingTable": ${table} }`), {
    columns: 140,
    env: { PORT: "0" },
  });
  await typeSession(terminal, "foo@localhost", routing);
});

test.each(["input", "file"] as const)("the router, from standard %s", async (by) => {
  await using host = await newHost();
  await started(host, await app(host, "bar", `{ "routingTable": ${table} }`));
  const source = routing.map(({ type }) => `${type}\n`).join("");
  const args = await app(host, "foo", `{ "routingTable": ${table} }`);
  const given = by === "input" ? args : [...args, await host.file("session.ts", source)];
  const { stdout, stderr, status } = await host.run(given, by === "input" ? source : "", { PORT: "0" });
  expect(general(stdout)).toBe(routing.flatMap(({ value }) => (value === undefined ? [] : [`${value}\n`])).join(""));
  expect(stderr).toMatch(/^\S+ \[info\] Accepting connections on port \d+\n/);
  expect(stderr).toContain(routing.flatMap(({ fails = [] }) => fails).join("\n"));
  expect(status).toBe(1);
});

test("naming across nodes that are told of each other by NODES, and clients of their servers", async () => {
  await using host = await newHost();
  const nodes = "foo@localhost,bar@localhost";
  const bar = await started(host, await app(host, "bar", '{ "naming": "global" }'), nodes);
  const foo = await started(host, await app(host, "foo", '{ "naming": "global" }'), nodes);
  const at = async (name: string, ...call: string[]): Promise<string> =>
    (await host.run(["call", `${name}@localhost`, ...call])).stdout;

  expect(await at("foo", "Node", "list")).toBe('["bar@localhost"]\n');
  expect(await at("bar", "KV", "createBucket", "shopping")).toMatch(/^#PID<\d+\.\d+\.\d+>\n$/);
  expect(await at("foo", "KV", "lookupBucket", "shopping")).toMatch(/^#PID<\d+\.\d+\.\d+>\n$/);
  using there = new Client(bar.port);
  using here = new Client(foo.port);
  expect(await there.say("PUT shopping milk 1")).toEqual(["OK"]);
  expect(await here.say("GET shopping milk", 2)).toEqual(["1", "OK"]);
  // A bucket is gone with its node; the other serves its clients as before.
  bar.program.kill("SIGKILL");
  await there.closed;
  expect(await here.say("CREATE other")).toEqual(["OK"]);
  expect(await here.say("PUT other milk 1")).toEqual(["OK"]);
});
