import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandAt, editOutside, editorCommand, openOutside } from "../../src/terminal/external-editor.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moebi-editor-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Edits with a command of the system's shell. */
function editWith(command: string, signal?: AbortSignal) {
  const env = { ...process.env, VISUAL: command, LOG: join(folder, "log") };
  return editOutside("one", signal ? { env, signal } : { env });
}

describe("editorCommand()", () => {
  test("is $VISUAL, or $EDITOR, or the system's own", () => {
    expect(editorCommand({ VISUAL: "code -w", EDITOR: "ed" })).toBe("code -w");
    expect(editorCommand({ VISUAL: " ", EDITOR: "ed" })).toBe("ed");
    expect(editorCommand({})).toBe(process.platform === "win32" ? "notepad" : "vi");
  });
});

describe("commandAt()", () => {
  test.each([
    ["vi", ["vi", "+12", "/a b.ts"]],
    ["emacs -nw", ["emacs -nw", "+12", "/a b.ts"]],
    ["code --wait", ["code --wait", "--goto", "/a b.ts:12"]],
    ["/usr/bin/hx", ["/usr/bin/hx", "/a b.ts:12"]],
    ["edit --at __LINE__", ["edit --at 12", "/a b.ts"]],
    ["edit __FILE__ -l __LINE__", ['edit "$1" -l 12 #', "/a b.ts"]],
  ])("%s", (command, expected) => {
    expect(commandAt(command, "/a b.ts", 12)).toEqual(expected);
  });
});

describe.skipIf(process.platform === "win32")("openOutside()", () => {
  test("runs the editor with the line and the file, whatever characters that has", async () => {
    const folder = await mkdtemp(join(tmpdir(), "moebi-outside-"));
    const told = join(folder, "told");
    const file = join(folder, "a '$(b)\".ts");
    expect(await openOutside(file, 3, { env: { ...process.env, VISUAL: `printf '%s|' > ${told}` } })).toBeUndefined();
    expect(await readFile(told, "utf8")).toBe(`+3|${file}|`);
    const own = { ...process.env, VISUAL: `printf '%s|' __FILE__ at __LINE__ > ${told}` };
    expect(await openOutside(file, 3, { env: own })).toBeUndefined();
    expect(await readFile(told, "utf8")).toBe(`${file}|at|3|`);
    await rm(folder, { recursive: true });
  });

  test("says how the editor ended, and is ended by an abort", async () => {
    expect(await openOutside("/a.ts", 1, { env: { ...process.env, VISUAL: "exit 3 #" } })).toBe(
      "(the editor ended with 3)",
    );
    const gone = new AbortController();
    const opened = openOutside("/a.ts", 1, { env: { ...process.env, VISUAL: "sleep 60 #" }, signal: gone.signal });
    gone.abort();
    expect(await opened).toMatch(/^\(no editor: /u);
  });
});

describe.skipIf(process.platform === "win32")("editOutside()", () => {
  test("gives back what the editor left in the file", async () => {
    expect(await editWith("sed -i s/one/two/")).toEqual({ source: "two\n" });
  });

  test("keeps the file to its owner, and removes it", async () => {
    await editWith('f() { ls -l "$1" | cut -c1-10 > "$LOG"; printf %s "$1" >> "$LOG"; }; f');
    const [mode, file = ""] = (await readFile(join(folder, "log"), "utf8")).split("\n");
    expect(mode).toBe("-rw-------");
    expect(file).toMatch(/statement\.ts$/);
    await expect(readdir(dirname(file))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("says that an editor failed", async () => {
    expect(await editWith("false")).toEqual({ problem: "(the editor ended with 1; nothing is changed)" });
  });

  test("says that an editor is not there", async () => {
    expect(await editWith("no-such-editor 2>/dev/null")).toMatchObject({
      problem: expect.stringContaining("ended with 127") as string,
    });
  });

  test("ends the editor when aborted", async () => {
    expect(await editWith("sleep 60 #", AbortSignal.abort())).toMatchObject({
      problem: expect.stringContaining("no editor") as string,
    });
  });
});
