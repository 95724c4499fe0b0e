import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPty, type Pty } from "../support/pty.ts";
import type { CellStyle, Screen } from "../support/screen.ts";

const program = new URL("fixtures/echo-shell.ts", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "moebi-editing-"));
const up = "\x1b[A";
const left = "\x1b[D";
const right = "\x1b[C";

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** A shell that echoes, and the number of its prompt. */
class Session {
  readonly pty: Pty;
  count = 1;

  constructor(columns: number, rows: number, settings: object, env: Readonly<Record<string, string | undefined>> = {}) {
    this.pty = openPty([program], {
      columns,
      rows,
      env: { ECHO_SETTINGS: JSON.stringify(settings), NO_COLOR: undefined, ...env },
    });
  }

  get prompt(): string {
    return `moebi(${String(this.count)})> `;
  }

  /** Waits until the line of the cursor is the prompt with `text`, and the cursor is where `text` has a `|`, if it has one. */
  async shows(text = ""): Promise<void> {
    const at = text.indexOf("|");
    const line = `${this.prompt}${text.replace("|", "")}`.trimEnd();
    await this.pty.waitFor(
      ({ cursor, line: lineOf }: Screen) =>
        lineOf.call(this.pty.screen, cursor.y) === line && (at < 0 || cursor.x === this.prompt.length + at),
    );
  }

  /** Submits what is typed, and waits until it was echoed. */
  async submit(source: string): Promise<void> {
    this.pty.type("\r");
    this.count++;
    await this.pty.waitFor((screen) => screen.scrollback().includes(`= ${JSON.stringify(source)}`));
    await this.shows();
  }

  /** The cell `column` cells behind the prompt, in the line of the cursor. */
  cell(column: number): CellStyle {
    return this.pty.screen.cell(this.prompt.length + column, this.pty.screen.cursor.y);
  }
}

describe("a small terminal, Emacs's keys", () => {
  let session: Session;

  beforeAll(async () => {
    const editor = join(directory, "editor.sh");
    writeFileSync(
      editor,
      'case "$(cat "$1")" in fail*) exit 3;; esac\necho "editing here"\nread key\necho "$key()" > "$1"\n',
    );
    session = new Session(
      40,
      10,
      // No Escape is typed here: a machine that stalls between two bytes makes no key of it.
      { keys: { "ctrl+o": "newline" }, escapeDelay: 60_000 },
      { VISUAL: `sh ${editor}`, ECHO_HISTORY: join(directory, "history") },
    );
    await session.shows();
  });

  beforeEach(async () => {
    session.pty.type("\x05\x15");
    await session.shows();
  });

  afterAll(async () => {
    await session.pty[Symbol.asyncDispose]();
  });

  test("colours what is typed and marks the brackets at the cursor", async () => {
    session.pty.type('f("a", 1)');
    await session.shows('f("a", 1)|');
    // Drawn a little later than the text it replaces.
    await session.pty.waitFor(() => session.cell(8).underline);
    expect([session.cell(0).foreground, session.cell(2).foreground, session.cell(7).foreground]).toEqual([-1, 2, 13]);
    expect([session.cell(1).underline, session.cell(8).bold, session.cell(2).underline]).toEqual([true, true, false]);
    await session.submit('f("a", 1)');
    const typed = session.pty.screen.cursor.y - 2;
    expect(session.pty.screen.cell(session.prompt.length + 2, typed).foreground).toBe(2);
  });

  test("offers the rest of a statement dim, and takes it at Right", async () => {
    session.pty.type("send(kate, 1)");
    await session.submit("send(kate, 1)");
    session.pty.type("sen");
    await session.shows("sen|d(kate, 1)");
    expect([session.cell(2).dim, session.cell(3).dim]).toEqual([false, true]);
    session.pty.type(right);
    await session.shows("send(kate, 1)|");
    expect(session.cell(3).dim).toBe(false);
  });

  test("submits what is typed and not what is offered", async () => {
    session.pty.type("send(kate");
    await session.shows("send(kate|, 1)");
    session.pty.type(")\r");
    session.count++;
    await session.pty.waitFor('= "send(kate)"');
  });

  test("recalls with Up what begins alike, keys one by one with their sequences cut", async () => {
    for (const source of ["spawn(a)", "self(1)", "other"]) {
      session.pty.type(source);
      await session.submit(source);
    }
    await session.pty.typeSlowly(`s${up}${up}`);
    await session.shows("spawn(a)|");
    await session.pty.typeSlowly("\x1b[1;5D!");
    await session.shows("spawn(!|a)");
  });

  test("wraps a long line and edits in the middle of it", async () => {
    const long = `[${"1234567890, ".repeat(4)}1]`;
    session.pty.type(long);
    await session.pty.waitFor((screen) => screen.text().replaceAll("\n", "").includes(long));
    session.pty.type(`\x01${right}0, `);
    await session.pty.waitFor((screen) => screen.cursor.x === session.prompt.length + 4);
    session.pty.type("\x05");
    await session.pty.waitFor((screen) => screen.line(screen.cursor.y).endsWith("1]"));
    await session.submit(`[0, ${long.slice(1)}`);
  });

  test("scrolls a block that is taller than the screen", async () => {
    session.pty.type(Array.from({ length: 14 }, (_, line) => `line${String(line)}`).join("\x0f"));
    await session.pty.waitFor((screen) => screen.line(screen.cursor.y).endsWith("line13"));
    expect(session.pty.screen.text()).not.toContain("line0\n");
    session.pty.type("\x1b<");
    await session.shows("|line0");
    session.pty.type("\x03");
  });

  test("keeps cells and cursor together over wide, accented, right-to-left and invisible characters", async () => {
    session.pty.type("日é שלום");
    await session.shows("日é שלום");
    expect(session.pty.screen.cursor.x).toBe(session.prompt.length + 8);
    session.pty.type(`${left}${left}x\u202e`);
    await session.pty.waitFor(String.raw`שלx\u202eום`);
    expect(session.pty.screen.cursor.x).toBe(session.prompt.length + 13);
    session.pty.type("\x7f\x7f");
    await session.shows("日é שלום");
    expect(session.pty.screen.cursor.x).toBe(session.prompt.length + 6);
  });

  // The emulator joins nothing, and Ink counts what is joined.
  test("keeps them together behind emoji that the terminal does not join", async () => {
    const behind = (): (readonly [number, string])[] => [2, 5, 6].map((column) => [column, session.cell(column).text]);
    session.pty.type("👨‍👩‍👧x🇩🇪y");
    await session.pty.waitFor(({ cursor }) => cursor.x === session.prompt.length + 6);
    expect(behind()).toEqual([
      [2, "x"],
      [5, "y"],
      [6, ""],
    ]);
    session.pty.type(`${left}z`);
    await session.pty.waitFor(({ cursor }) => cursor.x === session.prompt.length + 6 && session.cell(5).text === "z");
    expect(session.cell(6).text).toBe("y");
    session.pty.type("\x7f\x7f\x7f");
    await session.pty.waitFor(({ cursor }) => cursor.x === session.prompt.length + 2 && session.cell(2).text === "y");
    expect([3, 4, 5, 6].map((column) => session.cell(column).text)).toEqual(["", "", "", ""]);
    session.pty.type("\x03");
    await session.shows();
  });

  test("says how to leave a block that stays open", async () => {
    session.pty.type("f(\r\r");
    await session.pty.waitFor("(unfinished: Ctrl+C gives the block up;");
    session.pty.type("\x03");
    await session.shows();
    expect(session.pty.screen.text()).not.toContain("unfinished");
  });

  test("shows the last value before an operator that begins a statement", async () => {
    session.pty.type(".length");
    await session.submit("v().length");
    expect(session.pty.screen.text()).toContain("> v().length\n");
  });

  test("lends the terminal to the person's editor", async () => {
    session.pty.type("first\x18\x05");
    await session.pty.waitFor("editing here");
    session.pty.type("kate\r");
    await session.shows("kate()|");
    session.pty.type("!");
    await session.submit("kate()!");
    session.pty.type("fail\x18\x05");
    await session.pty.waitFor((screen) => screen.text().includes("ended with 3"));
    await session.pty.waitFor((screen) => screen.line(screen.cursor.y) === `${session.prompt}fail`);
  });

  test("keeps what is typed while something runs", async () => {
    session.pty.type("busy 300\r");
    await session.pty.waitFor("busy now");
    session.pty.type(`ab${left}x`);
    session.count++;
    await session.shows("ax|b");
  });
});

describe("a large terminal, vi's keys", () => {
  let session: Session;

  beforeAll(async () => {
    session = new Session(200, 60, { editing: "vi", colors: false });
    await session.shows();
  });

  afterAll(async () => {
    await session.pty[Symbol.asyncDispose]();
  });

  test("shows the mode by the shape of the cursor", async () => {
    await session.pty.waitFor((screen) => screen.cursorShape === 6);
    session.pty.type("one two");
    await session.shows("one two|");
    session.pty.type("\x1b");
    await session.shows("one tw|o");
    await session.pty.waitFor((screen) => screen.cursorShape === 2);
  });

  test("takes commands in one chunk and key by key", async () => {
    session.pty.type("0dwA three\x1b");
    await session.shows("two thre|e");
    await session.pty.typeSlowly("bcw");
    await session.shows("two |");
    await session.pty.typeSlowly("four");
    await session.shows("two four|");
    expect(session.cell(0).foreground).toBe(-1);
    await session.submit("two four");
  });

  test("gives the cursor its own shape back at the end", async () => {
    session.pty.type("\x04");
    await session.pty.exited;
    expect(session.pty.screen.cursorShape).toBe(0);
  });
});
