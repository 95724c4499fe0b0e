import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPty, type Pty } from "../support/pty.ts";
import type { Screen } from "../support/screen.ts";

const program = new URL("fixtures/echo-shell.ts", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "moebi-terminal-"));
const historyFile = join(directory, "history");

let pty: Pty;
let count = 1;

/** The line the cursor is in. */
const cursorLine = (screen: Screen): string => screen.line(screen.cursor.y);

/** Whether the prompt with that number waits for a statement, with `text` typed. */
function prompts(text = "", number = count): (screen: Screen) => boolean {
  const line = `moebi(${String(number)})> ${text}`.trimEnd();
  return (screen) => cursorLine(screen) === line;
}

/** Submits what is typed, and waits for the answer and the next prompt. */
async function submitted(answer: string): Promise<void> {
  count++;
  await pty.waitFor((screen) => prompts()(screen) && screen.scrollback().includes(answer));
}

beforeAll(async () => {
  // With CI in the environment Ink draws nothing of itself.
  pty = openPty([program], { columns: 60, rows: 16, env: { CI: "true", ECHO_HISTORY: historyFile } });
  await pty.waitFor(prompts());
});

beforeEach(async () => {
  await pty.waitFor(prompts());
});

afterAll(async () => {
  await pty[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

describe("typing", () => {
  test("takes several statements from one chunk", async () => {
    pty.type("one\rtwo\rthree\r");
    count += 2;
    await submitted('= "three"');
    expect(pty.screen.text()).toMatch(
      /moebi\(\d+\)> one\n= "one"\nmoebi\(\d+\)> two\n= "two"\nmoebi\(\d+\)> three\n= "three"\nmoebi/,
    );
  });

  test("takes keys that come one by one", async () => {
    await pty.typeSlowly("slowly typed\r");
    await submitted('= "slowly typed"');
  });

  test("IEX-037: edits the line with home, end, word left, delete word and delete line", async () => {
    pty.type("wrong\x15two three four\x1bb\x17\x01one \x05!\x1b[1;5D\x1b[1;5D\x1b[1;5C?\r");
    await submitted('= "one two? four!"');
  });

  test("shows wide and joined characters where they are, and the cursor behind them", async () => {
    pty.type("日本👩‍👩‍👧é");
    const start = `moebi(${String(count)})> `.length;
    await pty.waitFor(({ cursor }) => cursor.x === start + 7);
    // This emulator joins nothing: the first of a family stands for it.
    expect([0, 2, 6].map((column) => pty.screen.cell(start + column, pty.screen.cursor.y).text)).toEqual([
      "日",
      "本",
      "é",
    ]);
    expect(pty.screen.cell(start + 4, pty.screen.cursor.y).text).toContain("👩");
    pty.type("\x7f\x7f\x1b[Dx");
    await pty.waitFor(prompts("日x本"));
    expect(pty.screen.cursor.x).toBe(start + 3);
    pty.type("\r");
    await submitted('= "日x本"');
  });

  test("IEX-003: continues an incomplete statement, which stays on the screen as typed", async () => {
    const number = String(count);
    pty.type("f(\r1,\r2)\r");
    await submitted(String.raw`= "f(\n1,\n2)"`);
    expect(pty.screen.text()).toContain(`moebi(${number})> f(\n...(${number})> 1,\n...(${number})> 2)\n`);
  });

  test("IEX-004: gives an unfinished statement up at the break line", async () => {
    pty.type("f(\r#moebi:break\r");
    await submitted(String.raw`= "f(\n#moebi:break"`);
  });

  test("takes a paste of several lines as one statement, submitted by Enter only", async () => {
    pty.paste("a()\nb()\nc()\n");
    await pty.waitFor((screen) => cursorLine(screen) === `...(${String(count)})> c()`);
    pty.type("\r");
    await submitted(String.raw`= "a()\nb()\nc()"`);
  });

  test("goes on after a paste whose end never comes", async () => {
    pty.type("\x1b[200~pasted");
    await pty.waitFor(prompts("pasted"));
    pty.type(" typed\r");
    await submitted('= "pasted typed"');
  });

  test("IEX-018: completes at Tab, and lists what is possible at another", async () => {
    pty.type("sp\t");
    await pty.waitFor(prompts("spawn"));
    pty.type("\t");
    const before = `moebi(${String(count)})> spawn`.length;
    await pty.waitFor((screen) => screen.text().includes("spawnMonitor  (fun)") && screen.cursor.x === before);
    pty.type("M\t\r");
    await submitted('= "spawnMonitor"');
  });

  test("clears a line at Ctrl+C and says how to leave at an empty one", async () => {
    pty.type("half\x03");
    await pty.waitFor(prompts());
    pty.type("\x03");
    await pty.waitFor("(Ctrl+C again to leave, or Ctrl+D)");
    pty.type("stayed\r");
    await submitted('= "stayed"');
  });

  test("reads a line for IO.gets in between", async () => {
    pty.type("gets Name\r");
    await pty.waitFor((screen) => cursorLine(screen) === "Name>");
    pty.type("Kate\r");
    await submitted(String.raw`got "Kate\n"`);
  });

  test("erases the screen at Ctrl+L and keeps what is typed", async () => {
    pty.type("kept\x0c");
    await pty.waitFor(
      (screen) => screen.line(0) === `moebi(${String(count)})> kept` && screen.text() === screen.line(0),
    );
    pty.type("\r");
    await submitted('= "kept"');
  });
});

describe("output", () => {
  test("IEX-036, LOGGER-007: prints above a half-typed line, which stays usable", async () => {
    pty.type("later first|second\r");
    count++;
    await pty.waitFor(prompts());
    pty.type("half");
    await pty.waitFor(prompts("half"));
    pty.kill("SIGUSR2");
    const half = `moebi(${String(count)})> half`;
    await pty.waitFor(
      (screen) => screen.text().includes(`\nfirst\nsecond\n${half}`) && screen.cursor.x === half.length,
    );
    pty.type(" typed\r");
    await submitted('= "half typed"');
  });

  test("loses no key and no line of 10,000 printed while typing", async () => {
    pty.type("flood 10000\r");
    count++;
    await pty.waitFor("x");
    await pty.typeSlowly("typed in the flood");
    await pty.waitFor((screen) => prompts("typed in the flood")(screen) && screen.text().includes("flood done"));
    pty.type("\r");
    await submitted('= "typed in the flood"');
    const numbers = [...pty.screen.scrollback().matchAll(/^line (\d+) x{40}$/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
  });

  test("captures what user code writes to standard output and error", async () => {
    pty.type("stdout\r");
    await submitted("no newline then one\nfrom console\n");
  });

  test("ends a partial line before the next prompt", async () => {
    pty.type("partial\r");
    await submitted("partial\nmoebi");
    expect(pty.screen.line(pty.screen.cursor.y - 1)).toBe("partial");
  });

  test("draws the prompt again when the terminal is resized", async () => {
    pty.type("some words");
    await pty.waitFor(prompts("some words"));
    pty.resize(40, 12);
    pty.type(" more");
    await pty.waitFor(prompts("some words more"));
    pty.resize(70, 20);
    pty.type("!\r");
    await submitted('= "some words more!"');
    expect(pty.screen.scrollback()).toContain("partial\n");
  });

  test("leaves nothing of what a narrower terminal has folded", async () => {
    pty.type("one (\rtwo three four five six seven eight nine ten\rsix");
    await pty.waitFor((screen) => screen.text().includes("nine ten\n") && cursorLine(screen).endsWith("six"));
    pty.resize(30, 12);
    pty.type(" seven eight nine ten");
    await pty.waitFor((screen) => cursorLine(screen).endsWith("ten"));
    pty.resize(16, 12);
    pty.type("!");
    await pty.waitFor((screen) => cursorLine(screen).endsWith("!"));
    pty.resize(60, 16);
    pty.type(")\r");
    await submitted(`= "one (`);
    expect(pty.screen.scrollback().split("one (\n")).toHaveLength(2);
  });
});

describe("interrupting", () => {
  test("stops an endless loop at Ctrl+C, and the prompt goes on", async () => {
    pty.type("loop\r");
    await pty.waitFor((screen) => cursorLine(screen) === "" && screen.line(screen.cursor.y - 1) === "looping");
    pty.type("\x03");
    await submitted("** Evaluation interrupted");
    pty.type("alive\r");
    await submitted('= "alive"');
  });

  test("stops a wait at Ctrl+C", async () => {
    pty.type("wait\r");
    await pty.waitFor((screen) => screen.line(screen.cursor.y - 1) === "waiting");
    pty.type("\x03");
    await submitted("** interrupted");
  });

  test("takes a Ctrl+C typed behind a statement, in one chunk, for that statement", async () => {
    pty.type("wait\r\x03after\r");
    count++;
    await submitted('= "after"');
    expect(pty.screen.text()).toMatch(/waiting\n\*\* interrupted\nmoebi\(\d+\)> after\n/);
  });

  test("keeps what is typed while synchronous code runs, Enter included", async () => {
    pty.type("busy 500\r");
    await pty.waitFor("busy now");
    pty.type("ahead\r");
    count++;
    await submitted('= "ahead"');
  });

  test("lives on at a stray SIGINT, as at Ctrl+C", async () => {
    pty.type("half");
    await pty.waitFor(prompts("half"));
    pty.kill("SIGINT");
    await pty.waitFor(prompts());
  });
});

describe("history", () => {
  test("recalls a block as it was typed, in a later session", async () => {
    pty.type("findable\r");
    await submitted('= "findable"');
    pty.type("g(\r7)\r");
    await submitted(String.raw`= "g(\n7)"`);
    pty.type(" unsaved\r");
    await submitted('= " unsaved"');
    await using later = openPty([program], { env: { ECHO_HISTORY: historyFile } });
    await later.waitFor(prompts("", 1));
    later.type("\x1b[A");
    await later.waitFor((screen) => cursorLine(screen) === "...(1)> 7)");
    later.type("\r");
    await later.waitFor(String.raw`= "g(\n7)"`);
    later.type("\x12finda");
    await later.waitFor("moebi(2)> findable\nsearch: finda");
  });
});
