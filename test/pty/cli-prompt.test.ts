import { afterAll, beforeAll, expect, test } from "vitest";
import { type Host, newHost, prompts } from "../support/moebi.ts";
import type { Pty } from "../support/pty.ts";
import { general, typeSession } from "../support/transcript.ts";

const NODE = "alex@localhost";

let host: Host;
let pty: Pty;
let next = 1;

beforeAll(async () => {
  host = await newHost();
  pty = host.open(["--sname", NODE]);
  await pty.waitFor(prompts(`moebi(${NODE})1>`));
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

test("IEX-001, IEX-002: shows the node and the number of the input, which goes up with each value", async () => {
  next = await typeSession(pty, NODE, [
    { type: "const kept = 6 * 7", value: "42" },
    { type: "missing", fails: ["** (ReferenceError) missing is not defined"] },
  ]);
  expect(pty.screen.text()).toContain(
    "h() for help\nmoebi(alex@localhost)1> const kept = 6 * 7\n42\nmoebi(alex@localhost)2> missing\n",
  );
});

test("IEX-003, IEX-004: continues with the same number, and gives up at the break line", async () => {
  const number = String(next);
  pty.type("[1,\r#moebi:break\r");
  await pty.waitFor(
    (screen) => screen.text().includes("the statement was given up") && prompts(`moebi(${NODE})${number}>`)(screen),
  );
  expect(pty.screen.text()).toContain(
    `moebi(${NODE})${number}> [1,\n...(${NODE})${number}> #moebi:break\n** (IncompleteError) the statement was given up\nmoebi`,
  );
});

test("IEX-018: completes the names of the session", async () => {
  pty.type("kep\t");
  await pty.waitFor(prompts(`moebi(${NODE})${String(next)}> kept`));
  pty.type("\x15");
  await pty.waitFor(prompts(`moebi(${NODE})${String(next)}>`));
});

test("stops a wait at Ctrl+C, with variables kept", async () => {
  pty.type("await receive()\r");
  await pty.waitFor(
    (screen) => screen.line(screen.cursor.y) === "" && screen.line(screen.cursor.y - 1).endsWith("await receive()"),
  );
  pty.type("\x03");
  await pty.waitFor(
    (screen) =>
      screen.text().includes("receive()\n** (interrupted)\n") && prompts(`moebi(${NODE})${String(next)}>`)(screen),
  );
  next = await typeSession(pty, NODE, [{ type: "kept", value: "42" }], next);
});

test("stops an endless loop at Ctrl+C, with variables kept", async () => {
  // Written past everything that waits for the loop to end: once it is seen, the loop has begun.
  pty.type('process.getBuiltinModule("fs").writeSync(1, "loops"); while (true) {}\r');
  await pty.waitFor((screen) => screen.line(screen.cursor.y).startsWith("loops"));
  pty.type("\x03");
  await pty.waitFor(
    (screen) =>
      screen.text().includes("** (interrupted)\n", screen.text().indexOf("loops")) &&
      prompts(`moebi(${NODE})${String(next)}>`)(screen),
  );
  next = await typeSession(pty, NODE, [{ type: "kept", value: "42" }], next);
});

test.each([
  "while (true) await null",
  "for (;;) { await null; await new Promise((told) => setTimeout(told, 1)) }",
  "for await (const _ of (async function* () { while (true) yield 1 })());",
])("stops an endless loop of awaits at Ctrl+C: %s", async (loop) => {
  pty.type(`console.log("loops" + ${String(next)}); ${loop}\r`);
  const begun = `\nloops${String(next)}`;
  await pty.waitFor(begun);
  pty.type("\x03");
  await pty.waitFor(
    (screen) =>
      screen.text().includes("** (interrupted)\n", screen.text().indexOf(begun)) &&
      prompts(`moebi(${NODE})${String(next)}>`)(screen),
  );
  next = await typeSession(pty, NODE, [{ type: "kept", value: "42" }], next);
});

test("stops an endless loop of a process that was spawned at Ctrl+C: the process ends, others begin, variables are kept", async () => {
  pty.type(
    "const [one, two] = [spawn(() => { process.getBuiltinModule('fs').writeSync(1, 'loops'); while (true); }), spawn(() => { IO.puts('begins'); return receive() })]; await Process.sleep(1); IO.puts('not to come')\r",
  );
  await pty.waitFor((screen) => screen.line(screen.cursor.y).startsWith("loops"));
  pty.type("\x03");
  await pty.waitFor(
    (screen) =>
      screen.text().includes("** (interrupted)\n", screen.text().lastIndexOf("loops")) &&
      prompts(`moebi(${NODE})${String(next)}>`)(screen),
  );
  next = await typeSession(
    pty,
    NODE,
    [
      { type: "[Process.alive(one), Process.alive(two)]", value: "[false, true]" },
      { type: "Process.exit(two, 'kill')", value: "true" },
      { type: "kept", value: "42" },
    ],
    next,
  );
  expect(pty.screen.text()).toContain("\nbegins\n");
  expect(pty.screen.text()).not.toContain("\nnot to come");
});

test("a read that Ctrl+C stopped does not come back", async () => {
  pty.type('IO.gets("asked> ")\r');
  await pty.waitFor((screen) => screen.line(screen.cursor.y) === "asked>");
  pty.type("\x03");
  await pty.waitFor(prompts(`moebi(${NODE})${String(next)}>`));
  next = await typeSession(
    pty,
    NODE,
    [
      { type: "Process.sleep(1)", value: '"ok"' },
      { type: "kept", value: "42" },
    ],
    next,
  );
});

test("goes on when what was typed has closed a readline of its own", async () => {
  pty.type('import { createInterface } from "node:readline"\r');
  await pty.waitFor(prompts(`moebi(${NODE})${String(++next)}>`));
  pty.type("createInterface({ input: process.stdin, output: process.stdout }).close()\r");
  await pty.waitFor(prompts(`moebi(${NODE})${String(++next)}>`));
  next = await typeSession(pty, NODE, [{ type: "kept", value: "42" }], next);
});

test("IEX-010: says that the shell's process died, above what is half typed, and begins again at 1 with the variables", async () => {
  next = await typeSession(
    pty,
    NODE,
    [
      {
        type: 'const doomed = spawnLink(async () => { await new Promise((told) => process.once("SIGUSR2", told)); exit("boom") })',
        value: "#PID<…>",
      },
    ],
    next,
  );
  next = await typeSession(pty, NODE, [{ type: "self()", value: "#PID<…>" }], next);
  const [before] = pty.screen.upToCursor().match(/#PID<[\d.]+>(?=\n[^\n]*$)/) ?? [];
  // It is told from outside, once the next statement is half typed.
  pty.type("ke");
  await pty.waitFor((screen) => screen.line(screen.cursor.y).startsWith(`moebi(${NODE})${String(next)}> ke`));
  pty.kill("SIGUSR2");
  await pty.waitFor(`** (EXIT from ${String(before)}) shell process exited with reason: "boom"`);
  // Behind the cursor stands, dim, what an earlier statement went on with.
  const half = `moebi(${NODE})1> ke`;
  await pty.waitFor((screen) => screen.cursor.x === half.length && screen.line(screen.cursor.y).startsWith(half));
  pty.type("pt\r");
  await pty.waitFor((screen) => screen.upToCursor().endsWith(`moebi(${NODE})1> kept\n42\nmoebi(${NODE})2>`));
  next = await typeSession(pty, NODE, [{ type: "self()", value: "#PID<…>" }], 2);
  expect(general(pty.screen.upToCursor())).toContain("(EXIT from #PID<…>)");
  const [after] = pty.screen.upToCursor().match(/#PID<[\d.]+>(?=\n[^\n]*$)/) ?? [];
  expect(after).not.toBe(before);
});

test("IEX-035: clears the screen", async () => {
  pty.type("clear()\r");
  next++;
  await pty.waitFor((screen) => screen.line(0).startsWith('"ok"') || screen.line(0).startsWith("moebi"));
  await pty.waitFor(prompts(`moebi(${NODE})${String(next)}>`));
});

test("ends at Ctrl+D with status 0, whatever has failed before", async () => {
  pty.type("\x04");
  expect(await pty.exited).toMatchObject({ code: 0 });
});

test("what is typed while the program starts is a statement for each Enter", async () => {
  await using host = await newHost();
  await using pty = host.open(["--sname", "early@localhost"]);
  // The terminal is not the prompt's yet, and makes newlines of them.
  pty.type("const early = 40\rearly + 2\r");
  await pty.waitFor("\n42\n");
  await pty.waitFor(prompts("moebi(early@localhost)3>"));
});
