/** A statement in the person's own editor: `$VISUAL`, `$EDITOR`, or the one the system has. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { escapeControls } from "../term/escape.ts";

/** What the editor left, or why it left nothing. */
export type EditedOutside = { readonly source: string } | { readonly problem: string };

/** The editor's command, as a shell reads it: it may have arguments. */
export function editorCommand(env: NodeJS.ProcessEnv = process.env): string {
  return env["VISUAL"]?.trim() || env["EDITOR"]?.trim() || (process.platform === "win32" ? "notepad" : "vi");
}

/**
 * Has `source` edited in a file that nobody else can read and that is gone afterwards. The editor has the terminal, which
 * the caller has let go of. Never fails: what went wrong is a `problem`. An abort ends the editor.
 */
export async function editOutside(
  source: string,
  { env = process.env, signal }: { readonly env?: NodeJS.ProcessEnv; readonly signal?: AbortSignal } = {},
): Promise<EditedOutside> {
  const command = editorCommand(env);
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), "moebi-"));
    const file = join(folder, "statement.ts");
    await writeFile(file, `${source}\n`, { mode: 0o600, flag: "wx" });
    const status = await run(command, file, env, signal);
    // What the shell had to say, that there is no such command, stands above the prompt.
    if (status !== 0) return { problem: `(the editor ended with ${String(status)}; nothing is changed)` };
    return { source: await readFile(file, "utf8") };
  } catch (error) {
    return { problem: `(no editor: ${escapeControls((error as Error).message)})` };
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function run(command: string, file: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<number | string> {
  const options = { env, signal, stdio: "inherit" } as const;
  const child =
    process.platform === "win32"
      ? spawn(`${command} "${file}"`, { ...options, shell: true })
      : spawn("/bin/sh", ["-c", `${command} "$@"`, command, file], options);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, killed) => {
      resolve(code ?? killed ?? 1);
    });
  });
}
