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
    const status = await run(command, [file], env, signal);
    // What the shell had to say, that there is no such command, stands above the prompt.
    if (status !== 0) return { problem: `(the editor ended with ${String(status)}; nothing is changed)` };
    return { source: await readFile(file, "utf8") };
  } catch (error) {
    return { problem: `(no editor: ${escapeControls((error as Error).message)})` };
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Opens a file of the person's own in their editor, at a line. Gives what went wrong, never fails. An abort ends the editor.
 */
export async function openOutside(
  path: string,
  line: number,
  { env = process.env, signal }: { readonly env?: NodeJS.ProcessEnv; readonly signal?: AbortSignal } = {},
): Promise<string | undefined> {
  try {
    const [command, ...args] = commandAt(editorCommand(env), path, line);
    const status = await run(command, args, env, signal);
    return status === 0 ? undefined : `(the editor ended with ${String(status)})`;
  } catch (error) {
    return `(no editor: ${escapeControls((error as Error).message)})`;
  }
}

/** Editors that take the line behind the name of the file, with what asks them to. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  code: ["--goto"],
  codium: ["--goto"],
  cursor: ["--goto"],
  hx: [],
  subl: [],
  zed: [],
};

/** The editor's command and arguments to show a line: as it is told in the command, or as that editor has it; most take `+12`. */
export function commandAt(command: string, path: string, line: number): [command: string, ...args: string[]] {
  if (/__(?:FILE|LINE)__/u.test(command)) {
    const told = command.replaceAll("__LINE__", String(line));
    // What stands for the file is a parameter of the shell's, so that no name of a file is read as a command.
    return told.includes("__FILE__") ? [`${told.replaceAll("__FILE__", '"$1"')} #`, path] : [told, path];
  }
  const name = /^\s*(?:\S*[\\/])?(?<name>[^\s\\/]+?)(?:\.exe)?(?:\s|$)/u.exec(command)?.groups?.["name"] ?? "";
  const behind = Object.hasOwn(BEHIND, name) ? BEHIND[name] : undefined;
  return behind === undefined ? [command, `+${String(line)}`, path] : [command, ...behind, `${path}:${String(line)}`];
}

function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<number | string> {
  const options = { env, signal, stdio: "inherit" } as const;
  const child =
    process.platform === "win32"
      ? spawn(`${command} ${args.map((arg) => `"${arg}"`).join(" ")}`, { ...options, shell: true })
      : spawn("/bin/sh", ["-c", `${command} "$@"`, command, ...args], options);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, killed) => {
      resolve(code ?? killed ?? 1);
    });
  });
}
