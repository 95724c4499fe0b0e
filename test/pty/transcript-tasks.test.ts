import { expect, test } from "vitest";
import { newHost, prompts } from "../support/moebi.ts";
import { runSession, type Turn, typeSession } from "../support/transcript.ts";

const supervisor: Turn = { type: 'Task.Supervisor.startLink({ name: "KV.RouterTasks" })', value: "#PID<…>" };

const bar: readonly Turn[] = [
  {
    type: 'const task = Task.Supervisor.async(["KV.RouterTasks", "foo@localhost"], () => ["ok", node()])',
    value: "Task{ pid: #PID<…>, ref: #Ref<…>, owner: #PID<…> }",
  },
  { type: "Task.await(task)", value: '["ok", "foo@localhost"]' },
  {
    type: 'Task.await(Task.Supervisor.async(["KV.RouterTasks", "foo@localhost"], Kernel, "node", []))',
    value: '"foo@localhost"',
  },
];

test("tasks on another node, typed at two terminals", async () => {
  await using host = await newHost();
  const foo = host.open(["--sname", "foo@localhost"]);
  const there = host.open(["--sname", "bar@localhost"], { columns: 140 });
  await typeSession(foo, "foo@localhost", [supervisor]);
  await typeSession(there, "bar@localhost", bar);
  await foo.waitFor(prompts("moebi(foo@localhost)2>"));
  // O1, B17: what the other node prints can't take over this terminal, nor have it answer.
  const before = there.screen.upToCursor();
  const escape = String.raw`Node.spawn("foo@localhost", () => IO.puts("\x1b[2J\x1b[Hup\x1b]0;owned\x07\x9b5n\x1b[6n\rback"))`;
  await typeSession(
    there,
    "bar@localhost",
    [{ type: escape, value: "#PID<…>", printed: [String.raw`\x1b[2J\x1b[Hup\x1b]0;owned\x07\x9b5n\x1b[6n\rback`] }],
    4,
  );
  expect(there.screen.upToCursor().startsWith(before)).toBe(true);
});

test.each(["input", "file"] as const)("tasks on another node, with the session from standard %s", async (by) => {
  await using host = await newHost();
  await host.background("foo@localhost", [supervisor.type]);
  await runSession(host, ["--sname", "bar@localhost"], bar, by);
});
