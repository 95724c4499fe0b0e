import { afterAll, beforeAll, expect, test } from "vitest";
import { type Host, newHost, prompts } from "../support/moebi.ts";
import type { Pty } from "../support/pty.ts";

const NODE = "alex@localhost";

let host: Host;
let pty: Pty;

// The blank behind it is there: nothing redraws the row without it.
const prompt = (number: number): ReturnType<typeof prompts> => prompts(`moebi(${NODE})${String(number)}> `);

beforeAll(async () => {
  host = await newHost();
  pty = host.open(["--sname", NODE], { env: { TERM: "dumb" } });
  await pty.waitFor(prompt(1));
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

test("a dumb terminal has a prompt, shows what is typed as the system does, and gets nothing but text", async () => {
  pty.type("[1,\r");
  await pty.waitFor(prompts(`...(${NODE})1> `));
  pty.type("2]\r");
  await pty.waitFor(prompt(2));
  expect(pty.screen.text()).toContain(`moebi(${NODE})1> [1,\n...(${NODE})1> 2]\n[1, 2]\nmoebi(${NODE})2>`);
  expect(pty.screen.pasteMode).toBe(false);
});

test("what comes while a prompt waits stands above another one", async () => {
  pty.type('const go = spawn(() => receive({ go: () => IO.puts("later") }))\r');
  await pty.waitFor(prompt(3));
  pty.type('setTimeout(() => send(go, "go"), 1), "sent"\r');
  await pty.waitFor((screen) => screen.text().includes("\nlater\n") && prompt(4)(screen));
});

test("clear() moves what is there out of sight", async () => {
  pty.type("clear()\r");
  await pty.waitFor((screen) => prompt(5)(screen) && screen.cursor.y > 0 && !screen.text().includes("later"));
  expect(pty.screen.text().trim()).toBe(`moebi(${NODE})5>`);
});

test("Ctrl+C stops what is evaluated, gives up what is typed, and leaves when it comes twice", async () => {
  pty.type('IO.puts("it runs"), await receive()\r');
  await pty.waitFor("\nit runs");
  pty.type("\x03");
  await pty.waitFor((screen) => screen.text().includes("** (interrupted)") && prompt(5)(screen));
  pty.type("[\r");
  await pty.waitFor(prompts(`...(${NODE})5> `));
  pty.type("\x03");
  await pty.waitFor((screen) => screen.line(screen.cursor.y - 1).endsWith("^C") && prompt(5)(screen));
  expect(pty.screen.text()).not.toContain("again to leave");
  pty.type("\x03");
  await pty.waitFor((screen) => screen.text().includes("again to leave") && prompt(5)(screen));
  pty.type("\x03");
  expect(await pty.exited).toEqual({ code: 0, signal: undefined });
});
