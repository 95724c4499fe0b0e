import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { historyPath, openHistory } from "../../src/terminal/history.ts";

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "moebi-history-"));
  path = join(directory, "moebi", "history");
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function lines(): string[] {
  return readFileSync(path, "utf8").trimEnd().split("\n");
}

describe("openHistory()", () => {
  test("keeps each statement at once, with its newlines", () => {
    openHistory({ path }).add("f(\n1)");
    expect(lines()).toEqual([JSON.stringify("f(\n1)")]);
    expect(openHistory({ path }).entries).toEqual(["f(\n1)"]);
  });

  test("O4: makes the file readable to its owner only, and its directory too", () => {
    openHistory({ path }).add("one");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  test("O4: takes the rights of others away from a file that has them", () => {
    mkdirSync(dirname(path), { mode: 0o755 });
    writeFileSync(path, "", { mode: 0o644 });
    chmodSync(path, 0o644);
    openHistory({ path }).add("one");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  test("O4: writes no statement that begins with a space, which can be recalled in its session", () => {
    const history = openHistory({ path });
    history.add("one");
    history.add(" secret");
    expect(lines()).toEqual(['"one"']);
    expect(history.entries).toEqual(["one", " secret"]);
  });

  test.each(['Node.setCookie("hush")', 'Node.setCookie("n@h", c)', "start --cookie hush", "Node.set_cookie(c)"])(
    "O4: keeps nothing of %j",
    (statement) => {
      const history = openHistory({ path });
      history.add(statement);
      expect(history.entries).toEqual([]);
      history.add("one");
      expect(lines()).toEqual(['"one"']);
    },
  );

  test("keeps a statement repeated at once only once", () => {
    const history = openHistory({ path });
    for (const statement of ["one", "one", "two", "one"]) history.add(statement);
    expect(lines()).toEqual(['"one"', '"two"', '"one"']);
  });

  test("keeps the newest, and rewrites a file that has grown too long", () => {
    mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(path, Array.from({ length: 20 }, (_, index) => `"${String(index)}"\n`).join(""), { mode: 0o600 });
    expect(openHistory({ path, limit: 10 }).entries).toEqual([
      "10",
      "11",
      "12",
      "13",
      "14",
      "15",
      "16",
      "17",
      "18",
      "19",
    ]);
    expect(lines()).toHaveLength(10);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("leaves a file alone that another session is rewriting", () => {
    mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(path, Array.from({ length: 20 }, (_, index) => `"${String(index)}"\n`).join(""), { mode: 0o600 });
    writeFileSync(`${path}.lock`, "");
    expect(openHistory({ path, limit: 10 }).entries).toHaveLength(10);
    expect(lines()).toHaveLength(20);
  });

  test("F14: warns once when it cannot be written, and goes on", () => {
    const warnings: string[] = [];
    // A directory where the file should be: nothing can be written there, whoever asks.
    mkdirSync(path, { recursive: true });
    const history = openHistory({ path, onWarning: (message) => warnings.push(message) });
    history.add("one");
    history.add("two");
    expect(warnings).toEqual([expect.stringContaining(`History can't be kept in "${path}"`)]);
    expect(history.entries).toEqual(["one", "two"]);
  });

  describe("F14, O4: on a disk that is full", () => {
    /** Adds statements with a history file that can't grow beyond 4 KiB; gives the warnings. */
    async function fill(statements: readonly string[], limit: number): Promise<string[]> {
      const source = new URL("../../src/terminal/history.ts", import.meta.url).href;
      const program = `const { openHistory } = await import(${JSON.stringify(source)});
        const warnings = [];
        const onWarning = (message) => warnings.push(message);
        const history = openHistory({ path: ${JSON.stringify(path)}, limit: ${String(limit)}, onWarning });
        for (const statement of ${JSON.stringify(statements)}) history.add(statement);
        process.stdout.write(JSON.stringify(warnings));`;
      // A block is 512 bytes.
      const limited = 'ulimit -f 8; exec "$@"';
      const node = [process.execPath, "--input-type=module", "--eval", program];
      const { stdout } = await promisify(execFile)("/bin/sh", ["-c", limited, "sh", ...node]);
      return JSON.parse(stdout) as string[];
    }

    const old = (count: number): string =>
      Array.from({ length: count }, (_, index) => `${JSON.stringify(`old ${String(index)} ${"x".repeat(90)}`)}\n`).join(
        "",
      );

    test("warns once, leaves what is in the file, and the next session goes on behind it", async () => {
      mkdirSync(dirname(path), { mode: 0o700 });
      const before = old(39);
      writeFileSync(path, before, { mode: 0o600 });
      expect(await fill(["a".repeat(500), "b".repeat(500), "c"], 100)).toEqual([
        expect.stringContaining(`History can't be kept in "${path}"`),
      ]);
      const after = readFileSync(path, "utf8");
      expect(after).toBe(before);
      // There is room again.
      const history = openHistory({ path });
      history.add("later");
      expect(openHistory({ path }).entries.slice(-2)).toEqual([JSON.parse(lines()[38] ?? ""), "later"]);
    });

    test("leaves a file as it was that it could not rewrite shorter", async () => {
      mkdirSync(dirname(path), { mode: 0o700 });
      const before = old(200);
      writeFileSync(path, before, { mode: 0o600 });
      expect(await fill(["one"], 100)).toHaveLength(1);
      expect(readFileSync(path, "utf8")).toBe(before);
    });
  });

  test("keeps what could not be written for the next statement", async () => {
    mkdirSync(path, { recursive: true });
    const history = openHistory({ path });
    history.add("one");
    history.add("two");
    await rm(path, { recursive: true });
    history.add("three");
    expect(lines()).toEqual(['"one"', '"two"', '"three"']);
  });

  test("reads what other sessions add while it is open, before what was typed here", () => {
    const here = openHistory({ path });
    const there = openHistory({ path });
    here.add("here 1");
    there.add("there 1");
    here.add("here 2");
    there.add(" there, not kept");
    expect(here.entries).toEqual(["there 1", "here 1", "here 2"]);
    expect(there.entries).toEqual(["here 1", "here 2", "there 1", " there, not kept"]);
    there.add("there 2");
    expect(here.entries).toEqual(["there 1", "there 2", "here 1", "here 2"]);
    expect(here.entries).toBe(here.entries);
    expect(openHistory({ path }).entries).toEqual(["here 1", "there 1", "here 2", "there 2"]);
  });

  test("goes on when another session rewrites the file, or empties it", () => {
    const here = openHistory({ path, limit: 4 });
    here.add("here");
    const there = openHistory({ path, limit: 4 });
    for (const n of [1, 2, 3, 4, 5, 6]) there.add(`there ${String(n)}`);
    expect(openHistory({ path, limit: 4 }).entries).toHaveLength(4);
    expect(lines()).toHaveLength(4);
    expect(here.entries).toEqual(["there 4", "there 5", "there 6", "here"]);
    writeFileSync(path, "");
    there.add("there 7");
    expect(here.entries).toEqual(["there 7", "here"]);
  });

  test("skips a line that was cut short", () => {
    mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(path, '"one"\n"tw\n"three"\n', { mode: 0o600 });
    expect(openHistory({ path }).entries).toEqual(["one", "three"]);
  });

  test("O4: loses nothing of two sessions that write at the same time", async () => {
    const source = new URL("../../src/terminal/history.ts", import.meta.url).href;
    const session = (name: string) =>
      promisify(execFile)(process.execPath, [
        "--input-type=module",
        "--eval",
        `const { openHistory } = await import(${JSON.stringify(source)});
         const history = openHistory({ path: ${JSON.stringify(path)} });
         for (let n = 0; n < 300; n++) history.add(${JSON.stringify(name)} + n);`,
      ]);
    await Promise.all([session("a"), session("b")]);
    const entries = new Set(openHistory({ path }).entries);
    for (let n = 0; n < 300; n++) expect(entries).toContain(`a${String(n)}`);
    for (let n = 0; n < 300; n++) expect(entries).toContain(`b${String(n)}`);
  });
});

describe("historyPath()", () => {
  test("follows XDG_STATE_HOME when it is absolute", () => {
    expect(historyPath({ XDG_STATE_HOME: "/state", HOME: "/home/kate" })).toBe("/state/moebi/history");
    expect(historyPath({ XDG_STATE_HOME: "state", HOME: "/home/kate" })).toBe("/home/kate/.local/state/moebi/history");
  });
});
