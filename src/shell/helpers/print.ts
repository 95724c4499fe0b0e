import { IO } from "../../io/io.ts";
import { escapeControls } from "../../term/escape.ts";

/** What a helper gives that has printed what it has to say: the prompt shows nothing more. */
export const PRINTED: unique symbol = Symbol("printed");

/** Prints lines at the caller's group leader, with whatever could steer the terminal escaped. */
export async function print(...lines: readonly string[]): Promise<typeof PRINTED> {
  if (lines.length > 0) await IO.write(`${escapeControls(lines.join("\n"), { newlines: true })}\n`);
  return PRINTED;
}

/** Prints lines that are safe as they are, with colours perhaps. */
export async function printSafe(...lines: readonly string[]): Promise<typeof PRINTED> {
  if (lines.length > 0) await IO.write(`${lines.join("\n")}\n`);
  return PRINTED;
}

/** As many columns as the leader has, 80 where it has none. */
export async function width(): Promise<number> {
  return IO.columns().catch(() => 80);
}

/** Words in columns, read line by line. */
export function columns(words: readonly string[], width: number): string[] {
  const cell = Math.max(0, ...words.map((word) => word.length)) + 2;
  const perLine = Math.max(1, Math.floor(width / cell));
  const lines: string[] = [];
  for (let i = 0; i < words.length; i += perLine) {
    const line = words.slice(i, i + perLine).map((word) => word.padEnd(cell));
    lines.push(line.join("").trimEnd());
  }
  return lines;
}

/** Names and what is said of them, in two columns. */
export function table(rows: readonly (readonly [name: string, value: string])[]): string[] {
  const cell = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(cell)}  ${value}`.trimEnd());
}
