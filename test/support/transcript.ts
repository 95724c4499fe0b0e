import { expect } from "vitest";
import type { Host } from "./moebi.ts";
import { prompts } from "./moebi.ts";
import type { Pty } from "./pty.ts";

/** One statement of a session, and what is to be seen for it. */
export interface Turn {
  /** As typed, line by line. */
  readonly type: string;
  /** What a person sees on the screen before typing it. */
  readonly once?: string;
  /** The value's line. `#PID<…>` stands for any pid, `#Ref<…>` for any reference. */
  readonly value?: string;
  /** What a process prints meanwhile, before the value or after it. */
  readonly printed?: readonly string[];
  /** The lines of a failure. */
  readonly fails?: readonly string[];
}

/** Replaces what differs from run to run. */
export function general(text: string): string {
  return text.replace(/#PID<\d+\.\d+\.\d+>/g, "#PID<…>").replace(/#Ref<\d+(\.\d+)+>/g, "#Ref<…>");
}

/** The lines a turn shows, sorted: a process's output and a value may come in either order. */
function linesOf({ value, printed = [], fails = [] }: Turn): string[] {
  return [...printed, ...(value === undefined ? [] : value.split("\n")), ...fails].sort();
}

/** Types a session at a terminal that shows its first prompt; each turn is judged by the screen. Gives the number of the next prompt. */
export async function typeSession(pty: Pty, node: string, turns: readonly Turn[], first = 1): Promise<number> {
  let counter = first;
  await pty.waitFor(prompts(`moebi(${node})${String(counter)}>`));
  for (const turn of turns) {
    const [start = "", ...rest] = turn.type.split("\n");
    const typed = [
      `moebi(${node})${String(counter)}> ${start}`,
      ...rest.map((line) => `...(${node})${String(counter)}> ${line}`),
    ];
    if (turn.once !== undefined) await pty.waitFor(turn.once);
    pty.type(`${turn.type.replaceAll("\n", "\r")}\r`);
    if (turn.fails === undefined) counter++;
    const next = `moebi(${node})${String(counter)}>`;
    const wanted = linesOf(turn);
    let shown: string[] = [];
    await pty.waitFor((screen) => {
      const lines = general(screen.scrollback()).split("\n");
      // Where it was typed last, with its prompts; a copy still being edited is not followed by anything.
      const at = lines.findLastIndex((_, index) =>
        typed.every((line, offset) => lines[index + offset] === line.trimEnd()),
      );
      // What stands below the prompt is not of the session.
      shown = at < 0 ? [] : lines.slice(at + typed.length, lines.lastIndexOf(next)).filter((line) => line !== next);
      return at >= 0 && prompts(next)(screen) && shown.length >= wanted.length;
    });
    expect([...shown].sort(), turn.type).toEqual(wanted);
  }
  return counter;
}

/** Runs a session without a terminal, and judges standard output, standard error and the exit status. */
export async function runSession(
  host: Host,
  args: readonly string[],
  turns: readonly Turn[],
  by: "input" | "file",
): Promise<void> {
  const source = turns.map(({ type }) => `${type}\n`).join("");
  const file = by === "file" ? await host.file("session.ts", source) : undefined;
  const { stdout, stderr, status } =
    file === undefined ? await host.run(args, source) : await host.run([...args, file]);
  const out = turns.flatMap(({ fails: _, ...turn }) => linesOf(turn));
  expect(general(stdout).split("\n").filter(Boolean).sort(), stderr).toEqual(out.sort());
  const errors = stderr.split("\n").filter(Boolean);
  // A file's statements have a place that is worth telling.
  const places = errors.filter((line) => file !== undefined && line.startsWith(`    at ${file}:`));
  const failing = turns.flatMap(({ fails, type }, i) => {
    const line = turns.slice(0, i).reduce((sum, before) => sum + before.type.split("\n").length, 1);
    return fails === undefined ? [] : type.split("\n").map((_, below) => line + below);
  });
  for (const place of places) expect(failing).toContain(Number(place.split(":").at(-2)));
  expect(
    general(errors.filter((line) => !places.includes(line)).join("\n"))
      .split("\n")
      .filter(Boolean),
  ).toEqual(turns.flatMap(({ fails = [] }) => fails));
  expect(status).toBe(turns.some(({ fails }) => fails) ? 1 : 0);
}
