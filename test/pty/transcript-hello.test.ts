import { expect, test } from "vitest";
import { newHost, prompts } from "../support/moebi.ts";
import { general, runSession, type Turn, typeSession } from "../support/transcript.ts";

const foo: readonly Turn[] = [{ type: 'const Hello = {\n  world() {\n    IO.puts("hello world")\n  }\n}' }];

const bar: readonly Turn[] = [
  {
    type: "Hello.world()",
    fails: ["** (ReferenceError) Hello is not defined", "  module Hello is not loaded on bar@localhost"],
  },
  { type: 'Node.spawnLink("foo@localhost", () => Hello.world())', printed: ["hello world"], value: "#PID<…>" },
  {
    type: 'const pid = Node.spawnLink("foo@localhost", () =>\n  receive({ ping: (client) => send(client, "pong") }))',
    value: "#PID<…>",
  },
  { type: 'send(pid, ["ping", self()])', value: '["ping", #PID<…>]' },
  { type: "flush()", once: "1 message, flush() shows it", printed: ['"pong"'], value: '"ok"' },
  { type: 'rpc.call("foo@localhost", "Hello", "world", [])', printed: ["hello world"], value: '"ok"' },
];

test("hello from another node, typed at two terminals", async () => {
  await using host = await newHost();
  const here = host.open(["--sname", "foo@localhost"]);
  const there = host.open(["--sname", "bar@localhost"]);
  await typeSession(here, "foo@localhost", foo);
  await typeSession(there, "bar@localhost", bar);
  const text = general(there.screen.text());
  expect(text).toContain("...(bar@localhost)2>   receive({");
  // Output goes to who started it: nothing is printed at foo.
  await here.waitFor(prompts("moebi(foo@localhost)2>"));
  expect(here.screen.upToCursor()).toMatch(/\.\.\.\(foo@localhost\)1> \}\nmoebi\(foo@localhost\)2>$/);
});

test.each(["input", "file"] as const)("hello from another node, with the session from standard %s", async (by) => {
  await using host = await newHost();
  const here = await host.background(
    "foo@localhost",
    foo.map(({ type }) => type),
  );
  await runSession(host, ["--sname", "bar@localhost"], bar, by);
  here.kill("SIGTERM");
  expect(await here.finished).toEqual({ stdout: 'is ready\n"ok"\n', stderr: "", status: 0 });
});
