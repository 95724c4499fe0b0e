import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, newHost, prompts } from "../support/moebi.ts";
import type { Pty } from "../support/pty.ts";
import type { Screen } from "../support/screen.ts";

const down = "\x1b[B";
const up = "\x1b[A";

let host: Host;

beforeAll(async () => {
  host = await newHost();
  await mkdir(join(host.home, ".config", "moebi"), { recursive: true });
  await host.file(".config/moebi/settings.json", '{ "completeWhileTyping": true, "suggestions": false }');
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

/** Where a person's files are is for this host's home alone to say. */
const env = { XDG_CONFIG_HOME: undefined } as unknown as Record<string, string>;

async function opened(columns = 100, rows = 30): Promise<Pty> {
  const pty = host.open([], { columns, rows, env });
  await pty.waitFor(prompts("moebi(1)>"));
  return pty;
}

/** The rows below the line that is typed, without the one that tells of the node. */
function below(screen: Screen, rows: number): string[] {
  const all: string[] = [];
  for (let row = screen.cursor.y + 1; row < rows && screen.line(row) !== ""; row++) all.push(screen.line(row));
  return all.filter((line) => !line.includes("peer"));
}

/** Whether `line` is typed, and what is below it is as `expected` says. */
function shows(line: string, expected: (rows: readonly string[]) => boolean, rows = 30) {
  return (screen: Screen): boolean => screen.line(screen.cursor.y) === line && expected(below(screen, rows));
}

const nothing = (rows: readonly string[]): boolean => rows.length === 0;
const are =
  (...wanted: string[]) =>
  (rows: readonly string[]): boolean =>
    rows.join("\n") === wanted.join("\n");

describe("completeWhileTyping", () => {
  test.each([
    [40, 10],
    [200, 60],
  ])("shows what Tab would list, on %i by %i in a third of the screen; keys go into it and out", async (...size) => {
    const [columns, rows] = size;
    const pty = await opened(columns, rows);
    const most = Math.floor(rows / 3);
    await pty.typeSlowly("Process.");
    await pty.waitFor(
      shows(
        "moebi(1)> Process.",
        (lines) => lines.length === most && lines[0] === "  alias" && /^ {2}… \d+ more$/u.test(lines.at(-1) ?? ""),
        rows,
      ),
    );
    await pty.typeSlowly(`\t${down}`);
    await pty.waitFor(
      shows(
        "moebi(1)> Process.",
        (lines) => lines.length === most && lines.some((line) => line.startsWith("> alive        (pid: Pid): bool")),
        rows,
      ),
    );
    // NO_COLOR is set.
    const at = pty.screen.cursor.y + 1 + below(pty.screen, rows).findIndex((line) => line.startsWith(">"));
    expect(pty.screen.cell(2, at)).toMatchObject({ foreground: -1, background: -1, bold: true, dim: false });
    pty.type("\r");
    await pty.waitFor(shows("moebi(1)> Process.alive", nothing, rows));
    pty.type("(self())\r");
    await pty.waitFor("\ntrue\n");
    await pty.waitFor(prompts("moebi(2)>"));
    const text = pty.screen.text();
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(text).not.toContain("more");
  });

  test("Enter submits without a choice, a further character takes one, Escape closes it, Up is the history's", async () => {
    const pty = await opened();
    pty.type("const apple = 1, apricot = 2\r");
    await pty.waitFor(prompts("moebi(2)>"));
    pty.type("ap");
    const both = are("  apple", "  apricot");
    await pty.waitFor(shows("moebi(2)> ap", both));
    pty.type("\t\t+ 1\r");
    await pty.waitFor("moebi(2)> apricot+ 1\n3\nmoebi(3)>");
    pty.type("1 + ap");
    await pty.waitFor(shows("moebi(3)> 1 + ap", both));
    pty.type("\x1b");
    await pty.waitFor(shows("moebi(3)> 1 + ap", nothing));
    // Another word.
    pty.type("ple + ap");
    await pty.waitFor(shows("moebi(3)> 1 + apple + ap", both));
    pty.type("ple\r");
    await pty.waitFor("moebi(3)> 1 + apple + apple\n3\nmoebi(4)>");
    pty.type("ap");
    await pty.waitFor(shows("moebi(4)> ap", both));
    pty.type(up);
    await pty.waitFor(shows("moebi(4)> apricot+ 1", nothing));
    pty.type("\x03ap");
    await pty.waitFor(shows("moebi(4)> ap", both));
    pty.type("\r");
    await pty.waitFor("** (ReferenceError) ap is not defined");
    await pty.waitFor(shows("moebi(4)>", nothing));
    pty.type("ap");
    await pty.waitFor(shows("moebi(4)> ap", both));
    pty.type("\x03");
    await pty.waitFor(shows("moebi(4)>", nothing));
  });

  test("no key is lost or waits where they come in one chunk, and a paste shows nothing", async () => {
    const pty = await opened();
    pty.type("const one = 1\rone + one\rObject.is(one, one)\r");
    await pty.waitFor("moebi(2)> one + one\n2\nmoebi(3)> Object.is(one, one)\ntrue\nmoebi(4)>");
    await pty.typeSlowly("one + one + one\r");
    await pty.waitFor("moebi(4)> one + one + one\n3\nmoebi(5)>");
    pty.paste("Process.al");
    // Behind the paste, and behind what it might have asked for.
    pty.type("ive;Process.al");
    await pty.waitFor(shows("moebi(5)> Process.alive;Process.al", are("  alias", "  alive")));
    pty.type("\x03");
    await pty.waitFor(shows("moebi(5)>", nothing));
  });

  test("counts the cells of wide names, and fits what is there when the screen becomes small", async () => {
    const pty = await opened();
    pty.type("const 名前 = 'n', 名 = 1, 名字 = 2\r");
    await pty.waitFor(prompts("moebi(2)>"));
    pty.type("名");
    await pty.waitFor(shows("moebi(2)> 名", are("  名", "  名前", "  名字")));
    pty.type("\t\t");
    await pty.waitFor(shows("moebi(2)> 名", are("  名", "> 名前  string", "  名字")));
    expect(pty.screen.cursor.x).toBe("moebi(2)> ".length + 2);
    pty.resize(30, 8);
    await pty.waitFor(shows("moebi(2)> 名", are("> 名前  string", "  … 2 more"), 8));
    pty.type("\r");
    await pty.waitFor(shows("moebi(2)> 名前", nothing, 8));
  });

  test("is off until it is set, at once where that is done at the prompt", async () => {
    await using own = await newHost();
    const pty = own.open([], { env });
    await pty.waitFor(prompts("moebi(1)>"));
    pty.type("const apple = 1, apricot = 2\r");
    await pty.waitFor(prompts("moebi(2)>"));
    pty.type("ap\t");
    // What Tab lists has no margin.
    await pty.waitFor(shows("moebi(2)> ap", are("apple    apricot"), 40));
    pty.type("\x03configure({ completeWhileTyping: true }); 1\r");
    await pty.waitFor(prompts("moebi(3)>"));
    pty.type("ap");
    await pty.waitFor(shows("moebi(3)> ap", are("  apple", "  apricot"), 40));
  });
});

describe("completeWhileTyping in a shell on another node", () => {
  test("offers what is there, and nothing while that node is silent: no key waits or is lost", async () => {
    const app = await host.background("app@localhost", [
      "const Counter = { hits: 3, count(by: number) { return (this.hits += by) }, reset() { this.hits = 0 } }",
    ]);
    const pty = host.open(["--remsh", "app@localhost"], { columns: 80, rows: 30, env });
    const line = (typed: string): string => `moebi(app@localhost)1> ${typed}`;
    await pty.waitFor(prompts(line("").trimEnd()));
    const members = are("  count", "  hits", "  reset");
    pty.type("Counter.");
    // The other node may need longer for the first answers than is waited for.
    const shown = shows(line("Counter."), members);
    while (!shown(pty.screen)) {
      pty.type("\x7f");
      await pty.waitFor(shows(line("Counter"), () => true));
      pty.type(".");
      await pty.waitFor(shows(line("Counter."), () => true));
    }
    await pty.waitFor("app@localhost · no peers");
    app.kill("SIGSTOP");
    try {
      pty.type("\x15Counter.");
      await pty.waitFor(shows(line("Counter."), nothing));
      await pty.waitFor("app@localhost does not answer");
      await pty.waitFor(shows(line("Counter."), (rows) => rows.every((row) => row.includes("does not answer"))));
      await pty.typeSlowly("coun");
      await pty.waitFor(shows(line("Counter.coun"), (rows) => rows.every((row) => row.includes("does not answer"))));
      pty.type("t(4) + 1\r");
      await pty.waitFor((screen) => screen.text().includes(`${line("Counter.count(4) + 1")}\n`));
    } finally {
      app.kill("SIGCONT");
    }
    await pty.waitFor("\n8\n");
  });
});
