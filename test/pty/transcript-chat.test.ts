import { expect, test } from "vitest";
import { newHost, prompts } from "../support/moebi.ts";
import { runSession, type Turn, typeSession } from "../support/transcript.ts";

const toKate: Turn = { type: 'Chat.sendMessage("kate@localhost", "hi")', value: '"ok"' };
const toAlex: Turn = { type: 'Chat.sendMessage("alex@localhost", "how are you?")', value: '"ok"' };
const kate: Turn = { type: 'const Kate = { sayName() { return IO.puts("Hi, my name is Kate") } }' };

/** What alex does once kate has been greeted. */
const alex: readonly Turn[] = [
  { type: 'Chat.sendMessage("moebi@localhost", "hi")', value: '"ok"', printed: ["chicken?"] },
  {
    type: 'Node.spawnLink("kate@localhost", () => Kate.sayName())',
    value: "#PID<…>",
    printed: ["Hi, my name is Kate"],
  },
  {
    type: 'Chat.sendMessage("nobody@localhost", "hi")',
    fails: [
      '** (exit) exited in: Task.Supervisor.async(["Chat.TaskSupervisor", "nobody@localhost"], Chat, "receiveMessage", ["hi"])',
      "    ** (EXIT) no connection to nobody@localhost",
    ],
  },
];

const app = (name: string): string[] => ["--sname", `${name}@localhost`, "--app", "chat"];

test("TASKSUP-005: the chat, typed at three terminals", async () => {
  await using host = await newHost();
  const [hers, his, dog] = ["kate", "alex", "moebi"].map((name) => host.open(app(name), { columns: 140 }));
  if (!hers || !his || !dog) throw new Error("There are three terminals");
  await typeSession(hers, "kate@localhost", [kate]);
  hers.type("half ty");
  await hers.waitFor(prompts("moebi(kate@localhost)2> half ty"));
  await typeSession(his, "alex@localhost", [toKate]);
  // Above her prompt and what she is typing.
  await hers.waitFor("\nhi\nmoebi(kate@localhost)2> half ty");
  hers.type("\x15");
  await typeSession(hers, "kate@localhost", [toAlex], 2);
  await his.waitFor("\nhow are you?\nmoebi(alex@localhost)2>");
  await dog.waitFor(prompts("moebi(moebi@localhost)1>"));
  await typeSession(his, "alex@localhost", alex, 2);
  // His answer was there before the call returned.
  expect(his.screen.text()).toMatch(/\nchicken\?\n"ok"\n/);
  await dog.waitFor("\nhi\nmoebi(moebi@localhost)1>");
  expect(hers.screen.text().match(/^hi$/gm)).toHaveLength(1);
  expect(hers.screen.text()).not.toContain("chicken?");
  expect(hers.screen.text()).not.toMatch(/^Hi, my name is Kate$/m);
});

test.each(["input", "file"] as const)("the chat, with alex's session from standard %s", async (by) => {
  await using host = await newHost();
  const hers = await host.background("kate@localhost", [kate.type], ["--app", "chat"]);
  const dog = await host.background("moebi@localhost", [], ["--app", "chat"]);
  await runSession(host, app("alex"), [toKate, ...alex], by);
  expect(hers.stdout).toMatch(/^hi$/m);
  expect(dog.stdout).toMatch(/^hi$/m);
  expect(hers.stdout).not.toMatch(/chicken|my name is Kate/);
});

test("C4, H7: a node with another cookie is refused, and the one that refuses names it in its log", async () => {
  await using host = await newHost();
  const hers = await host.background("kate@localhost", [], ["--app", "chat", "--cookie", "alpha-secret"]);
  const eve = await host.run([
    ...app("eve"),
    "--cookie",
    "other-secret",
    "-e",
    'Chat.sendMessage("kate@localhost", "hi")',
  ]);
  expect(eve.stderr).toContain("** (EXIT) no connection to kate@localhost\n");
  expect(eve.status).toBe(1);
  await hers.waitFor("eve@localhost");
  expect(hers.stderr).toMatch(/\[warning\] .*eve@localhost.*cookie/);
  const everything = hers.stdout + hers.stderr + eve.stdout + eve.stderr;
  expect(everything).not.toMatch(/alpha-secret|other-secret/);
});
