import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, newHost, program, prompts } from "../support/moebi.ts";
import { Pty } from "../support/pty.ts";

const MENU = " -->";
const HERE = (n: number): string => `moebi(alex@localhost)${String(n)}>`;

let host: Host;

beforeAll(async () => {
  host = await newHost();
  await host.background("other@localhost", ["const Only = { there: () => 'told by ' + node() }"]);
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

describe("the shells of a terminal", () => {
  test("start, are chosen and end in the menu of Ctrl+G; Ctrl+Z and fg give the terminal away and take it back", async () => {
    // A plain shell sets no modes of the terminal by itself: what it has are those it was left with.
    await using pty = new Pty("sh", ["-i"], {
      columns: 100,
      rows: 50,
      cwd: host.home,
      env: { ...host.env, PS1: "sh>", ENV: undefined, NODE: process.execPath, PROGRAM: program },
    });
    const menu = async (command: string): Promise<void> => {
      pty.type("\x07");
      await pty.waitFor(prompts(MENU));
      pty.type(`${command}\r`);
    };
    await pty.waitFor(prompts("sh>"));
    pty.type('clear; "$NODE" "$PROGRAM" --sname alex@localhost\r');
    await pty.waitFor(prompts(HERE(1)));

    pty.type("const mine = 'of the first'\r");
    await pty.waitFor(prompts(HERE(2)));
    pty.type("mine.length + ");
    await pty.waitFor(prompts(`${HERE(2)} mine.length +`));
    await menu("s");
    await pty.waitFor(prompts(MENU));
    pty.type("j\r");
    await pty.waitFor(`${MENU} j\n   1  shell\n   2* shell\n${MENU}`);
    pty.type("c\r");
    await pty.waitFor(prompts(HERE(1)));
    pty.type("mine\r");
    await pty.waitFor("** (ReferenceError) mine is not defined");
    await pty.waitFor(prompts(HERE(1)));

    // What was typed there waits there.
    await menu("c 1");
    await pty.waitFor(prompts(`${HERE(2)} mine.length +`));
    pty.type("30\r");
    await pty.waitFor("\n42\n");
    await pty.waitFor(prompts(HERE(3)));

    await menu("k 2");
    await pty.waitFor(prompts(MENU));
    pty.type("r 'other@localhost'\r");
    await pty.waitFor((screen) => screen.line(screen.cursor.y - 1) === `${MENU} r 'other@localhost'`);
    pty.type("j\r");
    await pty.waitFor(`${MENU} j\n   1  shell\n   3* shell on other@localhost\n${MENU}`);
    pty.type("c\r");
    await pty.waitFor(prompts("moebi(other@localhost)1>"));
    // The row below tells of the node whose prompt it is.
    await pty.waitFor((screen) => screen.line(screen.cursor.y + 1).startsWith("other@localhost · 1 peer"));
    pty.type("Only.there()\r");
    await pty.waitFor('"told by other@localhost"');
    await pty.waitFor(prompts("moebi(other@localhost)2>"));
    pty.type("half typed");
    await pty.waitFor(prompts("moebi(other@localhost)2> half typed"));

    pty.type("\x1a");
    await pty.waitFor(prompts("sh>"));
    expect(pty.screen.cursor.visible).toBe(true);
    expect(pty.screen.pasteMode).toBe(false);
    pty.type("clear; stty -a; echo over\r");
    await pty.waitFor("\nover\n");
    const modes = pty.screen.text();
    for (const mode of ["icanon", "echo", "isig"]) expect(modes).toMatch(new RegExp(`(?<!-)\\b${mode}\\b`));
    pty.type("fg\r");
    await pty.waitFor(prompts("moebi(other@localhost)2> half typed"));
    expect(pty.screen.pasteMode).toBe(true);

    // So it does in the observer, which comes back with the screen it had.
    pty.type("\x03observer()\r");
    await pty.waitFor("q leave  Tab view");
    pty.type("\x1a");
    await pty.waitFor(prompts("sh>"));
    expect([pty.screen.cursor.visible, pty.screen.pasteMode]).toEqual([true, false]);
    expect(pty.screen.text()).not.toContain("q leave");
    pty.type("echo $((40 + 2)) meanwhile; fg\r");
    await pty.waitFor("q leave  Tab view");
    expect([pty.screen.cursor.visible, pty.screen.pasteMode]).toEqual([false, true]);
    pty.type("q");
    await pty.waitFor(prompts("moebi(other@localhost)3>"));
    expect(pty.screen.text()).toContain("\n42 meanwhile\n");

    // Ctrl+D ends the remote shell; the first is there still.
    pty.type("\x03\x04");
    await pty.waitFor("*** Shell 3 has ended; this is shell 1 ***");
    await pty.waitFor(prompts(HERE(3)));
    await menu("q");
    await pty.waitFor(prompts("sh>"));
    pty.type("echo status $?; clear; stty -a; echo over\r");
    await pty.waitFor("\nover\n");
    expect(pty.screen.text()).toMatch(/(?<!-)\bicanon\b/);
    expect(pty.screen.pasteMode).toBe(false);
    expect(pty.screen.cursor.visible).toBe(true);
  });
});

test("the row below tells of a node that does not answer, and the first shell can be used meanwhile", async () => {
  const silent = await host.background("silent@localhost", []);
  await using pty = host.open(["--sname", "kate@localhost"]);
  await pty.waitFor(prompts("moebi(kate@localhost)1>"));
  pty.type("\x07");
  await pty.waitFor(prompts(MENU));
  pty.type("r silent@localhost\rc\r");
  await pty.waitFor(prompts("moebi(silent@localhost)1>"));
  await pty.waitFor("silent@localhost · 1 peer: kate");
  silent.kill("SIGSTOP");
  try {
    pty.type("1 + 1\r");
    await pty.waitFor((screen) =>
      /^silent@localhost does not answer, for \d+ s · Ctrl\+G for another shell$/m.test(screen.text()),
    );
    pty.type("\x07");
    await pty.waitFor(prompts(MENU));
    pty.type("c 1\r");
    await pty.waitFor(prompts("moebi(kate@localhost)1>"));
    pty.type("3 * 14\r");
    await pty.waitFor("\n42\n");
  } finally {
    silent.kill("SIGCONT");
  }
  // The answer comes after all.
  await pty.waitFor("\n2\n");
});

test("lines of other nodes begin with their names, if that is set", async () => {
  await using pty = host.open(["--sname", "alex@localhost"]);
  await pty.waitFor(prompts(HERE(1)));
  pty.type("configure({ nodeLabels: true }); await Node.connect('other@localhost')\r");
  await pty.waitFor(prompts(HERE(2)));
  pty.type("Node.spawn('other@localhost', () => IO.puts('one\\ntwo'))\r");
  await pty.waitFor("\nother@localhost │ one\nother@localhost │ two\n");
  pty.type("IO.puts('mine')\r");
  await pty.waitFor("\nmine\n");
});
