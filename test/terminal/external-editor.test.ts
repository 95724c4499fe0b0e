import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { editOutside, editorCommand } from "../../src/terminal/external-editor.ts";

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
